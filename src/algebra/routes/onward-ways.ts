import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { Caller } from '../../mesh/paths/caller.js';
import { arrivalAt } from '../../mesh/paths/gateway/arrival.js';
import { namesLedOn } from '../../mesh/paths/gateway/connection-legs.js';
import { allOnwardFrom, joinedPath, leadsToPort, onwardFrom, type ToGateway } from '../../mesh/paths/onward.js';
import { pathOf } from '../../mesh/paths/paths.js';
import { type Way as MeshWay, pathOfWay } from '../../mesh/paths/ways.js';
import type { TextMatcher } from '../../mesh/policies/matcher.js';
import type { Payload, PodPort, Source } from '../../mesh/request.js';
import { coversName } from '../../topology/listeners/admitted.js';
import { once } from '../../util/once.js';
import type { Test } from '../dimension.js';
import { mayLeadTo } from './route-ends.js';
import {
  arrivingBy,
  choicesOf,
  joined,
  nowhere,
  type OnLane,
  type RoutedWay,
  type Tell,
  waysLeading,
} from './routed-ways.js';
import type { routingPoints } from './table-sets.js';

/** The ways of all requests that a gateway takes at a listener and leads to some pods. */
export function onwardWays(
  mesh: Mesh,
  caller: Caller,
  destination: ToGateway,
  pods: PodPort,
  payload: Payload,
  pointAt: ReturnType<typeof routingPoints>,
  tell?: Tell,
): readonly RoutedWay[] {
  const at = mesh.clusters.get(destination.cluster);
  const arrived = pathOf(mesh, caller, destination, payload);
  if (at === undefined) return [nowhere];
  const lane = (sender: Caller): OnLane => ({
    pointAt,
    at,
    leads: (way) => leadsToPort(mesh, way, pods),
    isOf: (service) => service.workloads.includes(pods.workload),
    pathOf: (way) => joinedPath(arrived, pathOfWay(mesh, way, pods.workload, payload), sender),
    before: arrived.kind === 'path' ? arrived.hops : [],
    ...(tell && { tell: (way) => tell(way, gatewayIn(destination)) }),
  });
  if (payload.kind === 'tcp') {
    const connections = onwardFrom(mesh, destination, payload);
    const led = connections === undefined ? [] : waysLeading(connections.ways, lane(connections.sender));
    return led.length === 0 ? [nowhere] : joined(led);
  }
  const onward = allOnwardFrom(mesh)(destination);
  if (onward === 'nothing') return [nowhere];
  const { sender, bound, named } = onward;
  const onLane = lane(sender);
  const names = named.map(({ name }) => name);
  const found = named.flatMap(({ name, ways }) => {
    const end = { workload: pods.workload, podPort: pods.port };
    const isOpen = once(() => mayLeadTo(at, bound, name, end));
    const own = ways.filter((way) => way.end.kind !== 'not-modelled' || isOpen());
    return waysLeading(own, onLane).map((way) => ({ ...way, served: { name, host: hostFor(name, names) } }));
  });
  return found.length === 0 ? [nowhere] : joined(found);
}

function gatewayIn({ cluster, gateway }: ToGateway): Source {
  return { kind: 'gateway', cluster, gateway };
}

/** A way on which a gateway leads requests or connections that it has let through, and what becomes of them on it. */
export interface WayOnward extends Pick<RoutedWay, 'choices' | 'served' | 'arriving'> {
  readonly way: MeshWay;
}

/**
 * All ways on from a listener, wherever they end, as much as each is told apart. Of what takes none of them the gateway
 * has no rule, and it leads nowhere.
 */
export function allWaysOnward(
  mesh: Mesh,
  destination: ToGateway,
  payload: Payload['kind'],
  pointAt: ReturnType<typeof routingPoints>,
): readonly WayOnward[] {
  const at = mesh.clusters.get(destination.cluster);
  if (at === undefined) return [];
  const told = (way: MeshWay): WayOnward => ({
    way,
    choices: choicesOf(way, { pointAt, at }),
    arriving: arrivingBy(way, at),
  });
  if (payload === 'tcp') return connectionsOnward(mesh, at, destination).map(told);
  const onward = allOnwardFrom(mesh)(destination);
  if (onward === 'nothing') return [];
  const names = onward.named.map(({ name }) => name);
  return onward.named.flatMap(({ name, ways }) =>
    ways.map((way) => ({ ...told(way), served: { name, host: hostFor(name, names) } })),
  );
}

/** A listener that passes TLS through leads on by the server name, whichever of them the lane was made for. */
function connectionsOnward(mesh: Mesh, at: MeshCluster, destination: ToGateway): readonly MeshWay[] {
  const gateway = at.cluster.gateways.get(destination.gateway);
  const arrival = gateway && arrivalAt(gateway, destination.port, destination.serverName);
  if (gateway === undefined || arrival?.kind !== 'listener') return [];
  const { listener } = arrival;
  const names =
    listener.tls === 'PASSTHROUGH'
      ? namesLedOn(at, gateway, listener).map((name) => name.replace(/^\*/, 'any'))
      : [undefined];
  return names.flatMap((serverName) => {
    const to = serverName === undefined ? destination : { ...destination, serverName };
    return onwardFrom(mesh, to, { kind: 'tcp' })?.ways ?? [];
  });
}

/** What the Host must be for a name to be the closest: what it means, and no name that is closer. */
function hostFor(name: string, names: readonly string[]): Test {
  const closer = names.filter((other) => other !== name && coversName(name, other));
  return { attribute: 'request.host', anyOf: name === '*' ? [] : [named(name)], noneOf: closer.map(named) };
}

function named(name: string): TextMatcher {
  const matcher = name.startsWith('*')
    ? ({ kind: 'suffix', value: name.slice(1), ignoreCase: true } as const)
    : ({ kind: 'exact', value: name, ignoreCase: true } as const);
  return { kind: 'without-port', matcher };
}
