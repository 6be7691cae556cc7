/** What bytes were found to say: who reads the same ones again need not compare them. */
const known = new WeakMap<Uint8Array, string>();
const decoder = new TextDecoder();

/** A text as it lies in a file. */
export function bytesOf(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  known.set(bytes, text);
  return bytes;
}

export function isText(bytes: Uint8Array, text: string): boolean {
  if (known.get(bytes) === text) return true;
  const isSame = Buffer.from(text).equals(bytes);
  if (isSame) known.set(bytes, text);
  return isSame;
}

/** What bytes say; what is no UTF-8 among them is replaced. */
export function textOf(bytes: Uint8Array): string {
  return known.get(bytes) ?? decoder.decode(bytes);
}
