/** A set of atoms by their index, as the bits of one number: intersection, union and difference are `&`, `|` and `& ~`. */
export type Bits = bigint;

export const none: Bits = 0n;

/** The set of the first `count` atoms. */
export function all(count: number): Bits {
  return (1n << BigInt(count)) - 1n;
}

export function bit(index: number): Bits {
  return 1n << BigInt(index);
}

export function hasBit(bits: Bits, index: number): boolean {
  return ((bits >> BigInt(index)) & 1n) === 1n;
}

/** The indexes for which a test holds. */
export function bitsWhere(count: number, holds: (index: number) => boolean): Bits {
  const indexes = Array.from({ length: count }, (_, index) => index).filter(holds);
  return bitsOf(indexes);
}

/** Built from text, since adding bits one by one to a long number is quadratic. */
export function bitsOf(indexes: readonly number[]): Bits {
  if (indexes.length < 4) return indexes.reduce((bits, index) => bits | bit(index), none);
  const last = indexes.reduce((left, right) => Math.max(left, right), 0);
  const digits: string[] = new Array(last + 1).fill('0');
  for (const index of indexes) digits[last - index] = '1';
  return BigInt(`0b${digits.join('')}`);
}

/** The members in ascending order. Most digits of a long number with few members are zero. */
export function indexesOf(bits: Bits): number[] {
  const digits = bits.toString(16);
  const indexes: number[] = [];
  for (let place = digits.length - 1; place >= 0; place--) {
    const digit = digits.charCodeAt(place);
    if (digit === zero) continue;
    const value = digit > nine ? digit - lettersFrom : digit - zero;
    for (let index = 0; index < 4; index++) {
      if ((value >> index) & 1) indexes.push((digits.length - 1 - place) * 4 + index);
    }
  }
  return indexes;
}

// The digits of a hexadecimal number, as characters.
const zero = 48;
const nine = 57;
const lettersFrom = 87;

/** The lowest member, or -1 of the empty set. */
export function firstOf(bits: Bits): number {
  return bits === none ? -1 : (bits & -bits).toString(2).length - 1;
}
