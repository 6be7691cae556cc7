import type { Searcher } from './machine.js';

/** Tells the empty text from all others, for the matchers that match what is there at all, or what is not empty. */
export function presenceMachine(present: readonly number[], notEmpty: readonly number[]): Searcher {
  return {
    step: () => 1,
    specials: () => [],
    found: (state) => (notEmpty.length === 0 ? 1 : state),
    matchers: (found) => (found === 0 ? present : [...present, ...notEmpty]),
  };
}
