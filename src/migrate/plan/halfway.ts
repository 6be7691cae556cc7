/**
 * The moments of a restart of several workloads at once: every two of them are in each of the four states that a pair can be
 * in, some time. Who reaches whom hangs on the two alone.
 *
 * Each workload has moved in half of the moments, and no two in the same: so there is one at which the first of two has moved
 * alone, and one for the second. No fewer moments do for as many workloads (Sperner's theorem).
 */
export function halfway(workloads: readonly string[]): readonly (readonly string[])[] {
  if (workloads.length < 2) return [];
  const count = momentsFor(workloads.length);
  const halves = subsets(Math.floor(count / 2), count);
  const moved = workloads.map((workload) => ({ workload, at: new Set(halves.next().value) }));
  return Array.from({ length: count }, (_, moment) =>
    moved.flatMap(({ workload, at }) => (at.has(moment) ? [workload] : [])),
  );
}

function momentsFor(workloads: number): number {
  let count = 2;
  while (numberOfSubsets(Math.floor(count / 2), count) < workloads) count += 1;
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
