/** Whether a text may hold a key `toString`, be it with an escape. */
const mayNameIt = /toString|\\/;

/**
 * The value of a text, in which every mapping can become text, if only for a message. A mapping that has a key `toString`
 * could not: JavaScript calls what stands there, and throws. Such mappings are told by a symbol what they read as,
 * which nobody else sees: neither keys nor JSON have it.
 */
export function becomingText(value: unknown, text: string): unknown {
  if (mayNameIt.test(text)) mark(value, new Set());
  return value;
}

function mark(value: unknown, marked: Set<object>): void {
  if (typeof value !== 'object' || value === null || marked.has(value)) return;
  marked.add(value);
  if (Object.hasOwn(value, 'toString')) Object.defineProperty(value, Symbol.toPrimitive, { value: () => '{…}' });
  for (const each of Object.values(value)) mark(each, marked);
}
