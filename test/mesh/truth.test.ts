import { describe, expect, it } from 'vitest';
import { allOf, anyOf, not, type Truth } from '../../src/mesh/truth.js';

describe('three-valued truth', () => {
  const truths: readonly Truth[] = ['yes', 'no', 'unknown'];
  /** What a truth may turn out to be. */
  const possible = (truth: Truth) => (truth === 'unknown' ? [true, false] : [truth === 'yes']);
  const summary = (values: readonly boolean[]): Truth => {
    if (values.every((value) => value)) return 'yes';
    return values.some((value) => value) ? 'unknown' : 'no';
  };

  it('answers only what every completion answers', () => {
    for (const left of truths) {
      expect(not(left)).toBe(summary(possible(left).map((value) => !value)));
      for (const right of truths) {
        const pairs = possible(left).flatMap((one) => possible(right).map((other) => [one, other] as const));
        expect(allOf([left, right])).toBe(summary(pairs.map(([one, other]) => one && other)));
        expect(anyOf([left, right])).toBe(summary(pairs.map(([one, other]) => one || other)));
      }
    }
  });
});
