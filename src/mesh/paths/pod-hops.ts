import { hbonePort } from '../../topology/labels.js';
import type { PortLayer, Waypoint } from '../../topology/model.js';
import { admissionsTo } from '../network-policies/admission.js';
import {
  podsOfWaypoint,
  podsOfWorkload,
  type Sender,
  sentByWaypoint,
  stoppedBetween,
} from '../network-policies/connection.js';
import type { Payload } from '../request.js';
import { type Caller, senderOf } from './caller.js';
import { inboundCapture, proxyPorts } from './capture.js';
import { carrierOf, carrierOfWaypoint } from './carrier.js';
import { chainOf } from './chain.js';
import type { Endpoint } from './endpoint.js';
import {
  type Carrier,
  decisive,
  type Hop,
  type NetworkStop,
  noPath,
  notModelled,
  type Path,
  type Peer,
  type Stop,
} from './hops.js';
import { layerAtPod, listenerOf } from './inbound-layer.js';

/** What stands at the pod sees the waypoint (§4.1). */
export function throughWaypoint(
  caller: Caller,
  first: Hop,
  waypoint: Waypoint,
  endpoint: Endpoint,
  payload: Payload,
): Path {
  const { namespace, serviceAccount } = waypoint;
  const { mesh } = endpoint;
  const identity = { trustDomain: mesh.cluster.settings.trustDomain, namespace, serviceAccount };
  const carrier = carrierOfWaypoint(endpoint);
  const rest = lastHops({ kind: 'proxy', identity }, carrier, endpoint, payload);
  if ('kind' in rest) return rest;
  const pods = podsOfWaypoint(waypoint);
  const stops = [
    stoppedBetween(mesh, senderOf(caller), pods, hbonePort),
    stoppedAtPod(sentByWaypoint(mesh, waypoint), endpoint, carrier),
  ];
  const network = decisive(stops);
  return {
    kind: 'path',
    hops: [first, ...rest],
    because: first.because,
    network,
    admissions: admissionsTo(mesh, pods),
  };
}

export function directPath(caller: Caller, endpoint: Endpoint, payload: Payload): Path {
  const carrier = carrierOf(caller, endpoint);
  const hops = lastHops({ kind: 'caller' }, carrier, endpoint, payload);
  if ('kind' in hops) return hops;
  return {
    kind: 'path',
    hops,
    because: hops.length === 0 ? whyNothing(endpoint) : 'traffic goes straight to the pod (§4.5)',
    network: stoppedAtPod(senderOf(caller), endpoint, carrier),
    admissions: admissionsTo(endpoint.mesh, podsOfWorkload(endpoint.workload)),
  };
}

/** A tunnel arrives on its own port, whatever port it is for. */
function stoppedAtPod(sender: Sender, endpoint: Endpoint, carrier: Carrier | Stop): NetworkStop | undefined {
  const port = carrier === 'hbone' ? hbonePort : endpoint.podPort;
  return stoppedBetween(endpoint.mesh, sender, podsOfWorkload(endpoint.workload), port);
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
    peer: carrier === 'plaintext' || carrier === 'own-tls' ? { kind: 'nobody' } : peer,
    tunnelled: carrier === 'hbone',
  };
  switch (endpoint.workload.mode.plane) {
    case 'none':
      return [];
    case 'ambient':
      return ztunnelHops(arriving, endpoint);
    case 'sidecar':
      return sidecarHops(arriving, endpoint, payload, carrier === 'own-tls');
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

/** TLS of the client's own is nothing but bytes to a sidecar, and nothing that it reads where the port is declared HTTP (F-35). */
function sidecarHops(
  arriving: Arriving,
  endpoint: Endpoint,
  payload: Payload,
  isOwnTls: boolean,
): readonly Hop[] | Stop {
  const { mesh, workload, podPort } = endpoint;
  const capture = inboundCapture(workload, podPort);
  if (typeof capture !== 'boolean') return notModelled(capture.doubt);
  if (!capture && !arriving.tunnelled) return uncapturedHops(arriving.peer, podPort);
  const layer = layerAtPod(endpoint);
  if (typeof layer !== 'string') return layer;
  const sent = isOwnTls ? ({ kind: 'tcp' } as const) : payload;
  const chain = chainOf(layer === 'detected' ? layerOfClient(arriving, endpoint) : layer, sent);
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
