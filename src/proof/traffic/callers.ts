import { type Bits, bitsWhere, indexesOf } from '../../algebra/bits.js';
import type { CallerPool } from '../../algebra/caller-pool.js';
import { type CallerKind, type Callers, travelKey } from '../../algebra/callers.js';
import { constantsOf, dependsOnNamespace, type Lane } from '../../algebra/lane.js';
import { joinMentions, mentionsOfPlan, nobody } from '../../algebra/mentions.js';
import { plannerOf, withTlsNamespaces } from '../../algebra/planner.js';
import { comingTo, reachOf } from '../../algebra/reach.js';
import { boxSet, intersect, isEmpty } from '../../algebra/request-set.js';
import type { spaceMaker } from '../../algebra/space.js';
import type { Mesh } from '../../mesh/mesh.js';
import { isVisible } from '../../mesh/paths/visibility.js';
import type { ResolvedReachability } from '../../resolve/resolved-reachability.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import type { Service } from '../../topology/model.js';
import { reachabilityOf } from '../reachability/subjects.js';

/** Who asks for a Service, and how they are found. */
export interface CallerContext {
  readonly mesh: Mesh;
  readonly pool: CallerPool;
  readonly makeSpace: ReturnType<typeof spaceMaker>;
  /** What is said of what sidecars know. */
  readonly reachability: readonly ResolvedReachability[];
}

/** Everybody of the cluster whose requests some proxy may route and for whom it is meant, one of each kind that routes tell apart. */
export function routedCallers(
  { mesh, pool }: CallerContext,
  lane: Lane,
  readers: Readers,
): { all: Callers; kinds: readonly CallerKind[] } {
  const { cluster } = lane.destination;
  const named = { ...nobody, namespaces: new Set(readers) };
  const all = pool.callers(cluster, withTlsNamespaces(mesh, lane, named));
  const kinds = readers !== undefined || dependsOnNamespace(mesh, lane) ? all.kindsByNamespace : all.kinds;
  const isRouted = ({ representative: { caller } }: CallerKind) =>
    caller.cluster === cluster && caller.speaks !== 'plaintext';
  return { all, kinds: kinds.filter((kind) => isRouted(kind) && isMeantFor(readers, kind)) };
}

type Readers = ResolvedTraffic['readers'];

/** Whether settings are for a caller. Who has no proxy of Envoy's reads nothing, and is not told apart. */
export function isMeantFor(readers: Readers, { representative: { caller } }: CallerKind): boolean {
  return readers === undefined || caller.speaks === 'ambient' || readers.includes(caller.namespace ?? '');
}

/**
 * Whether the sidecars of a kind of caller are to know what their pods may call, and nothing else, of what they could see. That
 * they know all of it is proved by itself: no settings are for what they pass on to a Service that they do not know. Whom
 * nobody has deployed yet the next compilation sees.
 */
export function knowsWhatItMayCall(
  { mesh, reachability }: CallerContext,
  { classes }: Callers,
  { callers }: CallerKind,
  service: Service,
): boolean {
  const sources = indexesOf(callers).flatMap((index) => classes[index]?.sources ?? []);
  const deployed = sources.filter(({ kind }) => kind !== 'future');
  return deployed.every((source) => {
    const at = source.kind === 'workload' ? mesh.clusters.get(source.cluster) : undefined;
    const workload = source.kind === 'workload' ? at?.cluster.workloads.get(source.workload) : undefined;
    if (workload === undefined || !isVisible(service, workload.namespace)) return false;
    return reachabilityOf(mesh, workload, reachability)?.isDeclared === true;
  });
}

/**
 * Whether policies let anybody of a kind through on a lane, as far as is known; of a namespace, where kinds are told apart by it.
 * Whom nobody has deployed yet the next compilation sees.
 */
export function letsThrough(
  context: CallerContext,
  lane: Lane,
  kind: CallerKind,
  byNamespace = dependsOnNamespace(context.mesh, lane),
): boolean {
  const { space, plan, alike } = planFor(context, lane, kind, byNamespace);
  const deployed = bitsWhere(
    space.callers.classes.length,
    (index) => space.callers.classes[index]?.source.kind !== 'future',
  );
  const possibly = reachOf(context.mesh, space, plan).possibly;
  return !isEmpty(intersect(intersect(alike, boxSet(space.shape, new Map([[0, deployed]]))), possibly));
}

/** Whether routes lead any requests of a kind to the pods of a lane, whatever policies say. */
export function leadsTo(context: CallerContext, lane: Lane, kind: CallerKind): boolean {
  const { space, plan, alike } = planFor(context, lane, kind, dependsOnNamespace(context.mesh, lane));
  return !isEmpty(intersect(alike, comingTo(plan, space, 'possibly')));
}

function planFor({ mesh, pool, makeSpace }: CallerContext, lane: Lane, kind: CallerKind, byNamespace: boolean) {
  const { cluster } = lane.destination;
  const { namespace = '' } = kind.representative.caller;
  const told = byNamespace ? { ...nobody, namespaces: new Set([namespace]) } : nobody;
  const planner = plannerOf(mesh, pool, cluster);
  const scouted = planner.scout(lane);
  const callers = pool.callers(cluster, withTlsNamespaces(mesh, lane, joinMentions([mentionsOfPlan(scouted), told])));
  const plan = planner.follow(scouted, callers);
  const space = makeSpace(callers, constantsOf(mesh, plan));
  return { space, plan, alike: boxSet(space.shape, new Map([[0, likeIn(callers, kind, byNamespace)]])) };
}

function likeIn({ classes }: Callers, { representative: { caller } }: CallerKind, byNamespace: boolean): Bits {
  const own = travelKey(caller);
  return bitsWhere(classes.length, (index) => {
    const other = classes[index]?.caller;
    if (other === undefined || travelKey(other) !== own) return false;
    return !byNamespace || other.namespace === caller.namespace;
  });
}
