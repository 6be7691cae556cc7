import type { LocalLimit } from '../../mesh/limits/limit-patch.js';
import type { TextPattern } from '../../parse/traffic/settings.js';
import type { ResolvedRateLimit, RouteMatch } from '../../resolve/resolved-traffic.js';
import { escapeRegExp } from '../../util/escape-reg-exp.js';

/** What a limit of the intents counts, as headers of which Envoy has the method and the whole path. */
export function meantLimit({ requests, milliseconds, match }: ResolvedRateLimit): LocalLimit {
  const headers = new Map<string, string | undefined>();
  const { hosts = [], methods = [], paths = [], headers: named = [] } = match ?? {};
  if (hosts.length > 0) headers.set(':authority', `(?i:${hosts.map(nameOfHost).join('|')})(?::[0-9]+)?`);
  if (methods.length > 0) headers.set(':method', methods.join('|'));
  if (paths.length > 0) headers.set(':path', `(?:${oneOf(paths, withoutQuery)})(?:\\?.*)?`);
  for (const { name, values } of named) {
    const isAny = values.some(({ kind }) => kind === 'any');
    headers.set(name.value, isAny ? undefined : oneOf(values, anything));
  }
  return { requests, milliseconds, headers };
}

const [anything, withoutQuery] = ['.*', '[^?]*'];

/** A wildcard stands for one label or more. */
function nameOfHost({ value }: RouteMatch['hosts'][number]): string {
  const [first = '', ...rest] = value.split('.');
  if (first !== '*') return escapeRegExp(value);
  return ['.+', ...rest.map(escapeRegExp)].join('\\.');
}

function oneOf(patterns: readonly TextPattern[], rest: string): string {
  const written: Readonly<Record<TextPattern['kind'], (text: string) => string>> = {
    exact: (text) => text,
    prefix: (text) => text + rest,
    suffix: (text) => rest + text,
    any: () => rest,
    regex: (text) => text,
  };
  return patterns.map(({ kind, value }) => written[kind](escapeRegExp(value))).join('|');
}

/** A limit in words that are the same where the meaning is. */
export function limitInWords({ requests, milliseconds, headers }: LocalLimit): string {
  const tests = [...headers].map(([name, regex]) => `${name} ${regex ?? 'present'}`).sort();
  const which = tests.length === 0 ? '' : ` with ${tests.join(' and ')}`;
  return `${requests} in ${milliseconds} ms${which}`;
}
