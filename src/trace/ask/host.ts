import type { Cluster, ServiceEntry } from '../../topology/model.js';
import { sortedUnique } from '../../util/order.js';

/** The ServiceEntries that make a host known: those that name it, and else those with a wildcard for it. */
export function entriesFor({ serviceEntries }: Cluster, host: string): readonly ServiceEntry[] {
  const entries = [...serviceEntries.values()];
  const exact = entries.filter(({ hosts }) => hosts.includes(host));
  return exact.length > 0 ? exact : entries.filter(({ hosts }) => hosts.some((pattern) => isWithin(host, pattern)));
}

function isWithin(host: string, pattern: string): boolean {
  return pattern.startsWith('*') && host.length >= pattern.length && host.endsWith(pattern.slice(1));
}

/** The hosts of a cluster's ServiceEntries that somebody can call: a wildcard is none. */
export function hostsOf({ serviceEntries }: Cluster): readonly string[] {
  const hosts = [...serviceEntries.values()].flatMap((entry) => entry.hosts);
  return sortedUnique(hosts.filter((host) => !host.startsWith('*')));
}
