import { type Bits, bitsWhere, none } from '../algebra/bits.js';
import type { Callers } from '../algebra/callers.js';
import { mergeConstants } from '../algebra/constants.js';
import { constantsOf, type Lane, type LanePlan, type Way, withHostNames } from '../algebra/lane.js';
import { comingTo, type Reach, reachOf } from '../algebra/reach.js';
import { boxSet, emptySet, intersect, isEmpty, type RequestSet, subtract, union } from '../algebra/request-set.js';
import { arrivalsOf } from '../algebra/routes/arrivals.js';
import type { Space } from '../algebra/space.js';
import { realRequests } from '../algebra/universe.js';
import type { MeantTarget, ResolvedGuardrail } from '../resolve/resolved-guardrail.js';
import { callerConstants, callerSets } from './caller-sets.js';
import { conditionConstants, conditionSet } from './conditions.js';
import type { Situation } from './situation.js';

/** What a check finds on one lane. */
export interface LaneFinding {
  readonly lane: Lane;
  readonly space: Space;
  /** Requests that break the check for certain. */
  readonly broken: RequestSet;
  /** Requests that break it, or may: the model lacks a fact. */
  readonly doubtful: RequestSet;
  /** Whether there is any request here that it speaks about, and that has a way at all. */
  readonly isAboutSomething: boolean;
  /** Whether callers of other clusters were left out because their way is not modelled. */
  readonly leavesOut: boolean;
}

/** A check within one situation, ready to judge one lane after another. */
export function laneJudge(
  situation: Situation,
  check: ResolvedGuardrail,
): (target: MeantTarget, lane: Lane) => LaneFinding {
  const { mesh, callers } = situation;
  const callerSet = callerSets(check.callers, callers, check.modality === 'only' ? 'every' : 'some');
  const within = callersWithin(callers, check.cluster);
  const outsiders = bitsWhere(callers.classes.length, (index) => callers.classes[index]?.source.kind === 'outside');
  return (target, lane) => {
    // Who is in the mesh may go out and come in again: that is meant where a check says so.
    const isOfOutsiders = lane.destination.kind === 'gateway' && check.addressing === undefined;
    const judged = isOfOutsiders ? within & outsiders : within;
    const whole = situation.planOf(lane);
    const arrivals = arrivalsOf(whole);
    const asked = arrivals.map(({ arriving }) => conditionConstants(target, arriving));
    const constants = [constantsOf(mesh, whole), callerConstants(check.callers, mesh), ...asked];
    const space = situation.spaceOf(withHostNames(mesh, whole, mergeConstants(constants)));
    const given = intersect(boxSet(space.shape, new Map([[0, judged]])), realRequests(mesh, space));
    const parts = arrivals.map(({ plan, arriving }): ArrivalFinding => {
      const meaning = intersect(given, conditionSet(target, space, arriving));
      const named = callerSet(space, plan);
      const meant = check.modality === 'only' ? subtract(meaning, named) : intersect(meaning, named);
      const foreign = callersOfWays(space, plan, isForeign);
      const claimed = intersect(subtract(meant, foreign), comingTo(plan, space, 'possibly'));
      const open = check.modality === 'always' ? claimed : subtract(claimed, callersOfWays(space, plan, hasNoPath));
      return { ...against(check, claimed, reachOf(mesh, space, plan)), open, leftOut: intersect(meant, foreign) };
    });
    const all = (part: (each: ArrivalFinding) => RequestSet) => union(emptySet(space.shape), ...parts.map(part));
    return {
      lane,
      space,
      broken: all(({ broken }) => broken),
      doubtful: all(({ doubtful }) => doubtful),
      isAboutSomething: !isEmpty(all(({ open }) => open)),
      leavesOut: !isEmpty(all(({ leftOut }) => leftOut)),
    };
  };
}

/** The same for requests that come as the same to the pod. */
interface ArrivalFinding {
  readonly broken: RequestSet;
  readonly doubtful: RequestSet;
  readonly open: RequestSet;
  readonly leftOut: RequestSet;
}

/** `always` claims that all of it surely passes, whatever an authorizer says; the others that none of it possibly does. */
function against(
  { modality }: ResolvedGuardrail,
  claimed: RequestSet,
  { surely, possibly, asks }: Reach,
): Pick<LaneFinding, 'broken' | 'doubtful'> {
  if (modality !== 'always') return { broken: intersect(claimed, surely), doubtful: intersect(claimed, possibly) };
  const asked = union(emptySet(claimed.shape), ...asks.values());
  return { broken: subtract(claimed, possibly), doubtful: subtract(claimed, subtract(surely, asked)) };
}

export function callersWithin({ classes }: Callers, cluster: string | undefined): Bits {
  return bitsWhere(classes.length, (index) => {
    const of = classes[index]?.caller.cluster;
    return cluster === undefined || of === undefined || of === cluster;
  });
}

export function callersOfWays(
  { shape }: Space,
  { lane, ways }: LanePlan,
  holds: (way: Way, lane: Lane) => boolean,
): RequestSet {
  const bits = ways.filter((way) => holds(way, lane)).reduce((found, way) => found | way.callers, none);
  return boxSet(shape, new Map([[0, bits]]));
}

/** How identities travel between clusters depends on networks and gateways that no manifest shows (§13). */
function isForeign({ stop, representative }: Way, { destination }: Lane): boolean {
  const { cluster } = representative.caller;
  return stop?.kind === 'not-modelled' && cluster !== undefined && cluster !== destination.cluster;
}

function hasNoPath({ stop }: Way): boolean {
  return stop?.kind === 'no-path';
}
