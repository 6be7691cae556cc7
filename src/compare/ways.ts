import { lanesToGateway, namesComparedAt } from '../algebra/gateway-lanes.js';
import { type Lane, nameOfLane, planLane, policiesOf } from '../algebra/lane.js';
import { type AddressedLane, lanesTo, lastPort, type Place, unmentionedPort } from '../algebra/lanes.js';
import { plannerOf } from '../algebra/planner.js';
import { resolveEndpoint } from '../mesh/paths/endpoint.js';
import { portsNamedBy } from '../mesh/policies/compiled.js';
import { type Cluster, type Gateway, keyOf, type Workload } from '../topology/model.js';
import type { State } from './states.js';

/** A way in as it would be, beside the ways on which the same was to be had before. */
export interface WayIn {
  readonly lane: Lane;
  /** The same way; to an address that is new, every other way to the same port of the pods. */
  readonly before: readonly Lane[];
  readonly isNew: boolean;
  /** Whether somebody means routes to lead its requests: then they may go elsewhere. */
  readonly isRouted: boolean;
  /** Whether it is for bytes that are no request, since requests come by a way of their own. */
  readonly isBesideRequests?: boolean;
}

/** Every way to a workload that lanes of either state of the mesh are for. */
export function waysToWorkload(
  before: State,
  after: State,
  workload: Workload,
  isRouted: (lane: Lane) => boolean,
  lanesOf: LanesTo = lanesTo,
): readonly WayIn[] {
  const given = before.mesh.clusters.get(workload.cluster)?.cluster;
  const [earlier, later] = [before, after].map((state) => (given ? lanesIn(state, workload, given, lanesOf) : []));
  const lanes = new Map([...(earlier ?? []), ...(later ?? [])].map((each) => [nameOfLane(each.lane), each]));
  return [...lanes.values()].map(({ lane, address }) => {
    const { destination, payload } = lane;
    const isBesideRequests = payload === 'tcp' && lanes.has(nameOfLane({ destination, payload: 'http' }));
    const wasThere = (earlier ?? []).some((each) => nameOfLane(each.lane) === nameOfLane(lane));
    if (!('workload' in destination) || wasThere || resolveEndpoint(before.mesh, destination).kind === 'endpoint') {
      return { lane, before: [lane], isNew: false, isRouted: isRouted(lane), isBesideRequests };
    }
    const { podPort } = address;
    const { cluster, workload: key } = destination;
    const atPods: Lane = { destination: { kind: 'pod', cluster, workload: key, port: podPort }, payload };
    const others = (earlier ?? []).filter(
      (each) => each.address.kind === 'service' && each.address.podPort === podPort,
    );
    return {
      lane,
      before: [atPods, ...others.map((each) => ({ ...each.lane, payload }))],
      isNew: true,
      isRouted: false,
      isBesideRequests,
    };
  });
}

type LanesTo = (place: Place) => readonly AddressedLane[];

function lanesIn(
  { mesh, pool }: State,
  { cluster, ...names }: Workload,
  given: Cluster,
  lanesOf: LanesTo,
): readonly AddressedLane[] {
  const at = mesh.clusters.get(cluster);
  const workload = at?.cluster.workloads.get(keyOf(names));
  if (at === undefined || workload === undefined) return [];
  return lanesOf({ at, workload, given, planner: plannerOf(mesh, pool, cluster) });
}

/** Every way to a gateway: to each of its listeners; without one, to the ports that policies name and to any other. */
export function waysToGateway(before: State, after: State, gateway: Gateway): readonly WayIn[] {
  const compared = [before, after].flatMap(({ mesh: { clusters } }) => {
    const at = clusters.get(gateway.cluster);
    const known = at?.cluster.gateways.get(keyOf(gateway));
    return at === undefined || known === undefined ? [] : namesComparedAt(at, known);
  });
  const lanes = lanesToGateway(gateway, compared).map(({ lane }) => lane);
  const all = lanes.length === 0 && gateway.kind === 'classic' ? anyLanes([before, after], gateway) : lanes;
  return all.map((lane) => ({ lane, before: [lane], isNew: false, isRouted: false }));
}

function anyLanes(states: readonly State[], { cluster, ...names }: Gateway): readonly Lane[] {
  const laneAt = (port: number, payload: Lane['payload']): Lane => {
    return { destination: { kind: 'gateway', cluster, gateway: keyOf(names), port }, payload };
  };
  const named = states.flatMap(({ mesh, pool }) => {
    const policies = policiesOf(planLane(mesh, pool.scouts(cluster), laneAt(lastPort, 'http')));
    return portsNamedBy(policies);
  });
  const ports = [...new Set([...named, unmentionedPort(new Set(named))])];
  return ports.flatMap((port) => (['http', 'tcp'] as const).map((payload) => laneAt(port, payload)));
}
