/** Throws when an invariant of Ambit itself is broken. A user's mistake is never an assertion: it is a diagnostic. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}

/** Makes a missing case of a discriminated union a compile error, and a bug when reached. */
export function assertNever(value: never): never {
  throw new Error(`invariant broken: unexpected ${JSON.stringify(value)}`);
}
