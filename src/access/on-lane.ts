import { writtenOf } from '../algebra/answers.js';
import { hasBit } from '../algebra/bits.js';
import type { CallerPool } from '../algebra/caller-pool.js';
import type { CallerClass, Callers } from '../algebra/callers.js';
import { isEnforcing, nameOfPoint } from '../algebra/enforcement-points.js';
import type { Lane, LanePlan, Way } from '../algebra/lane.js';
import { type Mentions, mentionsOfPlan } from '../algebra/mentions.js';
import { type Planner, withTlsNamespaces } from '../algebra/planner.js';
import type { spaceMaker } from '../algebra/space.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { keyOf } from '../topology/model.js';
import { type CallerCell, cellsOf } from '../trace/matrix/cells.js';
import { groupBy, sortBy } from '../util/order.js';
import { type Access, type AccessOnWay, contentOf, type Encryption, joined, type PointOnWay } from './access.js';
import { type Who, whoIn } from './who.js';

/** What is asked of one cluster of a mesh, and what is remembered of it. */
export interface Scene {
  readonly mesh: Mesh;
  readonly pool: CallerPool;
  readonly makeSpace: ReturnType<typeof spaceMaker>;
  readonly at: MeshCluster;
  readonly planner: Planner;
}

/** Everybody on one way, those together whom no policy on it tells apart. */
export function accessOn(scene: Scene, lane: Lane): AccessOnWay {
  const { mesh, planner, pool } = scene;
  const scouted = planner.scout(lane);
  const mentions = withTlsNamespaces(mesh, lane, mentionsOfPlan(scouted));
  const callers = pool.callers(lane.destination.cluster, mentions);
  const plan = planner.follow(scouted, callers);
  return { payload: lane.payload, points: pointsOn(plan), access: accessOf(scene, callers, mentions, plan) };
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
  const stopped = callers.classes.flatMap((each, index) => {
    const isStopped = cells[index]?.kind === 'none' && hasOwnLimits(each);
    return isStopped ? [groupOf(whoIn(each, mentions))] : [];
  });
  return joined(withoutRepetition(all).map((each) => withoutStopped(each, new Set(stopped))));
}

/** Whether a Sidecar or a NetworkPolicy has a say in what a caller reaches. */
function hasOwnLimits({ caller: { scopes = [], networkPolicies = [] } }: CallerClass): boolean {
  return scopes.length + networkPolicies.length > 0;
}

function groupOf({ kind, name }: Who): string {
  return `${kind} ${name}`;
}

/** Of many who are told as one, whoever gets nothing by a limit of its own is said to be none of them. */
function withoutStopped(access: Access, stopped: ReadonlySet<string>): Access {
  const { who } = access;
  const isOfMany = who.kind === 'rest' || who.kind === 'namespace';
  if (!isOfMany || access.kind === 'none' || !stopped.has(groupOf(who))) return access;
  return { ...access, who: { ...who, label: `${who.label} that no Sidecar or NetworkPolicy stops` } };
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
