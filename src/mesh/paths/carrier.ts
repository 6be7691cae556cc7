import { keyOf, type Workload } from '../../topology/model.js';
import type { MeshCluster } from '../mesh.js';
import type { Caller } from './caller.js';
import { carrierOfProxy } from './client-proxy.js';
import type { Endpoint } from './endpoint.js';
import { type Carrier, noPath, notModelled, type Stop } from './hops.js';
import type { ServiceAt } from './legs.js';
import { outboundToUnknownHost } from './outbound.js';

/** How a caller connects to a pod (istio-traffic-topology §4.2). */
export function carrierOf(caller: Caller, endpoint: Endpoint): Carrier | Stop {
  const { service } = endpoint;
  if (caller.speaks === 'plaintext') return 'plaintext';
  if (caller.speaks === 'ambient') return takesHbone(endpoint) ? 'hbone' : 'plaintext';
  if (service !== undefined) return carrierOfProxy(caller, { ...endpoint, service });
  if (caller.speaks === 'gateway') return noPath('a gateway routes to services, not to pod addresses');
  return carrierToAddress(caller, endpoint);
}

/** A sidecar has no listener for a pod's own address (istio#37431), unless a Service without a virtual IP puts one there. */
function carrierToAddress(caller: Caller, endpoint: Endpoint): Carrier | Stop {
  const sent = outboundToUnknownHost(caller);
  const passedOn: Carrier | Stop = sent === 'passed on' ? 'plaintext' : sent;
  const listeners = listenersAtPod(endpoint.mesh, endpoint.workload, endpoint.podPort);
  const [first, ...others] = listeners.map((service) => carrierOfProxy(caller, { ...endpoint, service }));
  if (first === undefined) return passedOn;
  // A request that names another host passes a listener that detects it.
  const mayPass = isPerhapsItself(caller, endpoint) || listeners.some(({ port }) => port.layer === 'detected');
  const all = mayPass ? [...others, passedOn] : others;
  if (all.every((other) => kindOf(other) === kindOf(first))) return first;
  return notModelled(`which listener for the address of \`${keyOf(endpoint.workload)}\` takes it`);
}

/** What sidecars listen for at the pod's address: no HTTP, which they tell apart by Host. */
export function listenersAtPod(
  { cluster }: MeshCluster,
  { services }: Workload,
  podPort: number,
): readonly ServiceAt[] {
  return services.flatMap((key) => {
    const service = cluster.services.get(key);
    if (service === undefined || !service.headless) return [];
    const ports = service.ports.filter(({ number, layer }) => number === podPort && layer !== 'http');
    return ports.map((port) => ({ service, port }));
  });
}

/** A pod has no such listener for its own address. */
function isPerhapsItself({ identity, namespace }: Caller, { workload }: Endpoint): boolean {
  return namespace === workload.namespace && identity?.serviceAccount === workload.serviceAccount;
}

function kindOf(carrier: Carrier | Stop): string {
  return typeof carrier === 'string' ? carrier : carrier.kind;
}

/** Waypoints call by HBONE alone, but for endpoints of a Service that are outside the mesh (I-04). */
export function carrierOfWaypoint(endpoint: Endpoint): Carrier | Stop {
  if (takesHbone(endpoint)) return 'hbone';
  if (endpoint.service?.service.hasVip !== true) {
    return noPath('a waypoint sends by HBONE what is addressed to a pod, and this one does not listen on it (I-04)');
  }
  return endpoint.workload.mode.plane === 'none'
    ? 'plaintext'
    : notModelled('a waypoint in front of a sidecar that does not listen on HBONE (I-04)');
}

function takesHbone({ workload: { mode } }: Endpoint): boolean {
  return mode.plane === 'ambient' || mode.hbone;
}
