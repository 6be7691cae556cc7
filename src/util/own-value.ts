/** The value under a key that somebody wrote: names such as `toString`, which every object answers to, are nothing special. */
export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
