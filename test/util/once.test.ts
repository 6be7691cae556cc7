import { expect, it, vi } from 'vitest';
import { once, oncePer, oncePerObject } from '../../src/util/once.js';

it('computes a value when it is asked for, and once', () => {
  const compute = vi.fn(() => undefined);
  const value = once(compute);
  expect(compute).not.toHaveBeenCalled();
  expect([value(), value()]).toEqual([undefined, undefined]);
  expect(compute).toHaveBeenCalledTimes(1);
});

it('computes a value once for each argument', () => {
  const compute = vi.fn((text: string) => text.length);
  const lengthOf = oncePer(compute);
  expect(['a', 'bb', 'a', 'bb'].map((text) => lengthOf(text))).toEqual([1, 2, 1, 2]);
  expect(compute).toHaveBeenCalledTimes(2);
});

it('takes arguments with the same key for the same', () => {
  const nameOf = oncePer(
    ({ name }: { readonly key: number; readonly name: string }) => name,
    ({ key }) => key,
  );
  expect([nameOf({ key: 1, name: 'first' }), nameOf({ key: 1, name: 'second' })]).toEqual(['first', 'first']);
});

it('computes a value once for each object, and not for its equals', () => {
  const compute = vi.fn((list: readonly number[]) => list.length);
  const lengthOf = oncePerObject(compute);
  const list = [1, 2];
  expect([lengthOf(list), lengthOf(list), lengthOf([1, 2])]).toEqual([2, 2, 2]);
  expect(compute).toHaveBeenCalledTimes(2);
});
