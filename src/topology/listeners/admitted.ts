import { matchesSelector } from '../label-selector.js';
import type { Cluster, ListenerHost } from '../model.js';

/** Whether a name, or each of those that a pattern means, is among those of another pattern. */
export function coversName(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith('*') && name.endsWith(pattern.slice(1)));
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
