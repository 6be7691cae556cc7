import type { Caller } from './caller.js';
import { carrierOfProxy } from './client-proxy.js';
import type { Endpoint } from './endpoint.js';
import { type Carrier, noPath, notModelled, type Stop } from './hops.js';
import { outboundToUnknownHost } from './outbound.js';

/** How a caller connects to a pod (istio-traffic-topology §4.2). */
export function carrierOf(caller: Caller, endpoint: Endpoint): Carrier | Stop {
  const { service } = endpoint;
  if (caller.speaks === 'plaintext') return 'plaintext';
  if (caller.speaks === 'ambient') return takesHbone(endpoint) ? 'hbone' : 'plaintext';
  if (service !== undefined) return carrierOfProxy(caller, { ...endpoint, service });
  if (caller.speaks === 'gateway') return noPath('a gateway routes to services, not to pod addresses');
  // A sidecar knows no listener for a pod's own address (istio#37431).
  const sent = outboundToUnknownHost(caller);
  return sent === 'passed on' ? 'plaintext' : sent;
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
