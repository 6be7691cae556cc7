import type { HeaderTests } from '../../mesh/limits/header-match.js';
import type { TextPattern } from '../../parse/traffic/settings.js';
import type { ResolvedRateLimit, RouteMatch } from '../../resolve/resolved-traffic.js';
import { escapeRegExp } from '../../util/escape-reg-exp.js';
import { localInWords, sharedInWords } from './limits-in-words.js';

/** A limit of the intents in words that are the same where the meaning is. */
export function meantInWords({ origin, requests, milliseconds, match, through, by }: ResolvedRateLimit): string {
  const amount = { requests, milliseconds };
  const headers = headersOf(match);
  if (through === undefined) return localInWords({ ...amount, headers });
  const { host, port, domain, timeout = 20, refuses } = through;
  const keys = by.map((each) => (each.kind === 'address' ? 'address' : `header ${each.name}`));
  const asked = { host, port, domain, milliseconds: timeout, refuses };
  return sharedInWords({ amount, headers, name: origin.id, keys, asked });
}

/** What must hold of the headers, of which Envoy has the method, the host and the whole path. */
function headersOf(match: RouteMatch | undefined): HeaderTests {
  const headers = new Map<string, string | undefined>();
  const { hosts = [], methods = [], paths = [], headers: named = [] } = match ?? {};
  if (hosts.length > 0) headers.set(':authority', `(?i:${hosts.map(nameOfHost).join('|')})(?::[0-9]+)?`);
  if (methods.length > 0) headers.set(':method', methods.join('|'));
  if (paths.length > 0) headers.set(':path', `(?:${oneOf(paths, withoutQuery)})(?:\\?.*)?`);
  for (const { name, values } of named) {
    const isAny = values.some(({ kind }) => kind === 'any');
    headers.set(name.value, isAny ? undefined : oneOf(values, anything));
  }
  return headers;
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
