import type { JsonObject } from '../../parse/document.js';
import type { TextPattern } from '../../parse/traffic/settings.js';
import type { RouteMatch } from '../../resolve/resolved-traffic.js';
import { escapeRegExp } from '../../util/escape-reg-exp.js';

/** What headers must look like, all of them; Envoy has the path with its query among them. */
export function headerMatchers({ hosts, paths, methods, headers }: RouteMatch): JsonObject[] {
  return [
    ...(hosts.length > 0 ? [matcher(':authority', `(?i:${hosts.map(hostName).join('|')})(?::[0-9]+)?`)] : []),
    ...(methods.length > 0 ? [matcher(':method', methods.map(escapeRegExp).join('|'))] : []),
    ...(paths.length > 0 ? [matcher(':path', `(?:${alternatives(paths, '[^?]*')})(?:\\?.*)?`)] : []),
    ...headers.map(({ name, values }) =>
      values.some(({ kind }) => kind === 'any')
        ? { name: name.value, present_match: true }
        : matcher(name.value, alternatives(values, '.*')),
    ),
  ];
}

function matcher(name: string, regex: string): JsonObject {
  return { name, string_match: { safe_regex: { regex } } };
}

/** Clients may write a host in any case and with its port, and a wildcard is for every name below. */
function hostName({ value }: RouteMatch['hosts'][number]): string {
  if (value === '*') return '.+';
  return value.startsWith('*.') ? `.+${escapeRegExp(value.slice(1))}` : escapeRegExp(value);
}

function alternatives(patterns: readonly TextPattern[], rest: string): string {
  return patterns
    .map(({ kind, value }) => {
      const text = escapeRegExp(value);
      if (kind === 'prefix') return `${text}${rest}`;
      return kind === 'suffix' ? `${rest}${text}` : kind === 'any' ? rest : text;
    })
    .join('|');
}
