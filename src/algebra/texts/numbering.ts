/** Numbers for what is alike by its key, in order of appearance. */
export function numbering<T>(keyOf: (item: T) => string, add: (item: T) => void): (item: T) => number {
  const numbers = new Map<string, number>();
  return (item) => {
    const key = keyOf(item);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    add(item);
    return numbers.size - 1;
  };
}
