import type { MeshCluster } from '../../mesh.js';
import type { Route } from '../route.js';
import { entriesAt, namesOf, noTables, type RouteTables, type RoutingProxy } from '../table.js';
import { ordersOf, possibleOrders } from './age.js';
import { meshRoutesOf, wildcardFor } from './mesh-routes.js';
import { inClasses, visibilityOf } from './visible.js';

/** A host of the mesh, and the namespace of what has it. */
export interface RoutedHost {
  readonly host: string;
  readonly namespace: string;
}

/**
 * What a client's sidecar does with requests to a host at a port. One route owns the host there, and nothing is merged
 * with it: of those that name it the first by visibility and age that has a rule for the proxy. Where none names it, it is
 * the first of those with the longest wildcard, whether or not that has a rule (I-01b).
 */
export function tablesAtSidecar(
  mesh: MeshCluster,
  proxy: RoutingProxy,
  host: RoutedHost,
  isImported: (route: Route) => boolean,
): RouteTables {
  const { exact, wildcards } = meshRoutesOf(mesh);
  const isKnown = known(proxy, isImported);
  const named = (exact.get(host.host) ?? []).filter(isKnown);
  if (named.length > 0)
    return owned(
      named.filter((route) => isForHost(route, host, proxy)),
      proxy,
    );
  return ofFirst(longest(wildcards.filter(isKnown).filter(isByHost), host.host), proxy);
}

/** The same for a name that nothing in the mesh has: of what has it by a wildcard any may own it. */
export function tablesForOtherName(
  mesh: MeshCluster,
  proxy: RoutingProxy,
  name: string,
  isImported: (route: Route) => boolean,
): RouteTables {
  const { exact, wildcards } = meshRoutesOf(mesh);
  const isKnown = known(proxy, isImported);
  const named = (exact.get(name) ?? []).filter(isKnown).filter(isByHost);
  return owned(named.length > 0 ? named : longest(wildcards.filter(isKnown).filter(isByHost), name), proxy);
}

function known(proxy: RoutingProxy, isImported: (route: Route) => boolean): (route: Route) => boolean {
  return (route) => isImported(route) && visibilityOf(route, proxy.namespace) !== undefined;
}

function isByHost({ reach }: Route): boolean {
  return reach === 'by-host';
}

/** The routes for the connections to a host, in each order in which they may count: all that are for it (T-92). */
export function ordersAtSidecar(
  mesh: MeshCluster,
  proxy: RoutingProxy,
  host: RoutedHost,
  isImported: (route: Route) => boolean,
): ReadonlyArray<readonly Route[]> {
  const { exact, wildcards } = meshRoutesOf(mesh);
  const wide = wildcards.filter((route) => wildcardFor(route, host.host) !== undefined);
  const all = new Set([...(exact.get(host.host) ?? []), ...wide].filter(isImported));
  return ordersOf(inClasses([...all], proxy.namespace));
}

/** A route of the Gateway API counts in its own namespace, and for the Services of it. */
function isForHost({ reach, namespace }: Route, host: RoutedHost, proxy: RoutingProxy): boolean {
  return reach === 'by-host' || namespace === host.namespace || namespace === proxy.namespace;
}

function longest(routes: readonly Route[], host: string): readonly Route[] {
  const lengths = routes.map((route) => wildcardFor(route, host)?.length ?? 0);
  const most = Math.max(0, ...lengths);
  return routes.filter((_, index) => most > 0 && lengths[index] === most);
}

function owned(routes: readonly Route[], proxy: RoutingProxy): RouteTables {
  for (const rivals of inClasses(routes, proxy.namespace)) {
    const ruling = rivals.filter(({ http }) => entriesAt(http, proxy).length > 0);
    if (ruling.length === 0) continue;
    const owners = possibleOrders(ruling).flatMap(([first]) => (first === undefined ? [] : [first]));
    const tables = owners.map((route) => ({ entries: entriesAt(route.http, proxy), routes: [route] }));
    return { tables, open: `which of ${namesOf(owners)} is the oldest (I-01b)` };
  }
  return noTables;
}

function ofFirst(routes: readonly Route[], proxy: RoutingProxy): RouteTables {
  const owners = [...new Set(ordersOf(inClasses(routes, proxy.namespace)).flatMap(([first]) => first ?? []))];
  const tables = owners.map((route) => ({ entries: entriesAt(route.http, proxy), routes: [route] }));
  if (tables.every(({ entries }) => entries.length === 0)) return noTables;
  return { tables, open: `which of ${namesOf(owners)} is the oldest (I-01b)` };
}
