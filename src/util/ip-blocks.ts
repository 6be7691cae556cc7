interface Block {
  readonly width: 32 | 128;
  readonly value: bigint;
  readonly length: number;
}

/** Whether every address of the second block is one of the first. Both have to be well formed. */
export function coversBlock(block: string, other: string): boolean {
  const [wide, narrow] = [blockOf(block), blockOf(other)];
  if (wide.width !== narrow.width || wide.length > narrow.length) return false;
  const rest = BigInt(wide.width - wide.length);
  return wide.value >> rest === narrow.value >> rest;
}

/** The addresses that some blocks and some others have in common: of two blocks one holds the other, or they are apart. */
export function commonBlocks(left: readonly string[], right: readonly string[]): readonly string[] {
  const found = left.flatMap((one) =>
    right.flatMap((other) => (coversBlock(one, other) ? [other] : coversBlock(other, one) ? [one] : [])),
  );
  return [...new Set(found)].sort();
}

function blockOf(text: string): Block {
  const [address = '', length] = text.split('/');
  const width = address.includes(':') ? 128 : 32;
  const value = width === 32 ? joined(bytesOf(address), 8n) : joined(groupsOf(address), 16n);
  return { width, value, length: length === undefined ? width : Number(length) };
}

function joined(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);
}

function bytesOf(address: string): readonly number[] {
  return address.split('.').map(Number);
}

function groupsOf(address: string): readonly number[] {
  const [before = [], after] = address.split('::').map(wordsOf);
  if (after === undefined) return before;
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

function wordsOf(half: string): number[] {
  const parts = half === '' ? [] : half.split(':');
  return parts.flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = bytesOf(part);
    return [(a << 8) | b, (c << 8) | d];
  });
}
