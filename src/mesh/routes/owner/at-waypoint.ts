import { coversName } from '../../../topology/listeners/admitted.js';
import type { Service, Waypoint } from '../../../topology/model.js';
import type { MeshCluster } from '../../mesh.js';
import type { Route } from '../route.js';
import { entriesAt, namesOf, noTables, type RouteTable, type RouteTables, type RoutingProxy } from '../table.js';
import { ordersOf } from './age.js';
import { meshRoutesOf, wildcardFor } from './mesh-routes.js';
import { inClasses } from './visible.js';

/**
 * What a waypoint does with requests to a Service at a port. It reads routes of its own namespace and of the Service's, as
 * far as they are visible to its own, and puts their rules one after the other; until 1.28.6 and 1.29.2 it took only the
 * first of them (T-01 to T-04).
 */
export function tablesAtWaypoint(
  mesh: MeshCluster,
  { namespace }: Waypoint,
  service: Pick<Service, 'host' | 'namespace'>,
  port: number,
): RouteTables {
  const proxy: RoutingProxy = { gateway: 'mesh', namespace, labels: undefined, port };
  const ruling = readAtWaypoint(mesh, namespace, service).filter(({ http }) => entriesAt(http, proxy).length > 0);
  const orders = ordersOf(inClasses(ruling, namespace));
  const all = orders.map((routes) => tableOf(routes, proxy));
  if (all.every(({ entries }) => entries.length === 0)) return noTables;
  const few = all.map(({ routes }) => tableOf(routes.slice(0, 1), proxy));
  const isOld = ['1.28', '1.29'].includes(mesh.cluster.settings.istio.version);
  const several = all.some(({ routes }) => routes.length > 1);
  return {
    tables: isOld && several ? [...all, ...few] : all,
    open: `in which order, or whether together, the waypoint reads ${namesOf(all[0]?.routes ?? [])} (T-03, T-04)`,
  };
}

/** The routes for the connections to a Service, in each order in which they may count. */
export function ordersAtWaypoint(
  mesh: MeshCluster,
  { namespace }: Waypoint,
  service: Pick<Service, 'host' | 'namespace'>,
): ReadonlyArray<readonly Route[]> {
  return ordersOf(inClasses(readAtWaypoint(mesh, namespace, service), namespace));
}

function readAtWaypoint(
  mesh: MeshCluster,
  namespace: string,
  service: Pick<Service, 'host' | 'namespace'>,
): readonly Route[] {
  const { exact, wildcards } = meshRoutesOf(mesh);
  const wide = wildcards.filter((route) => wildcardFor(route, service.host) !== undefined);
  // Before a wildcard a waypoint takes the routes for each name within it, whatever the Host of a request.
  const within = service.host.startsWith('*')
    ? [...exact].filter(([host]) => coversName(service.host, host)).flatMap(([, routes]) => routes)
    : [];
  return [...new Set([...(exact.get(service.host) ?? []), ...wide, ...within])].filter(
    (route) => route.namespace === namespace || route.namespace === service.namespace,
  );
}

function tableOf(routes: readonly Route[], proxy: RoutingProxy): RouteTable {
  return { entries: routes.flatMap(({ http }) => entriesAt(http, proxy)), routes };
}
