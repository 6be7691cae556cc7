import { expect, it } from 'vitest';
import { asBefore, isAlike } from '../../src/util/alike.js';
import { newMemory } from '../../src/util/memory.js';

it.each([
  ['the same text', 'a', 'a', true],
  ['lists', [1, { a: ['b'] }], [1, { a: ['b'] }], true],
  ['a longer list', [1], [1, 2], false],
  ['a field that is absent, and one that is undefined', { a: undefined }, {}, false],
  ['two fields in another order, which are printed otherwise', { a: 1, b: 2 }, { b: 2, a: 1 }, false],
  ['a list and an object', [], {}, false],
  ['null and an object', null, {}, false],
  ['two maps, whatever is in them', new Map(), new Map(), false],
])('compares %s', (_, left, right, expected) => {
  expect(isAlike(left, right)).toBe(expected);
  expect(isAlike(right, left)).toBe(expected);
});

it('keeps a value while the next one says the same of the same things', () => {
  const { recall } = newMemory();
  const [thing, other] = [{}, {}];
  const first = asBefore(recall, 'thing', 'place', [thing], { says: ['a'] });
  expect(asBefore(recall, 'thing', 'place', [thing], { says: ['a'] })).toBe(first);
  expect(asBefore(recall, 'thing', 'place', [other], { says: ['a'] })).not.toBe(first);
  const next = asBefore(recall, 'thing', 'place', [thing], { says: ['b'] });
  expect(next).toEqual({ says: ['b'] });
  expect(asBefore(recall, 'thing', 'place', [thing], { says: ['b'] })).toBe(next);
});
