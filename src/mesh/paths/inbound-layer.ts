import { type PortLayer, targetPortOf } from '../../topology/model.js';
import { layerOfProtocol } from '../../topology/port-protocol.js';
import { flag, type MeshCluster } from '../mesh.js';
import type { Endpoint } from './endpoint.js';
import { notModelled, type Stop } from './hops.js';
import type { SidecarResource } from './sidecar-resource.js';
import { sidecarsOf } from './sidecar-scope.js';

/** What the sidecar of a pod reads on a port: the bytes of connections, requests, or whichever it detects (§2.9). */
export function layerAtPod(endpoint: Endpoint): PortLayer | Stop {
  const { mesh, workload } = endpoint;
  const sidecars = workload.mode.plane === 'sidecar' ? sidecarsOf(mesh, workload) : [];
  const [first, ...others] = sidecars.map((sidecar) => layerOfListener(sidecar, endpoint));
  if (first === undefined) return layerOfServices(endpoint);
  if (typeof first !== 'string' || others.every((layer) => layer === first)) return first;
  return notModelled(`port ${endpoint.podPort}, of which Sidecars of no known age say different things (§2.9)`);
}

/** The listener of a Sidecar that says so, in words; `undefined` where it is left to the Services. */
export function listenerOf({ mesh, workload, podPort }: Endpoint): string | undefined {
  const [sidecar] = sidecarsOf(mesh, workload);
  const listener = sidecar?.ingress.find(({ port }) => port === podPort);
  if (sidecar === undefined || listener === undefined) return undefined;
  return `Sidecar ${sidecar.namespace}/${sidecar.name} reads ${listener.protocol} on port ${podPort} (§2.9)`;
}

/** A Sidecar that has listeners speaks of all ports: those that it leaves out are of no protocol. */
function layerOfListener(sidecar: SidecarResource, endpoint: Endpoint): PortLayer | Stop {
  const { mesh, podPort } = endpoint;
  const { ingress, namespace, name } = sidecar;
  const listener = ingress.find(({ port }) => port === podPort);
  if (listener === undefined)
    return ingress.length === 0 || mergesServices(mesh) ? layerOfServices(endpoint) : 'detected';
  if (listener.isAddressed || (listener.hasTls && flag(mesh, 'ENABLE_TLS_ON_SIDECAR_INGRESS'))) {
    return notModelled(`the listener for port ${podPort} of Sidecar ${namespace}/${name} (§2.9)`);
  }
  return layerOfProtocol(listener.protocol);
}

function mergesServices(mesh: MeshCluster): boolean {
  return flag(mesh, 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE');
}

/** What the Services that lead there declare, and detection where none does. */
function layerOfServices({ mesh, workload, podPort }: Endpoint): PortLayer | Stop {
  const declared = workload.services
    .flatMap((key) => mesh.cluster.services.get(key)?.ports ?? [])
    .filter((port) => targetPortOf(port, workload) === podPort)
    .map(({ layer }) => layer);
  const [layer = 'detected', ...others] = [...new Set(declared)];
  if (others.length === 0) return layer;
  return notModelled(`pod port ${podPort}, to which Services give different protocols`);
}
