import { describe, expect, it } from 'vitest';
import { bitsOf, firstOf, indexesOf } from '../../src/algebra/bits.js';
import {
  anyMember,
  boxSet,
  complement,
  contains,
  emptySet,
  equals,
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

const shape = shapeOf([2, 3, 2]);
const members = [0, 1].flatMap((first) => [0, 1, 2].flatMap((second) => [0, 1].map((third) => [first, second, third])));
/** Every member by itself: the brute force that the algebra must agree with. */
const extension = (set: RequestSet) => members.filter((member) => contains(set, member)).map(String);

const boxes = fc
  .tuple(fc.bigInt(0n, 3n), fc.bigInt(0n, 7n), fc.bigInt(0n, 3n))
  .map((box) => boxSet(shape, new Map(box.entries())));
const sets = fc.array(boxes, { maxLength: 4 }).map((all) => union(emptySet(shape), ...all));

it('bits are the indexes they were made of', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(200)), (indexes) => {
      const sorted = [...indexes].sort((left, right) => left - right);
      expect(indexesOf(bitsOf(indexes))).toEqual(sorted);
      expect(firstOf(bitsOf(indexes))).toBe(sorted[0] ?? -1);
    }),
  );
});

it('union, intersection and difference are those of the members', () => {
  fc.assert(
    fc.property(sets, sets, (left, right) => {
      const [ours, theirs] = [extension(left), extension(right)];
      expect(extension(union(left, right))).toEqual(
        members.map(String).filter((m) => ours.includes(m) || theirs.includes(m)),
      );
      expect(extension(intersect(left, right))).toEqual(ours.filter((m) => theirs.includes(m)));
      expect(extension(subtract(left, right))).toEqual(ours.filter((m) => !theirs.includes(m)));
    }),
    { numRuns: 1000 },
  );
});

it('inclusion, equality and emptiness are those of the members', () => {
  fc.assert(
    fc.property(sets, sets, (left, right) => {
      const [ours, theirs] = [extension(left), extension(right)];
      expect(includes(left, right)).toBe(theirs.every((m) => ours.includes(m)));
      expect(equals(left, right)).toBe(String(ours) === String(theirs));
      expect(isEmpty(left)).toBe(ours.length === 0);
    }),
    { numRuns: 1000 },
  );
});

it('a member of a set is in it, and only the empty set has none', () => {
  fc.assert(
    fc.property(sets, (set) => {
      const member = anyMember(set);
      expect(member === undefined ? isEmpty(set) : contains(set, member)).toBe(true);
    }),
  );
});

it('every union of two boxes of a small universe', () => {
  const small = shapeOf([2, 2]);
  const values = [0n, 1n, 2n, 3n];
  const every = values.flatMap((first) =>
    values.map((second) =>
      boxSet(
        small,
        new Map([
          [0, first],
          [1, second],
        ]),
      ),
    ),
  );
  for (const left of every) {
    for (const right of every) {
      const joined = union(left, right);
      expect(equals(subtract(joined, right), subtract(left, right))).toBe(true);
      expect(equals(intersect(joined, left), left)).toBe(true);
      const without = (set: typeof left) => subtract(fullSet(small), set);
      expect(equals(without(joined), intersect(without(left), without(right)))).toBe(true);
    }
  }
});

it('refuses to mix spaces', () => {
  expect(() => union(fullSet(shape), fullSet(shapeOf([2, 3, 2])))).toThrow('different spaces');
});

it('has equal sets as one, however they were made', () => {
  fc.assert(
    fc.property(sets, sets, (left, right) => {
      const again = union(subtract(left, right), intersect(right, left));
      expect(again.root).toBe(left.root);
      expect(complement(complement(right)).root).toBe(right.root);
    }),
    { numRuns: 500 },
  );
});

/** How many nodes a set is made of. */
function nodesIn({ root }: RequestSet): number {
  const seen = new Set([root]);
  for (const { edges } of seen) for (const { child } of edges) if (child.edges.length > 0) seen.add(child);
  return seen.size;
}

describe('what used to explode', () => {
  const count = 100;
  const twoValued = Array.from({ length: count }, () => 2);

  it('takes a node a rule where each has a path and a header of its own', () => {
    const wide = shapeOf([count, ...twoValued]);
    const rules = twoValued.map((_, rule) =>
      boxSet(
        wide,
        new Map([
          [0, 1n << BigInt(rule)],
          [rule + 1, 2n],
        ]),
      ),
    );
    const denied = union(emptySet(wide), ...rules);
    expect(nodesIn(denied)).toBe(1 + count);
    expect(nodesIn(subtract(fullSet(wide), denied))).toBe(1 + count);
  });

  it('takes a node a value where one of many is enough', () => {
    const wide = shapeOf(twoValued);
    const some = union(emptySet(wide), ...twoValued.map((_, level) => boxSet(wide, new Map([[level, 2n]]))));
    expect(nodesIn(some)).toBe(count);
    expect(nodesIn(complement(some))).toBe(count);
  });

  it('takes no more nodes than rules part in each dimension, where rules negate what they compare', () => {
    const rules = 12;
    const wide = shapeOf([rules + 1, rules + 1, rules + 1, rules + 1]);
    const not = (rule: number) => ((1n << BigInt(rules + 1)) - 1n) ^ (1n << BigInt(rule));
    const denied = Array.from({ length: rules }, (_, rule) =>
      boxSet(wide, new Map([0, 1, 2, 3].map((dimension) => [dimension, not(rule)]))),
    );
    expect(nodesIn(union(emptySet(wide), ...denied))).toBeLessThan(rules ** 3);
  });
});
