import { type Gateway, type Listener, targetPortOf } from '../../topology/model.js';
import { oncePer, oncePerObject } from '../../util/once.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import type { Destination, Payload, PodPort, Request, Source } from '../request.js';
import { allNaming, asSent } from '../routes/follow/matching.js';
import { type BoundListener, namesAtGateway } from '../routes/owner/at-gateway.js';
import { type Caller, callerOf } from './caller.js';
import { arrivalAt } from './gateway/arrival.js';
import { boundTogether } from './gateway/bound-routes.js';
import { connectionLegsAt } from './gateway/connection-legs.js';
import { legsForName, listenerLegs } from './gateway/gateway-legs.js';
import { serverNameOf } from './gateway/gateway-path.js';
import { decisive, type Hop, type Path } from './hops.js';
import type { Leg } from './legs.js';
import { type Way, waysOnward } from './ways.js';

export type ToGateway = Extract<Destination, { kind: 'gateway' }>;

/** Who sends on what a gateway lets through, and by which ways. */
export interface Onward {
  readonly source: Source;
  readonly sender: Caller;
  readonly ways: readonly Way[];
}

/** What a gateway does with a request or connection that a listener has let through; `undefined` where nothing is routed there. */
export function onwardFrom(mesh: Mesh, destination: ToGateway, payload: Payload): Onward | undefined {
  const routing = routingAt(mesh, destination, payload);
  if (routing === undefined) return undefined;
  const { source, sender } = routing;
  const legs = legsAt(routing, destination, payload);
  return legs && { source, sender, ways: waysOnward(mesh, sender, legs) };
}

function legsAt(
  { at, sender, gateway, listener }: Routing,
  { serverName }: ToGateway,
  payload: Payload,
): readonly Leg[] | undefined {
  if (payload.kind === 'tcp') return connectionLegsAt(at, gateway, listener, sender, serverName ?? payload.serverName);
  const sent = asSent(payload, at.cluster.settings.istio.pathNormalization);
  return listenerLegs(at, sender, gateway, listener, sent);
}

/** The ways of all requests to a listener for one of the names for which it has rules. */
export interface NamedWays {
  readonly name: string;
  readonly ways: readonly Way[];
}

/** What a gateway does with all requests that a listener lets through, by the name for which they are. */
export interface AllOnward {
  readonly sender: Caller;
  readonly bound: readonly BoundListener[];
  readonly named: readonly NamedWays[];
}

/** The same for all requests to a listener that reads them; for those without a name that has rules there is nothing. */
export const allOnwardFrom = oncePerObject((mesh: Mesh) =>
  oncePer(
    (destination: ToGateway): AllOnward | 'nothing' => {
      const routing = routingAt(mesh, destination, allRequests);
      if (routing === undefined) return 'nothing';
      const { at, sender, gateway, listener } = routing;
      const normalization = at.cluster.settings.istio.pathNormalization;
      const bound = boundTogether(at, gateway, listener);
      const named = namesAtGateway(bound).map((name) => {
        const sent = allNaming(exampleOf(name), normalization);
        const legs = legsForName({ mesh: at, caller: sender, gateway, listener, bound }, name, sent);
        return { name, ways: waysOnward(mesh, sender, legs) };
      });
      return { sender, bound, named };
    },
    ({ cluster, gateway, port, serverName }) => [cluster, gateway, port, serverName].join(' '),
  ),
);

/** Stands for all requests to a listener, whatever they name. */
const allRequests: Payload = { kind: 'http', method: 'GET', path: '/', host: '', headers: {} };

function exampleOf(name: string): string {
  return name.replace(/^\*/, 'any');
}

interface Routing {
  readonly at: MeshCluster;
  readonly gateway: Gateway;
  readonly listener: Listener;
  readonly source: Source;
  readonly sender: Caller;
}

/** The listener that is addressed, where it reads what is sent. */
function routingAt(mesh: Mesh, destination: ToGateway, payload: Payload): Routing | undefined {
  const found = listenerOf(mesh, destination, serverNameOf(destination, payload));
  const reads = payload.kind === 'tcp' ? 'connections' : 'requests';
  if (found === undefined || found.listener.reads !== reads) return undefined;
  const { cluster, gateway } = destination;
  const source = { kind: 'gateway', cluster, gateway } as const;
  const sender = callerOf(mesh, source);
  return sender.kind === 'caller' ? { ...found, source, sender } : undefined;
}

function listenerOf(
  { clusters }: Mesh,
  { cluster, gateway: key, port }: ToGateway,
  serverName: string | undefined,
): Pick<Routing, 'at' | 'gateway' | 'listener'> | undefined {
  const at = clusters.get(cluster);
  const gateway = at?.cluster.gateways.get(key);
  const arrival = gateway && arrivalAt(gateway, port, serverName);
  if (at === undefined || gateway === undefined || arrival?.kind !== 'listener') return undefined;
  return { at, gateway, listener: arrival.listener };
}

/** The same request by a client that asks in TLS for the name of its request, where that leads to the same listener. */
export function namedInTls(mesh: Mesh, request: Request): Request {
  const { destination, payload } = request;
  if (destination.kind !== 'gateway' || destination.serverName === undefined || payload.kind === 'tcp') return request;
  const serverName = payload.host.replace(/:.*$/s, '');
  const named = { ...destination, serverName };
  const [before, after] = [destination, named].map((each) => listenerOf(mesh, each, each.serverName)?.listener);
  return before === after ? { ...request, destination: named } : request;
}

/** Whether a way ends at a port of the pods of a workload. */
export function leadsToPort(mesh: Mesh, { end }: Way, { workload, port }: PodPort): boolean {
  if (end.kind !== 'pods' || !end.workloads.includes(workload)) return false;
  const pods = mesh.clusters.get(end.service.cluster)?.cluster.workloads.get(workload);
  return pods !== undefined && targetPortOf(end.port, pods) === port;
}

/** One path after the other: whatever stands behind a gateway sees the gateway where it would see its caller. */
export function joinedPath(arrived: Path, next: Path, { identity }: Caller): Path {
  if (arrived.kind !== 'path' || next.kind !== 'path') return arrived.kind === 'path' ? next : arrived;
  const sentOn = (hop: Hop): Hop =>
    hop.peer.kind !== 'caller' || identity === null ? hop : { ...hop, peer: { kind: 'proxy', identity } };
  return {
    kind: 'path',
    hops: [...arrived.hops, ...next.hops.map(sentOn)],
    because: arrived.because,
    network: decisive([arrived.network, next.network]),
    ...(arrived.admissions && { admissions: arrived.admissions }),
  };
}
