import { type AddressRange, formatAddress, parseBlock } from '../mesh/ip.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import { groupBy } from '../util/order.js';
import { type Bits, bit, indexesOf, none } from './bits.js';
import type { TextAtom } from './texts/text-atoms.js';

interface Range extends AddressRange {
  /** Of the matcher whose block it is. */
  readonly index: number;
}

/** The first address of every stretch between the ends of blocks, in both families; stretches of one class are one atom. */
export function addressAtoms(matchers: readonly Matcher[]): readonly TextAtom[] {
  const ranges = matchers.flatMap((matcher, index): readonly Range[] => {
    const range = matcher.kind === 'block' ? parseBlock(matcher.block) : undefined;
    return range === undefined ? [] : [{ ...range, index }];
  });
  const atoms = new Map<Bits, TextAtom>();
  for (const bits of [32, 128] as const) {
    const own = ranges.filter((range) => range.bits === bits);
    const around = blocksAround(own);
    for (const value of [0n, ...own.map(({ start }) => start), ...own.map(({ end }) => end)]) {
      const blocks = around.get(value) ?? none;
      if (value >= 1n << BigInt(bits) || atoms.has(blocks)) continue;
      atoms.set(blocks, { text: formatAddress({ bits, value }), matched: indexesOf(blocks) });
    }
  }
  return [...atoms.values()];
}

/** The blocks around every address at which one starts or ends: from one to the next, those that end are left, and those that start entered. */
function blocksAround(ranges: readonly Range[]): ReadonlyMap<bigint, Bits> {
  const turns = groupBy(
    ranges.flatMap(({ start, end, index }) => [start, end].map((value) => ({ value, index }))),
    ({ value }) => value,
  );
  const around = new Map<bigint, Bits>();
  let inside = none;
  for (const [value, turning] of [...turns].sort(([left], [right]) => (left < right ? -1 : 1))) {
    inside = turning.reduce((bits, { index }) => bits ^ bit(index), inside);
    around.set(value, inside);
  }
  return around;
}
