/**
 * For each node that leads to itself by way of others one of the shortest circles through it, from the node on, unless a circle that was
 * found before goes through it as well.
 */
export function circlesThrough<T>(nodes: readonly T[], nextOf: (node: T) => readonly T[]): readonly (readonly T[])[] {
  const covered = new Set<T>();
  return nodes.flatMap((node) => {
    const circle = covered.has(node) ? undefined : shortestCircle(node, nextOf);
    if (circle === undefined) return [];
    for (const each of circle) covered.add(each);
    return [circle];
  });
}

/** Breadth first: the first way back is one of the shortest. */
function shortestCircle<T>(start: T, nextOf: (node: T) => readonly T[]): readonly T[] | undefined {
  const ways: (readonly T[])[] = [[start]];
  const seen = new Set<T>([start]);
  for (const way of ways) {
    for (const next of nextOf(way.at(-1) ?? start)) {
      if (next === start) return way;
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}
