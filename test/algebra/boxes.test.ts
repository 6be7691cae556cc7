import { expect, it } from 'vitest';
import type { Bits } from '../../src/algebra/bits.js';
import { coverOf, widestBox } from '../../src/algebra/boxes.js';
import {
  boxSet,
  complement,
  emptySet,
  fullSet,
  includes,
  intersect,
  isEmpty,
  type RequestSet,
  shapeOf,
  subtract,
  union,
} from '../../src/algebra/request-set.js';
import { fc } from '../support/fast-check.js';

const shape = shapeOf([3, 3, 2]);
const box = (bits: readonly Bits[]) => boxSet(shape, new Map(bits.entries()));
const set = (...boxes: ReadonlyArray<readonly Bits[]>) => union(emptySet(shape), ...boxes.map(box));
const everything = fullSet(shape);
const cover = (given: RequestSet, real: RequestSet, limit = 100) =>
  coverOf(given, union(given, complement(real)), limit);

it.each([
  [
    'boxes that overlap are told by their widest',
    set([1n, 7n, 3n], [6n, 1n, 3n]),
    everything,
    [
      [7n, 1n, 3n],
      [1n, 7n, 3n],
    ],
  ],
  [
    'what cannot be sent is counted in',
    set([1n, 1n, 3n], [2n, 2n, 3n]),
    set([1n, 1n, 3n], [2n, 2n, 3n]),
    [[7n, 7n, 3n]],
  ],
  ['nothing stays nothing', set(), everything, []],
])('%s', (_, given, real, expected) => {
  expect(cover(given, real)).toEqual({ boxes: expected, isWhole: true });
});

it('leaves out what the others have already', () => {
  const given = set([1n, 1n, 3n], [6n, 7n, 1n], [7n, 1n, 1n]);
  expect(cover(given, everything).boxes).toEqual([
    [1n, 1n, 3n],
    [6n, 7n, 1n],
  ]);
});

it('stops where it is told to, and says so', () => {
  const given = set([1n, 1n, 1n], [2n, 2n, 2n], [4n, 4n, 1n]);
  expect(cover(given, everything, 2)).toMatchObject({ boxes: { length: 2 }, isWhole: false });
});

const boxes = fc.tuple(fc.bigInt(0n, 7n), fc.bigInt(0n, 7n), fc.bigInt(0n, 3n)).map(box);
const sets = fc.array(boxes, { maxLength: 4 }).map((all) => union(emptySet(shape), ...all));

it('covers the set, and nothing that can be sent beside it', () => {
  fc.assert(
    fc.property(sets, sets, (given, allowed) => {
      const real = union(given, allowed);
      const covered = union(emptySet(shape), ...cover(given, real).boxes.map(box));
      expect(isEmpty(subtract(given, covered)) && isEmpty(subtract(intersect(covered, real), given))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('widens a box as far as the room goes', () => {
  fc.assert(
    fc.property(sets, fc.tuple(fc.nat(2), fc.nat(2), fc.nat(1)), (given, member) => {
      const room = union(given, box(member.map((atom) => 1n << BigInt(atom))));
      const wide = widestBox(room, member);
      expect(includes(room, box(wide))).toBe(true);
      for (const [dimension, bits] of wide.entries()) {
        for (const atom of [0, 1, 2].filter((each) => each < (shape.sizes[dimension] ?? 0))) {
          const wider = wide.with(dimension, bits | (1n << BigInt(atom)));
          expect(wider[dimension] === bits || !includes(room, box(wider))).toBe(true);
        }
      }
    }),
    { numRuns: 500 },
  );
});
