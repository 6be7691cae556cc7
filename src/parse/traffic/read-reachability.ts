import type { Cursor } from '../cursor.js';
import type { Reachability, ReachedName } from './reachability.js';

/** What a spec says of what sidecars know; `undefined` where it says nothing. */
export function readReachability(spec: Cursor): Reachability | undefined {
  const declared = spec.optional('reachability', (node) => node.keySpan);
  const listed = spec.optional('reaches', (node) => ({ names: node.items().map(readName), span: node.keySpan }));
  const span = declared ?? listed?.span;
  return span && { isDeclared: declared !== undefined, reaches: listed?.names ?? [], span };
}

function readName(item: Cursor): ReachedName {
  const [field] = item.fields();
  const kind = field?.key as ReachedName['kind'];
  return { kind, name: item.field(kind).text() };
}
