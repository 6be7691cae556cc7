import { writtenOf } from '../algebra/answers.js';
import { hasBit } from '../algebra/bits.js';
import { type CallerPool, callerPool } from '../algebra/caller-pool.js';
import type { CallerClass, Callers } from '../algebra/callers.js';
import { isEnforcing, nameOfPoint } from '../algebra/enforcement-points.js';
import type { LanePlan, Way } from '../algebra/lane.js';
import { type AddressedLane, lanesTo } from '../algebra/lanes.js';
import { type Mentions, mentionsOfPlan } from '../algebra/mentions.js';
import { type Planner, plannerOf, withTlsNamespaces } from '../algebra/planner.js';
import { spaceMaker } from '../algebra/space.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { unjudgedCrossings } from '../mesh/paths/crossing.js';
import type { Policy } from '../mesh/policies/policy.js';
import { infrastructure, keyOf, type Workload } from '../topology/model.js';
import { type CallerCell, cellsOf } from '../trace/matrix/cells.js';
import { groupBy, sortBy } from '../util/order.js';
import { untold } from '../util/progress.js';
import { type Who, whoIn } from './who.js';

/** Who reaches what in a whole mesh: every way into every workload, and who comes that way with what. */
export interface AccessGraph {
  readonly ways: readonly WayIn[];
  /** Why nothing is said of calls between some clusters; such callers are in no way's `access`. */
  readonly crossings: readonly string[];
}

/** One way in, as it is addressed, with whoever gets anything through. */
export interface WayIn {
  readonly workload: Workload;
  /** The port of the pods where they declare it, or where a Service or a policy names it; `undefined`: every other. */
  readonly podPort: number | undefined;
  readonly address: AddressedLane['address'];
  readonly payload: 'http' | 'tcp';
  /** Where policies are enforced on it. */
  readonly points: readonly PointOnWay[];
  readonly access: readonly Access[];
}

export interface PointOnWay {
  /** `ztunnel`, `the sidecar`, `waypoint payments/waypoint`. */
  readonly name: string;
  readonly policies: readonly Policy[];
}

/** What some callers get through, and how it comes. */
export interface Access extends CallerCell {
  readonly who: Who;
  readonly encryption: Encryption;
}

/** Whether the mesh encrypts what is let through; `unknown` where a fact is missing. */
export type Encryption = 'mutual-tls' | 'plaintext' | 'unknown';

/**
 * Answers for all callers and all requests at once, way by way. Callers that no policy on a way tells apart are one, so
 * that the answer grows with the rules and not with the square of the workloads.
 */
export function accessGraph(mesh: Mesh, progress = untold): AccessGraph {
  const scene = { mesh, pool: callerPool(mesh), makeSpace: spaceMaker(mesh) };
  const places = [...mesh.clusters.values()].flatMap((at) =>
    [...at.cluster.workloads.values()]
      .filter(({ mode }) => !infrastructure.has(mode.plane))
      .map((workload) => ({ at, workload })),
  );
  const ways = places.flatMap(({ at, workload }, index) => {
    progress('asking who reaches what', index, places.length);
    const planner = plannerOf(mesh, scene.pool, at.cluster.name);
    return waysInto({ ...scene, at, planner }, workload);
  });
  return { ways, crossings: unjudgedCrossings(mesh) };
}

interface Scene {
  readonly mesh: Mesh;
  readonly pool: CallerPool;
  readonly makeSpace: ReturnType<typeof spaceMaker>;
  readonly at: MeshCluster;
  readonly planner: Planner;
}

function waysInto(scene: Scene, workload: Workload): readonly WayIn[] {
  const { at, planner } = scene;
  const lanes = lanesTo({ at, workload, given: at.cluster, planner });
  const [last] = sortBy(
    lanes.flatMap(({ address }) => (address.kind === 'pod' ? [address.podPort] : [])),
    (port) => -port,
  );
  return lanes.map(({ lane, address }) => {
    const scouted = planner.scout(lane);
    const mentions = withTlsNamespaces(scene.mesh, lane, mentionsOfPlan(scouted));
    const callers = scene.pool.callers(workload.cluster, mentions);
    const plan = planner.follow(scouted, callers);
    const isAnyOther = address.kind === 'pod' && address.podPort === last;
    return {
      workload,
      podPort: isAnyOther ? undefined : address.podPort,
      address,
      payload: lane.payload,
      points: pointsOn(plan),
      access: accessOf(scene, callers, mentions, plan),
    };
  });
}

function pointsOn({ ways }: LanePlan): readonly PointOnWay[] {
  const gates = ways.flatMap((way) => way.gates).filter(isEnforcing);
  const byName = groupBy(gates, ({ hop }) => nameOfPoint(hop.point));
  return sortBy(byName, ([name]) => name).map(([name, own]) => {
    const policies = own.flatMap(({ enforcement }) => [
      ...enforcement.policies.map(writtenOf),
      ...enforcement.authentication.map(writtenOf),
    ]);
    return { name, policies: sortBy(new Set(policies), ({ kind }) => kind, keyOf) };
  });
}

function accessOf({ mesh, makeSpace }: Scene, callers: Callers, mentions: Mentions, plan: LanePlan): readonly Access[] {
  const cells = cellsOf(mesh, callers, plan, (constants) => makeSpace(callers, constants));
  const all = callers.classes.flatMap((caller, index): readonly Access[] => {
    const cell = cells[index];
    if (cell === undefined || isUnjudgedCrossing(caller, cell, plan)) return [];
    const encryption = cell.kind === 'none' ? 'unknown' : encryptionOf(plan.ways, index);
    return [{ ...cell, who: whoIn(caller, mentions), encryption }];
  });
  return joined(withoutRepetition(all));
}

function isUnjudgedCrossing({ caller: { cluster } }: CallerClass, { kind, through }: CallerCell, { lane }: LanePlan) {
  const isCrossing = cluster !== undefined && cluster !== lane.destination.cluster;
  return isCrossing && kind === 'not-modelled' && through.length === 0;
}

/** A way without a hop has nobody at its end who could end a tunnel or a handshake. */
function encryptionOf(ways: readonly Way[], caller: number): Encryption {
  const own = ways.filter(({ callers, stop }) => hasBit(callers, caller) && stop?.kind !== 'no-path');
  const peers = own.map(({ gates, stop }) =>
    stop === undefined ? gates.map(({ hop }) => hop.peer.kind) : ['unknown'],
  );
  if (peers.some((kinds) => kinds.includes('unknown'))) return 'unknown';
  const isPlain = (kinds: readonly string[]) => kinds.length === 0 || kinds.includes('nobody');
  return peers.some(isPlain) ? 'plaintext' : 'mutual-tls';
}

/** Who gets what everybody of the kind gets is not named apart, and whoever gets nothing only where others of the kind do. */
function withoutRepetition(all: readonly Access[]): readonly Access[] {
  const keys = new Map(all.map((each) => [`${each.who.kindKey} ${each.who.kind} ${each.who.name}`, each]));
  const wider = ({ who }: Access) => {
    const rest = keys.get(`${who.kindKey} rest `);
    if (who.kind !== 'identity' || who.namespace === undefined) return who.kind === 'rest' ? undefined : rest;
    return keys.get(`${who.kindKey} namespace ${who.namespace}`) ?? rest;
  };
  return all.filter((each) => {
    const of = wider(each);
    return of === undefined ? each.kind !== 'none' : contentOf(each) !== contentOf(of);
  });
}

/** The same callers on several planes or of several clusters, where they get the same. */
function joined(all: readonly Access[]): readonly Access[] {
  const alike = groupBy(all, (each) => `${each.who.kind} ${each.who.label} ${contentOf(each)}`);
  const found = [...alike.values()].flatMap((group): readonly Access[] => {
    const [first] = group;
    if (first === undefined) return [];
    const clusters = [...new Set(group.flatMap(({ who }) => who.clusters))].sort();
    const planes = [...new Set(group.flatMap(({ who }) => who.planes))].sort();
    const isFuture = group.every(({ who }) => who.isFuture);
    return [{ ...first, who: { ...first.who, clusters, planes, isFuture } }];
  });
  return sortBy(
    found,
    ({ who }) => order.indexOf(who.kind),
    ({ who }) => who.label,
  );
}

/** Who is named comes first. */
const order: ReadonlyArray<Who['kind']> = ['identity', 'namespace', 'rest', 'outside'];

function contentOf({ who: _, ...content }: Access): string {
  return JSON.stringify(content);
}
