const longestLabel = 63;

/** Texts as labels of Kubernetes. */
export function label(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestLabel)
    .replace(/^-+|-+$/g, '');
}

/** A name that nothing else has. */
export function unlike(name: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const end = count === 1 ? '' : `-${count}`;
    const candidate = `${name.slice(0, longestLabel - end.length)}${end}`;
    if (!taken.has(candidate)) return candidate;
  }
}
