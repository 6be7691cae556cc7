import { isManaged, type ManifestObject } from '../../../parse/document.js';
import type { Cluster } from '../../../topology/model.js';
import { oncePerObject } from '../../../util/once.js';
import { backendsOf, homeOf } from './route-objects.js';

/** The `namespace/name` of a Service as a route names it: by its host, its short name, or as it stands. */
export function keyNamed(cluster: Cluster, route: ManifestObject, name: string): string {
  return keysByHost(cluster).get(name) ?? (name.includes('/') ? name : `${homeOf(route)}/${name}`);
}

const keysByHost = oncePerObject(
  ({ services }: Cluster): ReadonlyMap<string, string> => new Map([...services].map(([key, { host }]) => [host, key])),
);

/** Existing routes, by the `namespace/name` of the Services that they lead to. */
export const routesByBackend = oncePerObject((cluster: Cluster): ReadonlyMap<string, readonly ManifestObject[]> => {
  const index = new Map<string, ManifestObject[]>();
  for (const route of cluster.routes) {
    if (route.kind === 'DestinationRule' || isManaged(route)) continue;
    for (const backend of new Set(backendsOf(route))) {
      const key = keyNamed(cluster, route, backend);
      index.set(key, [...(index.get(key) ?? []), route]);
    }
  }
  return index;
});
