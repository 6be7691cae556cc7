import { hashOf } from '../../../src/util/hash.js';

/** Choices that look random and are the same for the same seed, on every machine. */
export interface Dice {
  /** From 0 up to 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number from 0 up to the limit. */
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
  /** Some different ones of the items, in any order. */
  some<T>(items: readonly T[], count: number): T[];
  /** One to `most` things, without those that are the same text. */
  list<T>(make: () => T, most?: number): T[];
}

export function diceOf(seed: string): Dice {
  const next = generator(Number.parseInt(hashOf(seed).slice(8), 16));
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const some = <T>(items: readonly T[], count: number): T[] => {
    const left = [...items];
    return Array.from({ length: Math.min(count, items.length) }, () => left.splice(below(left.length), 1)[0] as T);
  };
  const list = <T>(make: () => T, most = 2): T[] => {
    const made = Array.from({ length: 1 + below(most) }, make);
    return [...new Map(made.map((each) => [JSON.stringify(each), each])).values()];
  };
  return { next, below, pick, some, list, chance: (probability) => next() < probability };
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const first = Math.imul(state ^ (state >>> 15), 1 | state);
    const second = (first + Math.imul(first ^ (first >>> 7), 61 | first)) ^ first;
    return ((second ^ (second >>> 14)) >>> 0) / 4_294_967_296;
  };
}
