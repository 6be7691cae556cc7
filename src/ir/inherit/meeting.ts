/** What two things have in common: a list of alternatives, or the reason why no list says it. */
export type Meeting<T> = readonly T[] | Unsayable;

export interface Unsayable {
  readonly because: string;
  /** Something of which nobody can say that it is meant. */
  readonly witness: string;
}

export function isUnsayable<T>(meeting: Meeting<T>): meeting is Unsayable {
  return 'because' in meeting;
}

/** What each of some has in common with each of others. */
export function meetEach<A, B, T>(
  left: readonly A[],
  right: readonly B[],
  meet: (left: A, right: B) => Meeting<T>,
): Meeting<T> {
  const found: T[] = [];
  for (const one of left) {
    for (const other of right) {
      const meeting = meet(one, other);
      if (isUnsayable(meeting)) return meeting;
      found.push(...meeting);
    }
  }
  return found;
}
