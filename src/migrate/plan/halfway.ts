/**
 * The moments of a restart of several workloads at once, of which each group moves together: every two workloads of different
 * groups are in each of the four states that a pair can be in, some time. Who reaches whom hangs on the two alone.
 *
 * Each group has moved in half of the moments, and no two in the same: so there is one at which the first of two has moved
 * alone, and one for the second. No fewer moments do for as many groups (Sperner's theorem).
 */
export function halfway<T>(groups: ReadonlyArray<readonly T[]>): ReadonlyArray<readonly T[]> {
  if (groups.length < 2) return [];
  const count = momentsFor(groups.length);
  const halves = subsets(Math.floor(count / 2), count);
  const moved = groups.map((group) => ({ group, at: new Set(halves.next().value) }));
  return Array.from({ length: count }, (_, moment) => moved.flatMap(({ group, at }) => (at.has(moment) ? group : [])));
}

function momentsFor(groups: number): number {
  let count = 2;
  while (numberOfSubsets(Math.floor(count / 2), count) < groups) count += 1;
  return count;
}

function numberOfSubsets(size: number, below: number): number {
  return size === 0 ? 1 : (numberOfSubsets(size - 1, below - 1) * below) / size;
}

/** All subsets of a size of the numbers below a limit, one after the other. */
function* subsets(size: number, below: number): Generator<readonly number[], undefined> {
  if (size === 0) yield [];
  else
    for (let last = size - 1; last < below; last += 1)
      for (const rest of subsets(size - 1, last)) yield [...rest, last];
}
