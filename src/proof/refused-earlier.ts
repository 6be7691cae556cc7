import { namingOthers } from '../algebra/by-host.js';
import { constantsOf, type Lane, type LanePlan, nameOfLane } from '../algebra/lane.js';
import { lanesTo, mentionedPodPorts, type Place } from '../algebra/lanes.js';
import { answerTo, TooLarge } from '../algebra/limits.js';
import { mentionsOfPlan } from '../algebra/mentions.js';
import { plannerOf, withTlsNamespaces } from '../algebra/planner.js';
import { comingTo, reachOf } from '../algebra/reach.js';
import { complement, fullSet, intersect, isEmpty, type RequestSet, subtract, union } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import { resolveEndpoint } from '../mesh/paths/endpoint.js';
import { type Destination, describeDestination } from '../mesh/request.js';
import { keyOf } from '../topology/model.js';
import { once } from '../util/once.js';
import { comparisonsTo, type TellingApart } from './comparisons.js';
import { type Difference, differenceOf } from './difference.js';
import type { Earlier } from './earlier.js';
import { type Comparison, type ProofContext, proveLane } from './prove-lane.js';
import { isShutIn } from './shut-earlier.js';
import type { Subject } from './subjects.js';

/**
 * What policies by hand refuse of what a workload is to be sent: that of which every request was refused in the earlier state too
 * apart from the rest. It is a matter of sets: whom else a policy keeps out by now does not show in the requests that it refused
 * before. Where the two states cannot be compared nothing is known of the earlier one.
 */
export function refusedApart(
  context: ProofContext,
  earlier: Earlier,
  subject: Subject,
  refused: readonly Difference[],
): readonly Difference[] {
  const place = placeIn(earlier, subject);
  if (place === undefined || earlier.callers().unknown.length > 0) return refused;
  const isShut = isShutIn(earlier, place);
  if (refused.every(({ decision }) => isShut(decision.request.destination))) return refused.map(asBefore);
  const apart = answerTo(() => comparedWith(context, { earlier, place, subject, refused }));
  return apart instanceof TooLarge ? refused : apart;
}

function asBefore(difference: Difference): Difference {
  return { ...difference, wasRefused: true };
}

interface Compared {
  readonly earlier: Earlier;
  readonly place: Place;
  readonly subject: Subject;
  readonly refused: readonly Difference[];
}

function comparedWith(context: ProofContext, { earlier, place, subject, refused }: Compared): readonly Difference[] {
  const { pool } = earlier.callers();
  const destinations = refused.map(({ decision }) => decision.request.destination);
  const comparisons = comparisonsTo({ ...context, pool }, subject, toldApartIn(earlier, place, destinations));
  const lanes = comparisons.map(({ plan }) => plan.lane);
  const before = { earlier, place, isAlike: isComparable(earlier, place, lanes) };
  return comparisons.flatMap((comparison) => partsOf(context, comparison, before));
}

/** Where the workload stands in the earlier state. */
function placeIn({ mesh, callers }: Earlier, { workload, given }: Subject): Place | undefined {
  const at = mesh.clusters.get(workload.cluster);
  const before = at?.cluster.workloads.get(keyOf(workload));
  if (at === undefined || before === undefined) return undefined;
  return { workload: before, at, given, planner: plannerOf(mesh, callers().poolBefore, workload.cluster) };
}

/** Whatever the earlier state told apart on the ways to these: ports of pods, requests on them, and callers. */
function toldApartIn({ mesh }: Earlier, place: Place, destinations: readonly Destination[]): TellingApart {
  const named = new Set(destinations.map(describeDestination));
  const arePods = destinations.some(({ kind }) => kind === 'pod');
  return {
    isMeant: ({ destination }) => (destination.kind === 'pod' ? arePods : named.has(describeDestination(destination))),
    ports: arePods ? [...mentionedPodPorts(place)] : [],
    readsRequests: true,
    mentionsOn: (lane) => withTlsNamespaces(mesh, lane, mentionsOfPlan(place.planner.scout(lane))),
  };
}

/** The earlier state as a way is compared with it. */
interface Before {
  readonly earlier: Earlier;
  readonly place: Place;
  readonly isAlike: (lane: Lane) => boolean;
}

function partsOf(context: ProofContext, comparison: Comparison, before: Before): readonly Difference[] {
  const { earlier, place } = before;
  const callers = earlier.callers().asBefore(comparison.callers);
  const plan = place.planner.follow(place.planner.scout(comparison.plan.lane), callers);
  const result = proveLane(context, { ...comparison, alsoCompared: constantsOf(earlier.mesh, plan) });
  const { tooLittle, situation } = result;
  if (isEmpty(tooLittle)) return [];
  const anew = intersect(tooLittle, perhapsPassed(before, plan, { ...situation.space, callers }));
  const again = subtract(tooLittle, anew);
  return [
    ...(isEmpty(anew) ? [] : [differenceOf(context, result, 'too-little', anew)]),
    ...(isEmpty(again) ? [] : [asBefore(differenceOf(context, result, 'too-little', again))]),
  ];
}

/** All that the earlier state did not refuse for certain on the same way: what it led elsewhere may have passed there. */
function perhapsPassed({ earlier: { mesh }, isAlike }: Before, plan: LanePlan, space: Space): RequestSet {
  if (!isAlike(plan.lane)) return fullSet(space.shape);
  const elsewhere = [complement(comingTo(plan, space, 'surely')), ...namingOthers(mesh, space, plan)];
  return union(reachOf(mesh, space, plan).possibly, ...elsewhere);
}

/**
 * Whether a way was there before. Of pods also each kind of bytes that was told apart is to be told apart now: connections of which
 * nobody reads the requests stand for both.
 */
function isComparable({ mesh }: Earlier, place: Place, lanes: readonly Lane[]): (lane: Lane) => boolean {
  const before = once(() => {
    const found = lanesTo(place, { ports: [], readsRequests: () => true });
    return new Set(found.map(({ lane }) => nameOfLane(lane)));
  });
  const now = new Set(lanes.map(nameOfLane));
  return ({ destination, payload }) => {
    if (destination.kind === 'pod') {
      const kinds = (['http', 'tcp'] as const).map((kind) => nameOfLane({ destination, payload: kind }));
      return kinds.every((name) => now.has(name) || !before().has(name));
    }
    const isService = destination.kind === 'service' && resolveEndpoint(mesh, destination).kind === 'endpoint';
    return isService || before().has(nameOfLane({ destination, payload }));
  };
}
