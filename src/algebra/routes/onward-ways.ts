import type { Mesh } from '../../mesh/mesh.js';
import type { Caller } from '../../mesh/paths/caller.js';
import { allOnwardFrom, joinedPath, leadsToPort, onwardFrom, type ToGateway } from '../../mesh/paths/onward.js';
import { pathOf } from '../../mesh/paths/paths.js';
import { pathOfWay } from '../../mesh/paths/ways.js';
import type { TextMatcher } from '../../mesh/policies/matcher.js';
import type { Payload, PodPort, Source } from '../../mesh/request.js';
import { coversName } from '../../topology/listeners/admitted.js';
import { once } from '../../util/once.js';
import type { Test } from '../dimension.js';
import { mayLeadTo } from './route-ends.js';
import { joined, nowhere, type OnLane, type RoutedWay, type Tell, waysLeading } from './routed-ways.js';
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
