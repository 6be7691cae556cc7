/**
 * How large the sets of one space may get: nodes of diagrams that are made, and pairs of them that are compared. The
 * same input always comes to the same count, on any machine.
 */
export const nodeLimit = 1_000_000;

/** How many states of the machines that find the classes of one attribute's texts are looked at. */
export const stateLimit = 1_000_000;

/** How many classes one attribute may be cut into. */
export const atomLimit = 50_000;

/** How many dimensions a space may have: each is one step of recursion. */
export const dimensionLimit = 2_000;

/** Thrown where a comparison exceeds a limit: nobody knows its answer, and whoever asked has to say so. */
export class TooLarge extends Error {
  constructor() {
    super('a comparison exceeds its limit');
  }
}
