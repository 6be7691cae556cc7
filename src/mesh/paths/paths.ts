import { keyOf } from '../../topology/model.js';
import { doubtAboutNamespace } from '../doubts/unwatched.js';
import type { Mesh } from '../mesh.js';
import type { Destination, Payload } from '../request.js';
import { type Caller, towardsPort } from './caller.js';
import { arrivalPort } from './client-proxy.js';
import { crossingTo } from './crossing-to.js';
import { type Endpoint, resolveEndpoint } from './endpoint.js';
import { gatewayOf } from './gateway/gateway-of.js';
import { gatewayPath } from './gateway/gateway-path.js';
import { noPath, notModelled, type Path, type Stop } from './hops.js';
import { directPath, throughWaypoint } from './pod-hops.js';
import { addressedService, waypointHop, waypointOf } from './waypoint-hop.js';

/** What is addressed in the mesh: to a host outside it a request goes by ways, as routes say. */
export type ToMesh = Exclude<Destination, { kind: 'external' }>;

/** Which enforcement points a request passes, in order, by the kind of its caller and its addressing (§4.5). */
export function pathOf(mesh: Mesh, source: Caller, destination: ToMesh, payload: Payload): Path {
  const caller = towardsPort(source, destination.port);
  if (caller.kind !== 'caller') return caller;
  const doubt = doubtAboutDestination(mesh, destination);
  if (doubt !== undefined) return notModelled(doubt);
  if (destination.kind === 'gateway') return gatewayPath(mesh, caller, destination, payload);
  const addressed = resolveEndpoint(mesh, destination);
  if (addressed.kind !== 'endpoint') return addressed;
  const unsent = payload.kind === 'tcp' ? bytesNotSentOn(caller, addressed) : undefined;
  if (unsent !== undefined) return unsent;
  if (addressed.workload.mode.plane === 'gateway') return throughGateway(mesh, caller, addressed, destination, payload);
  const endpoint = { ...addressed, podPort: arrivalPort(caller, addressed) };
  const crossing = crossingTo(mesh, caller, endpoint);
  if (crossing !== undefined) return crossing;
  const addressedAt = addressedService(endpoint);
  const waypoint = waypointOf(caller, endpoint.mesh, addressedAt?.service ?? endpoint.workload);
  if (waypoint === undefined) return directPath(caller, endpoint, payload);
  if (waypoint.kind !== 'bound') return waypoint;
  const first = waypointHop(waypoint.waypoint, caller, endpoint.mesh, addressedAt ?? endpoint.podPort, payload);
  return 'chain' in first ? throughWaypoint(caller, first, waypoint.waypoint, endpoint, payload) : first;
}

/** Of a gateway, to a port for requests: on one for bytes a request is bytes as well. */
function bytesNotSentOn({ connectionsTo }: Caller, { service: addressed }: Endpoint): Stop | undefined {
  if (connectionsTo === undefined || addressed?.port.layer !== 'http') return undefined;
  const { host } = addressed.service;
  if (connectionsTo.includes(host.toLowerCase())) return undefined;
  return noPath(`no rule of the gateway for connections leads to \`${host}\`, and all others send requests on (§2.10)`);
}

/** A gateway that is addressed by its Service, or by its pods. */
function throughGateway(
  mesh: Mesh,
  caller: Caller,
  { mesh: at, workload }: Endpoint,
  { port }: ToMesh,
  payload: Payload,
): Path {
  const gateway = gatewayOf(at, workload);
  if (gateway === undefined) return notModelled(`which Gateway the pods of \`${keyOf(workload)}\` serve`);
  const destination = { kind: 'gateway', cluster: at.cluster.name, gateway: keyOf(gateway), port } as const;
  return gatewayPath(mesh, caller, destination, payload);
}

/** Nothing stands before a pod outside the mesh, whether istiod knows of it or not. */
function doubtAboutDestination(mesh: Mesh, destination: ToMesh): string | undefined {
  const at = mesh.clusters.get(destination.cluster);
  const key = nameIn(destination);
  if (at === undefined || at.cluster.workloads.get(key)?.mode.plane === 'none') return undefined;
  return doubtAboutNamespace(at, key.split('/')[0] ?? '');
}

/** The workload or gateway that is addressed, as `namespace/name`. */
function nameIn(destination: ToMesh): string {
  return destination.kind === 'gateway' ? destination.gateway : destination.workload;
}
