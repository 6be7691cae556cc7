import type { NamedMatch } from '../route.js';
import { type Node, nodesOf } from './fields.js';

/** Headers or query parameters as the Gateway API lists them. Of a name that stands twice Istio keeps the last. */
export function listedMatches(match: Node, field: string): readonly NamedMatch[] {
  const found = nodesOf(match, field).flatMap(
    ({ value: { name, type, value } }): ReadonlyArray<[string, NamedMatch]> => {
      if (typeof name !== 'string' || typeof value !== 'string') return [];
      const kind = type === 'RegularExpression' ? 'regex' : 'exact';
      return [[name, { name, match: { kind, value }, negated: false }]];
    },
  );
  return [...new Map(found).values()];
}
