import type { Mesh } from '../mesh/mesh.js';
import { notModelled } from '../mesh/paths/hops.js';
import { type HostChoice, hostChoice, mayLeadTo } from '../mesh/paths/host-choice.js';
import { outboundToUnknownHost } from '../mesh/paths/outbound.js';
import { type HostAtPod, hostAtPod } from '../mesh/paths/ways.js';
import { enforcementAt } from '../mesh/policies/enforcement.js';
import { groupBy } from '../util/order.js';
import { bitsOf, indexesOf } from './bits.js';
import { where } from './conditions.js';
import { addressedBy, type LanePlan, planWay, type Way } from './lane.js';
import { boxSet, intersect, type RequestSet } from './request-set.js';
import { drawnAmong } from './routes/drawn-ways.js';
import type { Space } from './space.js';

/** Requests of some callers that come one way because of the host that they name. */
export interface HostWay {
  readonly way: Way;
  readonly requests: RequestSet;
  /** Whether proxies may draw another one to the same pods. */
  readonly isDrawn: boolean;
}

/**
 * The ways of a lane where hosts are told apart: what names another host than the Service leaves the callers' sidecars in
 * plaintext, or goes to what has that name (istio-traffic-topology T-92). What is addressed to a pod goes by the name as well where
 * they listen for requests to its port (I-09).
 */
export function waysByHost(mesh: Mesh, space: Space, plan: LanePlan): readonly HostWay[] {
  const drawn = drawnAmong(plan.ways);
  return plan.ways.flatMap((whole) => {
    const isDrawn = drawn.has(whole);
    return partsOf(space, whole).flatMap((way): readonly HostWay[] => {
      const callers = boxSet(space.shape, new Map([[0, way.callers]]));
      const led = ledAtPod(mesh, space, plan, way);
      if (led !== undefined) {
        const open = { ...way, stop: ofHostAtPod, gates: [] };
        return [
          { way, requests: intersect(callers, led('as it came')), isDrawn },
          { way: open, requests: intersect(callers, led('not known')), isDrawn: false },
        ];
      }
      const choose = chooserOf(mesh, space, plan, way);
      if (choose === undefined) return [{ way, requests: callers, isDrawn }];
      const unknown = unknownHostWay(mesh, plan, way);
      const byRoutes = { ...way, stop: ofRoutesAlone, gates: [] };
      return [
        { way, requests: intersect(callers, choose('the Service')), isDrawn },
        { way: unknown, requests: intersect(callers, choose('nothing known')), isDrawn: false },
        { way: byRoutes, requests: intersect(callers, choose('by routes', true)), isDrawn: false },
      ];
    });
  });
}

const ofHostAtPod = notModelled('what becomes of some requests to the address of a pod, which go by their Host header');
const ofRoutesAlone = notModelled('what becomes of requests to a host that routes alone have');

/** What a name means to a sidecar depends on the namespace of its pod: a bare one is that of a Service there. */
function partsOf(space: Space, way: Way): readonly Way[] {
  if (way.representative.caller.speaks !== 'sidecar' || !space.positions.has('request.host')) return [way];
  const { classes } = space.callers;
  const groups = groupBy(indexesOf(way.callers), (index) => classes[index]?.caller.namespace);
  return [...groups.values()].flatMap((indexes) => {
    const representative = classes[indexes[0] ?? -1];
    return representative === undefined ? [] : [{ ...way, representative, callers: bitsOf(indexes) }];
  });
}

/** As nobody's, where the sidecar passes on what it does not know. */
function unknownHostWay(mesh: Mesh, { lane }: LanePlan, { callers, representative }: Way): Way {
  const { caller } = representative;
  const sent = outboundToUnknownHost(caller);
  if (sent !== 'passed on') return { callers, representative, stop: sent, gates: [] };
  const asNobody = { ...caller, speaks: 'plaintext', identity: null } as const;
  const kind = { callers, representative: { ...representative, caller: asNobody } };
  return planWay(mesh, kind, lane, (hop) => ({ hop, enforcement: enforcementAt(hop) }));
}

/** The requests of a way that do not name the Service, and of one to a pod's own address those that are led elsewhere. */
export function namingOthers(mesh: Mesh, space: Space, plan: LanePlan): readonly RequestSet[] {
  return plan.ways
    .flatMap((whole) => partsOf(space, whole))
    .flatMap((way) => {
      const callers = boxSet(space.shape, new Map([[0, way.callers]]));
      const led = ledAtPod(mesh, space, plan, way);
      if (led !== undefined) return [intersect(callers, led('elsewhere'))];
      const choose = chooserOf(mesh, space, plan, way);
      if (choose === undefined) return [];
      return (['nothing known', 'elsewhere', 'by routes'] as const).map((other) => intersect(callers, choose(other)));
    });
}

/** The requests to a pod's own address that their Host header leads so; `undefined` where nobody looks at it. */
function ledAtPod(mesh: Mesh, space: Space, { lane }: LanePlan, { representative: { caller } }: Way) {
  const { destination, payload } = lane;
  if (destination.kind !== 'pod' || payload !== 'http' || !space.positions.has('request.host')) return undefined;
  return (wanted: HostAtPod) =>
    where(space, 'request.host', ([host = '']) => hostAtPod(mesh, caller, destination, host) === wanted);
}

/** The requests that make a choice; `undefined` where the Host header makes none, or nobody looks at it. */
function chooserOf(mesh: Mesh, space: Space, { lane }: LanePlan, { representative: { caller } }: Way) {
  const at = mesh.clusters.get(lane.destination.cluster);
  const addressed = at && addressedBy(at, lane);
  if (at === undefined || addressed === undefined || !space.positions.has('request.host')) return undefined;
  if (caller.speaks !== 'sidecar' || caller.cluster !== at.cluster.name) return undefined;
  const { destination } = lane;
  const workload = 'workload' in destination ? destination.workload : '';
  return (wanted: HostChoice, isLeadingHere = false) =>
    where(space, 'request.host', ([host = '']) => {
      if (hostChoice(at, caller, addressed, host) !== wanted) return false;
      return !isLeadingHere || mayLeadTo(at, caller, addressed, host, workload);
    });
}
