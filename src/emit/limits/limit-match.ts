import type { JsonObject } from '../../parse/document.js';
import type { TextPattern } from '../../parse/traffic/settings.js';
import type { RouteMatch } from '../../resolve/resolved-traffic.js';
import { escapeRegExp } from '../../util/escape-reg-exp.js';

/** What headers must look like, all of them; Envoy has the path with its query among them. */
export function headerMatchers({ paths, methods, headers }: RouteMatch): JsonObject[] {
  return [
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

function alternatives(patterns: readonly TextPattern[], rest: string): string {
  return patterns
    .map(({ kind, value }) => {
      const text = escapeRegExp(value);
      if (kind === 'prefix') return `${text}${rest}`;
      return kind === 'suffix' ? `${rest}${text}` : kind === 'any' ? rest : text;
    })
    .join('|');
}
