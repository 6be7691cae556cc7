import { oncePerObject } from '../../../util/once.js';
import { groupBy } from '../../../util/order.js';
import type { MeshCluster } from '../../mesh.js';
import type { Route } from '../route.js';
import { mergedForMesh } from './merge.js';

/** The routes for the mesh, by the hosts that they name. */
export interface MeshRoutes {
  readonly all: readonly Route[];
  readonly exact: ReadonlyMap<string, readonly Route[]>;
  /** Those that name hosts by their end; `*` is all of them. */
  readonly wildcards: readonly Route[];
}

export const meshRoutesOf = oncePerObject(({ routes, cluster }: MeshCluster): MeshRoutes => {
  const all = mergedForMesh(routes, cluster.settings.istio.version);
  const pairs = all.flatMap((route) => route.hosts.map((host) => ({ host, route })));
  const exact = groupBy(
    pairs.filter(({ host }) => !host.startsWith('*')),
    ({ host }) => host,
  );
  return {
    all,
    exact: new Map([...exact].map(([host, named]) => [host, named.map(({ route }) => route)])),
    wildcards: all.filter(({ hosts }) => hosts.some((host) => host.startsWith('*'))),
  };
});

/** The longest of a route's hosts that stands for a name; `undefined` where none does. */
export function wildcardFor({ hosts }: Route, name: string): string | undefined {
  const fitting = hosts.filter((host) => host.startsWith('*') && name.endsWith(host.slice(1)));
  return fitting.sort((left, right) => right.length - left.length)[0];
}

/** Whether any route is for a host, exactly or by a wildcard. */
export function isRouted(mesh: MeshCluster, host: string): boolean {
  const { all, exact, wildcards } = meshRoutesOf(mesh);
  return all.length > 0 && (exact.has(host) || wildcards.some((route) => wildcardFor(route, host) !== undefined));
}

/** The routes for a host, exactly or by a wildcard. */
export function routesNaming(mesh: MeshCluster, host: string): readonly Route[] {
  const { all, exact, wildcards } = meshRoutesOf(mesh);
  if (all.length === 0) return [];
  return [...(exact.get(host) ?? []), ...wildcards.filter((route) => wildcardFor(route, host) !== undefined)];
}
