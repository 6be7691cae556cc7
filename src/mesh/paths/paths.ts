import { annotation, label } from '../../topology/labels.js';
import { keyOf, type PortLayer, type Service, type Waypoint, type Workload } from '../../topology/model.js';
import { doubtAboutWorkload } from '../doubts/doubts.js';
import { doubtAboutHost } from '../doubts/open-hosts.js';
import { doubtAboutNamespace } from '../doubts/unwatched.js';
import { asObject } from '../json.js';
import { flag, type Mesh, type MeshCluster } from '../mesh.js';
import type { EnvoyChain } from '../policies/envoy.js';
import type { Destination, Payload } from '../request.js';
import { type Caller, towardsPort } from './caller.js';
import { inboundCapture, proxyPorts } from './capture.js';
import { carrierOf, carrierOfWaypoint } from './carrier.js';
import { arrivalPort } from './client-proxy.js';
import { stopBetween } from './crossing.js';
import { type Endpoint, resolveEndpoint } from './endpoint.js';
import { egressFor } from './gateway/egress.js';
import { gatewayOf } from './gateway/gateway-of.js';
import { gatewayPath } from './gateway/gateway-path.js';
import { type Carrier, type Hop, noPath, notModelled, type Path, type Peer, type Stop } from './hops.js';
import { layerAtPod, listenerOf } from './inbound-layer.js';
import type { ServiceAt } from './legs.js';
import { outboundTo } from './outbound.js';

/** Which enforcement points a request passes, in order, by the kind of its caller and its addressing (§4.5). */
export function pathOf(mesh: Mesh, source: Caller, destination: Destination, payload: Payload): Path {
  const caller = towardsPort(source, destination.port);
  if (caller.kind !== 'caller') return caller;
  const doubt = doubtAboutDestination(mesh, destination);
  if (doubt !== undefined) return notModelled(doubt);
  if (destination.kind === 'gateway') return gatewayPath(mesh, caller, destination, payload);
  if (destination.kind === 'external') return externalPath(mesh, caller, destination);
  const addressed = resolveEndpoint(mesh, destination);
  if (addressed.kind !== 'endpoint') return addressed;
  if (addressed.workload.mode.plane === 'gateway') return throughGateway(mesh, caller, addressed, destination, payload);
  const endpoint = { ...addressed, podPort: arrivalPort(caller, addressed) };
  const crossing = crossingTo(mesh, caller, endpoint);
  if (crossing !== undefined) return crossing;
  const addressedAt = addressedService(endpoint);
  const waypoint = waypointOf(caller, endpoint.mesh, addressedAt?.service ?? endpoint.workload);
  if (waypoint === undefined) return directPath(caller, endpoint, payload);
  if (waypoint.kind !== 'bound') return waypoint;
  const first = waypointHop(waypoint.waypoint, caller, endpoint.mesh, addressedAt ?? endpoint.podPort, payload);
  return 'chain' in first ? throughWaypoint(first, waypoint.waypoint, endpoint, payload) : first;
}

/** Why the model does not know the way between two places of the mesh, or why there is none. */
export function crossingTo(mesh: Mesh, caller: Caller, endpoint: Endpoint): Stop | undefined {
  return crossesClusters(mesh, caller, endpoint) ?? arrivesInDoubt(caller, endpoint);
}

/** A gateway that is addressed by its Service, or by its pods. */
function throughGateway(
  mesh: Mesh,
  caller: Caller,
  { mesh: at, workload }: Endpoint,
  { port }: Destination,
  payload: Payload,
): Path {
  const gateway = gatewayOf(at, workload);
  if (gateway === undefined) return notModelled(`which Gateway the pods of \`${keyOf(workload)}\` serve`);
  const destination = { kind: 'gateway', cluster: at.cluster.name, gateway: keyOf(gateway), port } as const;
  return gatewayPath(mesh, caller, destination, payload);
}

/** Nothing stands before a pod outside the mesh, whether istiod knows of it or not. */
function doubtAboutDestination(mesh: Mesh, destination: Destination): string | undefined {
  const at = mesh.clusters.get(destination.cluster);
  const key = nameIn(destination);
  if (at === undefined || at.cluster.workloads.get(key)?.mode.plane === 'none') return undefined;
  return doubtAboutNamespace(at, key.split('/')[0] ?? '');
}

/** The workload, gateway or ServiceEntry that is addressed, as `namespace/name`. */
function nameIn(destination: Destination): string {
  if (destination.kind === 'gateway') return destination.gateway;
  return destination.kind === 'external' ? destination.entry : destination.workload;
}

/** Callers outside every cluster are on no network of the mesh, and cross none. */
function crossesClusters({ clusters }: Mesh, { cluster, speaks }: Caller, endpoint: Endpoint): Stop | undefined {
  const from = cluster === undefined ? undefined : clusters.get(cluster);
  if (from === undefined || cluster === endpoint.mesh.cluster.name) return undefined;
  const { plane } = endpoint.workload.mode;
  const addressing = endpoint.service === undefined ? 'pod' : 'service';
  return stopBetween({ from, to: endpoint.mesh, speaks, plane, addressing });
}

/** Within one cluster a pod may be on a network of its own; whoever has no proxy goes there straight, or nowhere. */
function arrivesInDoubt({ speaks }: Caller, { mesh, workload }: Endpoint): Stop | undefined {
  const doubt = speaks === 'plaintext' ? undefined : doubtAboutWorkload(workload, mesh);
  return doubt === undefined ? undefined : notModelled(doubt);
}

/** Whether a service is addressed in a way that a waypoint can stand for it: by a virtual IP (W-13). */
export function addressedService<T extends Pick<ServiceAt, 'service'>>({
  service,
}: {
  readonly service: T | undefined;
}) {
  return service?.service.hasVip === true ? service : undefined;
}

type Bound = { readonly kind: 'bound'; readonly waypoint: Waypoint };

/** The waypoint that governs a caller's traffic: never for sidecars and plaintext, for ingress only by label (§4.5). */
export function waypointOf(
  { speaks }: Caller,
  mesh: MeshCluster,
  bearer: Service | Workload,
): Bound | Stop | undefined {
  const ingress =
    speaks === 'gateway' &&
    'ingressUsesWaypoint' in bearer &&
    bearer.ingressUsesWaypoint &&
    flag(mesh, 'ENABLE_INGRESS_WAYPOINT_ROUTING', true);
  if (speaks !== 'ambient' && !ingress) return undefined;
  if (hasCanary(mesh, bearer)) return notModelled('traffic split between a waypoint and its canary (W-20)');
  if (bearer.binding.kind !== 'bound') return undefined;
  if (bearer.object.kind === 'ServiceEntry') return notModelled('what a waypoint enforces before a ServiceEntry');
  const waypoint = mesh.cluster.waypoints.get(bearer.binding.waypoint);
  if (waypoint === undefined)
    return notModelled(`waypoint \`${bearer.binding.waypoint}\`, of which no Gateway is given`);
  if (waypoint.reachedOtherwise !== undefined) {
    return notModelled(
      `what annotation \`${annotation.inboundBinding}\` makes of the way to waypoint ${keyOf(waypoint)}`,
    );
  }
  if (waypoint.className === 'istio-waypoint') return { kind: 'bound', waypoint };
  return notModelled(`what a waypoint of class \`${waypoint.className}\` enforces (W-04)`);
}

function hasCanary({ cluster }: MeshCluster, { namespace: home, labels }: Service | Workload): boolean {
  if (cluster.settings.istio.version !== '1.31') return false;
  const namespace = cluster.namespaces.get(home)?.labels ?? {};
  return [labels, namespace].some((all) => all[label.waypointCanary] !== undefined);
}

/** The waypoint sees the caller. What is addressed is a Service, or a port of a pod. */
export function waypointHop(
  waypoint: Waypoint,
  caller: Caller,
  mesh: MeshCluster,
  addressed: ServiceAt | number,
  payload: Payload,
): Hop | Stop {
  if (flag(mesh, 'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES', false)) {
    return notModelled('layered waypoint authorization (§3.3)');
  }
  if (caller.identity === null || !mesh.trustDomains.includes(caller.identity.trustDomain)) {
    return noPath('the waypoint accepts no certificate of the trust domain of the caller (§8.3)');
  }
  const isPod = typeof addressed === 'number';
  const chain = chainOf(isPod ? 'detected' : addressed.port.layer, payload);
  if (typeof chain !== 'string') return chain;
  return {
    mesh,
    point: { kind: 'waypoint', waypoint, service: isPod ? undefined : addressed.service },
    chain,
    peer: { kind: 'caller' },
    tunnelled: true,
    port: isPod ? addressed : addressed.port.number,
    because: `waypoint ${keyOf(waypoint)} governs traffic addressed to the ${isPod ? 'pod' : 'service'} (W-13)`,
  };
}

/** What stands at the pod sees the waypoint (§4.1). */
export function throughWaypoint(
  first: Hop,
  { namespace, serviceAccount }: Waypoint,
  endpoint: Endpoint,
  payload: Payload,
): Path {
  const identity = { trustDomain: endpoint.mesh.cluster.settings.trustDomain, namespace, serviceAccount };
  const rest = lastHops({ kind: 'proxy', identity }, carrierOfWaypoint(endpoint), endpoint, payload);
  return 'kind' in rest ? rest : { kind: 'path', hops: [first, ...rest], because: first.because };
}

export function directPath(caller: Caller, endpoint: Endpoint, payload: Payload): Path {
  const hops = lastHops({ kind: 'caller' }, carrierOf(caller, endpoint), endpoint, payload);
  if ('kind' in hops) return hops;
  return {
    kind: 'path',
    hops,
    because: hops.length === 0 ? whyNothing(endpoint) : 'traffic goes straight to the pod (§4.5)',
  };
}

/** Why no enforcement point stands before a pod. */
function whyNothing({ workload, podPort }: Endpoint): string {
  if (workload.mode.plane !== 'sidecar') return 'traffic goes straight to the pod (§4.5)';
  return proxyPorts(workload).includes(podPort)
    ? `the sidecar itself answers on port ${podPort}, and asks no policy (§2.8)`
    : `the sidecar does not take port ${podPort} (§2.8)`;
}

/** Who arrives at a pod, and how. */
type Arriving = Pick<Hop, 'peer' | 'tunnelled'>;

/** What stands at the pod itself (§2.1). */
function lastHops(peer: Peer, carrier: Carrier | Stop, endpoint: Endpoint, payload: Payload): readonly Hop[] | Stop {
  if (typeof carrier !== 'string') return carrier;
  const arriving: Arriving = {
    peer: carrier === 'plaintext' ? { kind: 'nobody' } : peer,
    tunnelled: carrier === 'hbone',
  };
  switch (endpoint.workload.mode.plane) {
    case 'none':
      return [];
    case 'ambient':
      return ztunnelHops(arriving, endpoint);
    case 'sidecar':
      return sidecarHops(arriving, endpoint, payload);
    default:
      return notModelled(`what a workload of plane \`${endpoint.workload.mode.plane}\` enforces as a destination`);
  }
}

/** Plaintext is captured too, unless the pod opts out of it (§2.4). */
function ztunnelHops(arriving: Arriving, { mesh, workload, podPort }: Endpoint): readonly Hop[] {
  const bypasses = workload.annotations['ambient.istio.io/bypass-inbound-capture'] === 'true';
  if (bypasses && arriving.peer.kind === 'nobody') return [];
  const because = 'ztunnel stands at every ambient pod (§2.4)';
  return [{ mesh, point: { kind: 'ztunnel', workload }, chain: 'tcp', ...arriving, port: podPort, because }];
}

function sidecarHops(arriving: Arriving, endpoint: Endpoint, payload: Payload): readonly Hop[] | Stop {
  const { mesh, workload, podPort } = endpoint;
  const capture = inboundCapture(workload, podPort);
  if (typeof capture !== 'boolean') return notModelled(capture.doubt);
  if (!capture && !arriving.tunnelled) return uncapturedHops(arriving.peer, podPort);
  const layer = layerAtPod(endpoint);
  if (typeof layer !== 'string') return layer;
  const chain = chainOf(layer === 'detected' ? layerOfClient(arriving, endpoint) : layer, payload);
  if (typeof chain !== 'string') return chain;
  const because = listenerOf(endpoint) ?? 'the sidecar stands at its pod (§2.1)';
  return [{ mesh, point: { kind: 'sidecar', workload }, chain, ...arriving, port: podPort, because }];
}

/** Within mutual TLS nothing is detected: the client's proxy says whether it sends requests (§2.5). */
function layerOfClient({ peer, tunnelled }: Arriving, { service }: Endpoint): PortLayer {
  return peer.kind !== 'nobody' && !tunnelled && service?.port.layer === 'tcp' ? 'tcp' : 'detected';
}

/** Nothing stands there: plaintext reaches the application, and mutual TLS finds nobody who speaks it. */
function uncapturedHops(peer: Peer, podPort: number): readonly Hop[] | Stop {
  if (peer.kind === 'nobody') return [];
  return noPath(`the sidecar does not take port ${podPort}, where mutual TLS then finds no proxy`);
}

/** Which filter chain takes the bytes: the declared one, or the one that detection finds (§2.5). */
function chainOf(layer: PortLayer, payload: Payload): EnvoyChain | Stop {
  if (layer === 'detected') return payload.kind;
  if (layer === 'http' && payload.kind === 'tcp') return noPath('the port is declared HTTP, and these bytes are not');
  return layer;
}

/**
 * On the way out of the mesh only a waypoint of the ServiceEntry enforces anything: for ambient callers (T-87), and for
 * ingress that is labelled for it.
 */
function externalPath(
  mesh: Mesh,
  caller: Caller,
  { cluster, entry: key, host, port }: Extract<Destination, { kind: 'external' }>,
): Path {
  const entryCluster = mesh.clusters.get(cluster);
  const entry = entryCluster?.cluster.serviceEntries.get(key);
  if (entryCluster === undefined || entry === undefined) return noPath(`there is no ServiceEntry \`${key}\``);
  if (caller.cluster !== cluster) return noPath('the ServiceEntry is for callers of its own cluster');
  const spec = asObject(entry.object.value.spec);
  if (spec?.location === 'MESH_INTERNAL' || spec?.workloadSelector !== undefined) {
    return notModelled('a ServiceEntry whose endpoints are in the mesh');
  }
  const open = doubtAboutHost(entryCluster.openHosts, host.toLowerCase());
  if (open !== undefined) return notModelled(open);
  const layer = entry.ports.find(({ number }) => number === port)?.layer ?? 'detected';
  const sent = outboundTo(caller, {
    host,
    namespace: entry.namespace,
    exportTo: entry.exportTo,
    port: { number: port, layer },
  });
  if (typeof sent !== 'string') return sent;
  const at = mesh.clusters.get(cluster);
  const egress = at && sent === 'known' ? egressFor(at, caller, { entry, host, port, layer }) : undefined;
  if (egress?.kind === 'egress') {
    const destination = { kind: 'gateway', cluster, gateway: keyOf(egress.gateway), port: egress.port } as const;
    return gatewayPath(mesh, caller, { ...destination, serverName: host }, { kind: 'tcp' });
  }
  if (egress !== undefined) return egress;
  const usesWaypoint = caller.speaks === 'ambient' || (caller.speaks === 'gateway' && entry.ingressUsesWaypoint);
  if (usesWaypoint && entry.binding.kind === 'bound') {
    return notModelled('what a waypoint enforces before a host outside the mesh');
  }
  return {
    kind: 'path',
    hops: [],
    because: 'nothing stands before a host outside the mesh (istio-traffic-topology T-87)',
  };
}
