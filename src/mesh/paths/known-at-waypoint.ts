import { keyOf, type Service, type Waypoint } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { doubtAboutNamespace } from '../doubts/unwatched.js';
import { serviceOfEntry } from '../entry-services.js';
import { asObject } from '../json.js';
import type { MeshCluster } from '../mesh.js';
import { connectionDestinations, requestDestinations } from '../routes/destinations.js';
import type { Route } from '../routes/route.js';
import { type LegEnd, sentTo } from './legs.js';
import { isVisible } from './visibility.js';

/**
 * What a waypoint has a cluster for: what is bound to it, and the destinations of routes that name something of that by its full
 * host, where they are exported to its namespace. For what is bound to it and is not exported to its namespace it has a cluster
 * in which istiod puts no endpoints (F-36).
 */
export function knownAtWaypoint(
  mesh: MeshCluster,
  waypoint: Waypoint,
): (to: LegEnd, statusIfMissing: number) => LegEnd {
  return (to, status) => {
    const sent = sentTo(to);
    if (sent === undefined) return to;
    const { service } = sent;
    // What becomes of it is not known, whatever it says of exports.
    if (doubtAboutNamespace(mesh, service.namespace) !== undefined) return to;
    const isBound = isBoundTo(service, waypoint);
    if (!isBound && referenced(mesh).get(keyOf(waypoint))?.has(service.host) !== true) {
      return missing(status, `no route that names a host of the waypoint in full leads to \`${service.host}\``);
    }
    if (isBound ? findsEndpoints(waypoint, service) : isVisible(service, waypoint.namespace)) return to;
    const why = `\`${service.host}\` is not exported to namespace \`${waypoint.namespace}\` of the waypoint`;
    return { ...missing(isBound ? 503 : status, why), ...(to.kind === 'pods' && { hidden: service }) };
  };
}

/** Whether a waypoint has the endpoints of what is bound to it (F-36). */
export function findsEndpoints({ namespace }: Waypoint, service: Service): boolean {
  return !isDiscovered(service) || isVisible(service, namespace);
}

function missing(status: number, why: string): Extract<LegEnd, { kind: 'answer' }> {
  return { kind: 'answer', status, because: `${why}, so that it has nowhere to send it (F-36)` };
}

function isBoundTo({ binding }: Service, waypoint: Waypoint): boolean {
  return binding.kind === 'bound' && binding.waypoint === keyOf(waypoint);
}

/** Whether istiod tells proxies the endpoints apart from the cluster: not where names are resolved, or the client's address kept. */
function isDiscovered({ object, headless }: Service): boolean {
  if (object.kind !== 'ServiceEntry') return !headless;
  return asObject(object.value.spec)?.resolution === 'STATIC';
}

/** By waypoint: where routes lead that name in full a host which is bound to it. */
const referenced = oncePerObject((mesh: MeshCluster): ReadonlyMap<string, ReadonlySet<string>> => {
  const { cluster } = mesh;
  const entries = [...cluster.serviceEntries.values()].flatMap((entry) =>
    entry.hosts.map((host) => serviceOfEntry(entry, host.toLowerCase(), cluster)),
  );
  const bound = [...cluster.services.values(), ...entries].flatMap(({ host, binding }) =>
    binding.kind === 'bound' ? [{ host, waypoint: binding.waypoint }] : [],
  );
  const led = destinationsByHost(mesh.routes);
  const pairs = bound.flatMap(({ host, waypoint }) => (led.get(host) ?? []).map((to) => ({ waypoint, to })));
  return new Map(
    [...groupBy(pairs, ({ waypoint }) => waypoint)].map(([key, all]) => [key, new Set(all.map(({ to }) => to))]),
  );
});

function destinationsByHost(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const ofMesh = routes.filter(({ attachments }) => attachments.some(({ kind }) => kind === 'mesh'));
  const pairs = ofMesh.flatMap((route) => {
    const mirrors = route.http.flatMap((rule) => rule.mirrors);
    const ends = [...requestDestinations(route), ...connectionDestinations(route), ...mirrors];
    return route.hosts.flatMap((host) => ends.map((end) => ({ host, to: end.host })));
  });
  return new Map([...groupBy(pairs, ({ host }) => host)].map(([host, all]) => [host, all.map(({ to }) => to)]));
}
