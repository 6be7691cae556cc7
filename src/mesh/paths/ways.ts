import { describe } from '../../topology/fields.js';
import { keyOf, targetPortOf, type Waypoint } from '../../topology/model.js';
import { doubtAboutHost } from '../doubts/open-hosts.js';
import { isOutsideMesh } from '../entry-services.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import type { Destination, HttpRequest, Payload, Source } from '../request.js';
import { asSent, type RoutedRequest } from '../routes/follow/matching.js';
import type { Mirror } from '../routes/route.js';
import { type Caller, towardsPort } from './caller.js';
import { arrivalPort } from './client-proxy.js';
import { crossingTo } from './crossing-to.js';
import type { Endpoint } from './endpoint.js';
import { legsTowards } from './gateway/gateway-legs.js';
import { type Hop, noPath, notModelled, type Path, type Stop } from './hops.js';
import { nameIn, type OutsideHost } from './host-names.js';
import { withOwnAddresses } from './kept-addresses.js';
import { stoppedOnTheWayOut } from './leaving.js';
import { type Leg, type LegEnd, type RoutingStep, type ServiceAt, sentTo, unrouted } from './legs.js';
import { pathOf } from './paths.js';
import { directPath, throughWaypoint } from './pod-hops.js';
import { legsToAddress, sidecarLegs } from './sidecar-legs.js';
import { waypointHop, waypointOf } from './waypoint-hop.js';
import { waypointLegs } from './waypoint-legs.js';

/** One way that a request to a Service may take through the proxies that route it. */
export interface Way {
  /** Its part of all requests that are alike, out of 1. */
  readonly share: number;
  readonly caller: Caller;
  /** The Service that was addressed, or to which a gateway sends; absent where a gateway sends nothing. */
  readonly addressed: ServiceAt | undefined;
  /** What the caller's own proxy makes of it. */
  readonly client: Leg;
  /** The waypoint before what the client's proxy sends it to, and what that makes of it. */
  readonly behind: { readonly waypoint: Waypoint; readonly before: ServiceAt; readonly leg: Leg } | undefined;
  readonly end: LegEnd;
  /** The copy of other requests that comes this way. */
  readonly copy: Mirror | undefined;
  /** The gateway to which a route leads it, where it was followed from there. */
  readonly through?: ThroughGateway;
}

/** A gateway on a way, and how the way goes on: not at all where the gateway has no route. */
export interface ThroughGateway {
  readonly gateway: Extract<Destination, { kind: 'gateway' }>;
  /** What its pods are addressed at; `undefined` where they give the port a name. */
  readonly podPort: number | undefined;
  /** The version of the Service in front by which it was led there. */
  readonly subset: string | undefined;
  readonly sent: Payload;
  readonly onward: { readonly source: Source; readonly sender: Caller; readonly way: Way } | undefined;
}

export type ToService = Extract<Destination, { kind: 'service' }>;
export type ToPod = Extract<Destination, { kind: 'pod' }>;

/**
 * Every way that a request to a Service may take; none where the Service or its port does not exist. `undefined`: bytes
 * that are no request.
 */
export function waysOf(
  mesh: Mesh,
  source: Caller,
  { cluster, service: key, port: number }: Omit<ToService, 'workload'>,
  sent: RoutedRequest | undefined,
  serverName?: string,
): readonly Way[] {
  const service = mesh.clusters.get(cluster)?.cluster.services.get(key);
  const port = service?.ports.find((each) => each.number === number);
  const caller = towardsPort(source, number);
  if (service === undefined || port === undefined || service.type === 'ExternalName') return [];
  return caller.kind === 'caller' ? waysTo(mesh, caller, { service, port }, sent, serverName) : [];
}

/**
 * Every way to what is addressed, for a caller as it is towards the port. Of bytes the server name may be known for which
 * they ask in TLS.
 */
export function waysTo(
  mesh: Mesh,
  caller: Caller,
  addressed: ServiceAt,
  sent: RoutedRequest | undefined,
  serverName?: string,
): readonly Way[] {
  return clientLegs(mesh, caller, addressed, sent, serverName).flatMap((leg) => beyond(mesh, caller, addressed, leg));
}

/** The ways of one request or connection. */
export function waysFor(mesh: Mesh, source: Caller, destination: ToService, payload: Payload): readonly Way[] {
  const at = mesh.clusters.get(destination.cluster);
  if (payload.kind === 'tcp') return waysOf(mesh, source, destination, undefined, payload.serverName);
  return at === undefined
    ? []
    : waysOf(mesh, source, destination, asSent(payload, at.cluster.settings.istio.pathNormalization));
}

/**
 * The ways of a request to a pod's own address, where the sidecar of its client leads it by its Host header; none where it leaves
 * that as it came.
 */
export function waysToPod(mesh: Mesh, source: Caller, destination: ToPod, request: HttpRequest): readonly Way[] {
  const at = mesh.clusters.get(destination.cluster);
  const workload = at?.cluster.workloads.get(destination.workload);
  const caller = towardsPort(source, destination.port);
  if (at === undefined || workload === undefined || caller.kind !== 'caller') return [];
  if (caller.speaks !== 'sidecar' || caller.cluster !== destination.cluster) return [];
  const sent = asSent(request, at.cluster.settings.istio.pathNormalization);
  const legs = legsToAddress(at, caller, { workload, port: destination.port }, sent) ?? [];
  return legs.flatMap((leg) => beyond(mesh, caller, undefined, unlessOpen(at, leg)));
}

/** Where the Host header of a request to a pod's own address leads it at the sidecar of its client. */
export type HostAtPod = 'as it came' | 'elsewhere' | 'not known';

export function hostAtPod(mesh: Mesh, source: Caller, destination: ToPod, host: string): HostAtPod {
  const request: HttpRequest = { kind: 'http', method: 'GET', path: '/', host, headers: {} };
  const ends = waysToPod(mesh, source, destination, request).map(({ end }) => end.kind);
  if (ends.length === 0) return 'as it came';
  return ends.includes('not-modelled') ? 'not known' : 'elsewhere';
}

/** Nobody knows whether what it is led to has a route that counts. */
function unlessOpen({ openHosts }: MeshCluster, leg: Leg): Leg {
  const names = [sentTo(leg.to)?.service.host, leg.sent && nameIn(leg.sent.request.host)];
  const doubt = names.flatMap((name) => (name === undefined ? [] : (doubtAboutHost(openHosts, name) ?? [])))[0];
  return doubt === undefined ? leg : { ...leg, to: { kind: 'not-modelled', because: doubt } };
}

/** The ways of what a gateway sends to a Service as its routes say; none where none leads there. */
export function waysByGateway(
  mesh: Mesh,
  caller: Caller,
  { cluster, service: key, port: number }: Omit<ToService, 'workload'>,
  request: HttpRequest,
): readonly Way[] {
  const at = mesh.clusters.get(cluster);
  const service = at?.cluster.services.get(key);
  const port = service?.ports.find((each) => each.number === number);
  if (at === undefined || service === undefined || port === undefined) return [];
  const addressed = { service, port };
  const legs = legsTowards(at, caller, addressed, asSent(request, at.cluster.settings.istio.pathNormalization)) ?? [];
  return legs.flatMap((leg) => beyond(mesh, caller, addressed, leg));
}

/** The ways on of what a gateway sends by its own rules. */
export function waysOnward(mesh: Mesh, sender: Caller, legs: readonly Leg[]): readonly Way[] {
  return legs.flatMap((leg) => {
    const to = sentTo(leg.to);
    if (to === undefined) return beyond(mesh, sender, undefined, leg);
    const caller = towardsPort(sender, to.port.number);
    if (caller.kind === 'caller') return beyond(mesh, caller, to, leg);
    return beyond(mesh, sender, to, { ...leg, to: { kind: 'not-modelled', because: caller.because } });
  });
}

function clientLegs(
  mesh: Mesh,
  caller: Caller,
  addressed: ServiceAt,
  sent: RoutedRequest | undefined,
  serverName: string | undefined,
): readonly Leg[] {
  const doubt = openAt(mesh, caller, addressed);
  if (doubt !== undefined) return [{ ...unrouted(addressed, sent), to: { kind: 'not-modelled', because: doubt } }];
  if (caller.speaks !== 'sidecar') return [unrouted(addressed, sent)];
  return withOwnAddresses(addressed, sidecarLegs(mesh, caller, addressed, sent, serverName));
}

/** Of routes that may or may not count, where a proxy on the way might follow them. */
function openAt({ clusters }: Mesh, { speaks }: Caller, { service }: ServiceAt): string | undefined {
  const at = clusters.get(service.cluster);
  if (at === undefined || at.openHosts.length === 0 || speaks === 'plaintext') return undefined;
  const routes = speaks === 'sidecar' || (service.hasVip && service.binding.kind === 'bound');
  return routes ? doubtAboutHost(at.openHosts, service.host) : undefined;
}

/** Through the waypoint of what the client's proxy sends it to, if there is one. */
function beyond(mesh: Mesh, caller: Caller, addressed: ServiceAt | undefined, client: Leg): readonly Way[] {
  const base = { caller, addressed, client };
  const direct = { ...base, share: client.share, behind: undefined, end: client.to, copy: client.copy };
  const before = sentTo(client.to);
  const at = before && mesh.clusters.get(before.service.cluster);
  if (at === undefined || before?.service.hasVip !== true) return [direct];
  const waypoint = waypointOf(caller, at, before.service);
  if (waypoint === undefined) return [direct];
  if (waypoint.kind !== 'bound') return [{ ...direct, end: waypoint }];
  const legs = waypointLegs(at, waypoint.waypoint, caller, before, client.sent);
  return withOwnAddresses(before, legs).map((leg) => ({
    ...base,
    share: client.share * leg.share,
    behind: { waypoint: waypoint.waypoint, before, leg },
    end: leg.to,
    copy: client.copy ?? leg.copy,
  }));
}

/** Whether a proxy on the way did anything else than to send it on to where it was addressed. */
export function isRoutedWay(way: Way): boolean {
  return stepsOf(way).length > 0 || way.end.kind !== 'pods';
}

/** What the proxies on a way decided, in order. */
export function stepsOf({ client, behind }: Way): readonly RoutingStep[] {
  return [client.step, behind?.leg.step].filter((step) => step !== undefined);
}

/** Whether a way ends at the pods of a workload. */
export function endsAt({ end, addressed }: Way, workload: string): boolean {
  if (end.kind === 'passed on') return addressed?.service.workloads.includes(workload) === true;
  return end.kind === 'pods' && end.workloads.includes(workload);
}

/** The enforcement points on a way to a workload; those before the proxy that answers, where one does. */
export function pathOfWay(mesh: Mesh, way: Way, workload: string, payload: Payload): Path {
  const { end, addressed } = way;
  switch (end.kind) {
    case 'pods':
      return toPod(mesh, way, end, workload, payload);
    case 'passed on':
      if (addressed === undefined) return noPath(end.because);
      if (addressed.outside !== undefined) return toHost(mesh, way, addressed.outside, straight(end.because));
      return pathOf(
        mesh,
        { ...way.caller, speaks: 'plaintext', identity: null },
        toService(addressed, workload),
        payload,
      );
    case 'answer':
      return beforeEnd(mesh, way, payload, '');
    case 'external':
      return toHost(mesh, way, end.named, beforeEnd(mesh, way, payload, nothingBefore));
    default:
      return end;
  }
}

/** On the way out of the mesh the waypoint of the ServiceEntry enforces policies, and no other proxy does (T-87). */
function toHost(mesh: Mesh, way: Way, named: OutsideHost, path: Path): Path {
  const { outside } = named;
  const selects = Object.keys(outside.selector ?? {}).length > 0;
  if (isOutsideMesh(outside) && !selects) return stoppedOnTheWayOut(mesh, way, named) ?? path;
  return notModelled(`what stands at the endpoints of ${describe(outside.object)}`);
}

const nothingBefore = 'nothing stands before a host outside the mesh (istio-traffic-topology T-87)';

function straight(because: string): Path {
  return { kind: 'path', hops: [], because };
}

function toService({ service, port }: ServiceAt, workload: string): ToService {
  return { kind: 'service', cluster: service.cluster, service: keyOf(service), port: port.number, workload };
}

function beforeEnd(mesh: Mesh, way: Way, payload: Payload, because: string): Path {
  const at = way.addressed && mesh.clusters.get(way.addressed.service.cluster);
  const hop = at && atWaypoint(at, way, payload);
  if (hop === undefined) return straight(because);
  return 'chain' in hop ? { kind: 'path', hops: [hop], because: hop.because } : hop;
}

/** The waypoint sees what the client's proxy made of the request. */
function atWaypoint(at: MeshCluster, { behind, caller, client }: Way, payload: Payload): Hop | Stop | undefined {
  if (behind === undefined) return undefined;
  const hop = waypointHop(behind.waypoint, caller, at, behind.before, payload);
  return 'chain' in hop ? changedBy(client, hop) : hop;
}

function toPod(mesh: Mesh, way: Way, to: ServiceAt, workload: string, payload: Payload): Path {
  const caller = knowing(way);
  const endpoint = endpointAt(mesh, caller, { ...to, subset: way.client.destination?.subset }, workload);
  if ('because' in endpoint) return endpoint;
  const crossing = crossingTo(mesh, caller, endpoint);
  if (crossing !== undefined) return crossing;
  const waypoint = atWaypoint(endpoint.mesh, way, payload);
  if (waypoint === undefined || way.behind === undefined) {
    return withChanges(directPath(caller, endpoint, payload), 0, way.client);
  }
  if (!('chain' in waypoint)) return waypoint;
  return withChanges(throughWaypoint(caller, waypoint, way.behind.waypoint, endpoint, payload), 1, way.behind.leg);
}

/** What its routes lead to is in the scope of a sidecar, whatever else it imports (T-91). */
function knowing({ caller, client }: Way): Caller {
  return client.destination === undefined ? caller : { ...caller, scopes: [] };
}

function endpointAt(mesh: Mesh, caller: Caller, to: NonNullable<Endpoint['service']>, key: string): Endpoint | Stop {
  const { service, port } = to;
  const at = mesh.clusters.get(service.cluster);
  const workload = at?.cluster.workloads.get(key);
  if (at === undefined || workload === undefined) return noPath(`there is no workload \`${key}\``);
  if (workload.mode.plane === 'gateway') return notModelled('a route to the pods of a gateway');
  const podPort = targetPortOf(port, workload);
  if (podPort === undefined) return noPath(`\`${key}\` has no port named \`${port.targetPort}\``);
  const endpoint: Endpoint = { kind: 'endpoint', mesh: at, workload, podPort, service: to };
  return { ...endpoint, podPort: arrivalPort(caller, endpoint) };
}

/** What a leg made of the request is what the next enforcement point sees. */
export function withChanges(path: Path, index: number, leg: Leg): Path {
  if (path.kind !== 'path') return path;
  return { ...path, hops: path.hops.map((hop, place) => (place === index ? changedBy(leg, hop) : hop)) };
}

function changedBy({ applied }: Leg, hop: Hop): Hop {
  return applied.length === 0 ? hop : { ...hop, changes: applied };
}
