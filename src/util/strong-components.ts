/**
 * The groups of nodes that lead to each other, each group after all that lead to it (Tarjan). `nextOf` names where a node
 * leads. Groups come in a fixed order, and so do the nodes in them.
 */
export function strongComponents<T>(nodes: readonly T[], nextOf: (node: T) => Iterable<T>): readonly (readonly T[])[] {
  const indexes = new Map<T, number>();
  const lowest = new Map<T, number>();
  const open: T[] = [];
  const isOpen = new Set<T>();
  const components: T[][] = [];
  const known = new Set(nodes);
  const lower = (node: T, to: number) => lowest.set(node, Math.min(lowest.get(node) ?? to, to));

  const enter = (node: T) => {
    indexes.set(node, indexes.size);
    lowest.set(node, indexes.size - 1);
    open.push(node);
    isOpen.add(node);
    return { node, rest: [...nextOf(node)].filter((next) => known.has(next)) };
  };

  for (const root of nodes) {
    if (indexes.has(root)) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.shift();
      if (next === undefined) {
        path.pop();
        const { node } = top;
        const above = path.at(-1);
        if (above !== undefined) lower(above.node, lowest.get(node) ?? 0);
        if (lowest.get(node) === indexes.get(node)) {
          const component = open.splice(open.indexOf(node));
          for (const each of component) isOpen.delete(each);
          components.push(component);
        }
      } else if (!indexes.has(next)) path.push(enter(next));
      else if (isOpen.has(next)) lower(top.node, indexes.get(next) ?? 0);
    }
  }
  return components.reverse();
}
