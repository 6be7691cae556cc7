/** Compares by UTF-16 code unit, so that the order is the same in every locale. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A sorted copy, ordered by the keys in turn. Keys are compared as text or as numbers, never by locale. */
export function sortBy<T>(items: Iterable<T>, ...keys: ReadonlyArray<(item: T) => string | number>): T[] {
  const all = Array.from(items);
  // Most lists of a large mesh are of one or none.
  if (all.length < 2) return all;
  const keyed = all.map((item) => ({ item, keys: keys.map((key) => key(item)) }));
  keyed.sort((left, right) => compareKeys(left.keys, right.keys));
  return keyed.map(({ item }) => item);
}

/** The distinct strings, sorted. */
export function sortedUnique(items: Iterable<string>): string[] {
  return [...new Set(items)].sort(compareText);
}

/** The distinct numbers, from the smallest on. */
export function sortedNumbers(items: Iterable<number>): number[] {
  return [...new Set(items)].sort((left, right) => left - right);
}

/** Groups in order of first appearance. */
export function groupBy<T, K>(items: Iterable<T>, key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const own = key(item);
    const group = groups.get(own);
    if (group) group.push(item);
    else groups.set(own, [item]);
  }
  return groups;
}

function compareKeys(left: ReadonlyArray<string | number>, right: ReadonlyArray<string | number>): number {
  for (let index = 0; index < left.length; index++) {
    const [key, other] = [left[index] ?? '', right[index] ?? ''];
    const order = key === other ? 0 : compareKey(key, other);
    if (order !== 0) return order;
  }
  return 0;
}

function compareKey(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return compareText(String(left), String(right));
}
