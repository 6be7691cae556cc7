/** Every leaf of a value as `path=value`. */
export function leavesOf(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [`${path.join('.')}=${value}`];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}
