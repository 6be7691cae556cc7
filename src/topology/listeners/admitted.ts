import { matchesSelector } from '../label-selector.js';
import type { Cluster, ListenerHost } from '../model.js';

/** Whether a name, or each of those that a pattern means, is among those of another pattern. */
export function coversName(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith('*') && name.endsWith(pattern.slice(1)));
}

/** The names that two patterns have in common, where one is part of the other. */
export function commonName(left: string, right: string): string | undefined {
  if (coversName(left, right)) return right;
  return coversName(right, left) ? left : undefined;
}

/** As settings of a gateway name every host that its listeners are for. */
export const anyHost = '*';

/** What settings for a host are about at a listener for some names: the host itself, or all of these names for `*`. */
export function nameServed(served: string, host: string): string | undefined {
  if (coversName(served, host)) return host;
  return host === anyHost ? served : undefined;
}

/** Whether a listener takes routes from a namespace. */
export function isTakenFrom(cluster: Cluster, from: ListenerHost['routesFrom'], namespace: string): boolean {
  switch (from.kind) {
    case 'all':
      return true;
    case 'named':
      return from.namespace === namespace;
    case 'selected':
      return matchesSelector(from.selector, cluster.namespaces.get(namespace)?.labels ?? {});
    default:
      return false;
  }
}
