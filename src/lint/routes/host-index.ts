import { groupBy } from '../../util/order.js';

/** The items that may be for a host too: among ten thousand few are to be compared. All wildcards are among them. */
export function indexByHost<T>(items: readonly T[], hostOf: (item: T) => string): (host: string) => readonly T[] {
  const byHost = groupBy(items, hostOf);
  const wildcards = items.filter((item) => hostOf(item).startsWith('*'));
  return (host) => (host.startsWith('*') ? items : [...(byHost.get(host) ?? []), ...wildcards]);
}
