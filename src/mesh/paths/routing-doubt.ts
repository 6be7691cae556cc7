import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import type { Destination, Payload } from '../request.js';
import { tablesAtSidecar } from '../routes/owner/at-sidecar.js';
import { tablesAtWaypoint } from '../routes/owner/at-waypoint.js';
import { onlyChoose } from '../routes/owner/choosing.js';
import { meshRoutesOf } from '../routes/owner/mesh-routes.js';
import { visibilityOf } from '../routes/owner/visible.js';
import type { Route } from '../routes/route.js';
import { namesOf, noTables, type RouteTables } from '../routes/table.js';
import type { Caller } from './caller.js';
import { isAlias } from './host-choice.js';
import { hostsNamed } from './host-names.js';
import type { ServiceAt } from './legs.js';
import { waypointOf } from './paths.js';

/**
 * What sets of requests do not follow of the routes on a way: rules of the addressed Service that do more than choose
 * among its pods, and rules of other Services that lead to these. `undefined` where there is nothing of either.
 */
export function routingDoubt(
  mesh: Mesh,
  caller: Caller,
  destination: Destination,
  payload: Payload['kind'],
): string | undefined {
  const at = mesh.clusters.get(destination.cluster);
  if (at === undefined || destination.kind !== 'service' || meshRoutesOf(at).all.length === 0) return undefined;
  const service = at.cluster.services.get(destination.service);
  const port = service?.ports.find(({ number }) => number === destination.port);
  if (service === undefined || port === undefined) return undefined;
  return (
    doubtAbout(at, caller, { service, port }, payload) ??
    leadingHere(at, caller, { service, port }, destination.workload)
  );
}

function doubtAbout(at: MeshCluster, caller: Caller, to: ServiceAt, payload: Payload['kind']): string | undefined {
  if (payload === 'tcp' || to.port.layer === 'tcp') return undefined;
  const { tables, client } = tablesFor(at, caller, to);
  if (tables.tables.length === 0 || onlyChoose(tables, { mesh: at, client, ...to })) return undefined;
  return `the rules of ${namesOf(tables.tables.flatMap(({ routes }) => routes))}`;
}

/** The tables that count on the way of a caller to a Service, and the namespace of the proxy that has them. */
function tablesFor(
  at: MeshCluster,
  caller: Caller,
  { service, port }: ServiceAt,
): { tables: RouteTables; client: string | undefined } {
  const { namespace = '', labels = {} } = caller;
  if (caller.speaks === 'sidecar') {
    const proxy = { gateway: 'mesh', namespace, labels, port: port.number };
    return { tables: tablesAtSidecar(at, proxy, service, () => true), client: namespace };
  }
  const waypoint = service.hasVip ? waypointOf(caller, at, service) : undefined;
  if (waypoint?.kind !== 'bound') return { tables: noTables, client: undefined };
  return { tables: tablesAtWaypoint(at, waypoint.waypoint, service, port.number), client: waypoint.waypoint.namespace };
}

/** The routes that lead to a host, by it: as a destination or a mirror of one of their rules. */
const leadingTo = oncePerObject((at: MeshCluster): ReadonlyMap<string, readonly Route[]> => {
  const pairs = meshRoutesOf(at).all.flatMap((route) => {
    const hosts = route.http.flatMap(({ result, mirrors }) => [
      ...(result.kind === 'forward' ? result.destinations.map(({ host }) => host) : []),
      ...mirrors.map(({ host }) => host),
    ]);
    return [...new Set(hosts)].map((host) => ({ host, route }));
  });
  return new Map([...groupBy(pairs, ({ host }) => host)].map(([host, all]) => [host, all.map(({ route }) => route)]));
});

function leadingHere(at: MeshCluster, caller: Caller, to: ServiceAt, workload: string): string | undefined {
  const routes = (leadingTo(at).get(to.service.host) ?? []).filter((route) =>
    leadsAstray(at, caller, route, to, workload),
  );
  return routes.length === 0 ? undefined : `requests that ${namesOf(routes)} leads here`;
}

/** Whether a caller may come here by a route for another host, whose own pods are others. */
function leadsAstray(at: MeshCluster, caller: Caller, route: Route, to: ServiceAt, workload: string): boolean {
  const { service } = to;
  if (caller.speaks === 'plaintext') return false;
  if (caller.speaks === 'sidecar' && visibilityOf(route, caller.namespace ?? '') === undefined) return false;
  return route.hosts.some((host) => {
    const others = hostsNamed(at, host).flatMap((named) => named.service ?? []);
    if (host === service.host || others.some(({ workloads }) => workloads.includes(workload))) return false;
    if (caller.speaks === 'sidecar') return others.length > 0 || !isAlias(at, caller, to, host);
    return others.some((other) => other.hasVip && waypointOf(caller, at, other)?.kind === 'bound');
  });
}
