import type { Constants } from './constants.js';

/**
 * How large the sets of one space may get: edges of nodes that are made, the longer ones counted more, and pairs of nodes
 * that are compared. The same input always comes to the same count, on any machine.
 */
export const nodeLimit = 1_000_000;

/** How many states of the machines that find the classes of one attribute's texts are looked at. */
export const stateLimit = 300_000;

/** How many classes one attribute may be cut into. */
export const atomLimit = 50_000;

/** How many dimensions a space may have: each is one step of recursion. */
export const dimensionLimit = 1_000;

/** Thrown where a comparison exceeds a limit: nobody knows its answer, and whoever asked has to say so. */
export class TooLarge extends Error {
  /** What requests were compared with. */
  constructor(readonly constants: Constants = new Map()) {
    super('a comparison exceeds its limit');
  }
}

/** An answer, or the limit that it exceeds. */
export function answerTo<T>(question: () => T): T | TooLarge {
  try {
    return question();
  } catch (error) {
    if (error instanceof TooLarge) return error;
    throw error;
  }
}
