import type { Bound } from '../algebra/conditions.js';
import { mergeConstants } from '../algebra/constants.js';
import { constantsOf, type LanePlan } from '../algebra/lane.js';
import { joinMentions, type Mentions, mentionsOfPlan } from '../algebra/mentions.js';
import { plannerOf, withTlsNamespaces } from '../algebra/planner.js';
import { comingTo, type Reach, reachOf } from '../algebra/reach.js';
import { emptySet, fullSet, intersect, isEmpty, type RequestSet, subtract, union } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import { sortedUnique } from '../util/order.js';
import type { CallersOfBoth } from './callers.js';
import type { States } from './states.js';
import type { WayIn } from './ways.js';

/** What changes on one way in, for all callers at once. */
export interface WayChange {
  readonly way: WayIn;
  readonly space: Space;
  /** Refused for certain before, and let through for certain afterwards. */
  readonly gained: RequestSet;
  readonly lost: RequestSet;
  /** Where the answer changes, and one of the two is not known for certain. */
  readonly doubtful: RequestSet;
  /** External authorizers that are asked of something of which they were not. */
  readonly newlyAsked: readonly string[];
}

/** A way in as it is and as it was, for the same callers. */
export interface PlannedWay {
  readonly way: WayIn;
  readonly callers: CallersOfBoth;
  /** Whom the policies on it name: of all others one stands for many. */
  readonly mentions: Mentions;
  readonly plan: LanePlan;
  readonly earlier: readonly LanePlan[];
}

/** Finds who comes a way in, and what stands in it in both states. */
export function planWay(
  { before, after, callersFor }: Pick<States, 'before' | 'after' | 'callersFor'>,
  way: WayIn,
): PlannedWay {
  const { cluster } = way.lane.destination;
  const is = plannerOf(after.mesh, after.pool, cluster);
  const was = plannerOf(before.mesh, before.pool, cluster);
  const scouted = is.scout(way.lane);
  const earlierScouted = way.before.map(was.scout);
  const mentions = joinMentions([scouted, ...earlierScouted].map(mentionsOfPlan));
  const byTls = [after.mesh, before.mesh].map((mesh) => withTlsNamespaces(mesh, way.lane, mentions));
  const named = joinMentions(byTls);
  const callers = callersFor(cluster, named);
  const plan = is.follow(scouted, callers.after);
  const earlier = earlierScouted.map((each) => was.follow(each, callers.before));
  return { way, callers, mentions: named, plan, earlier };
}

/** Compares a way in with what it was. To a new address nothing can be lost. */
export function compareWay(states: States, { way, callers, plan, earlier }: PlannedWay): WayChange {
  const { before, after, makeSpace } = states;
  const constants = [constantsOf(after.mesh, plan), ...earlier.map((each) => constantsOf(before.mesh, each))];
  const space = makeSpace(callers.after, mergeConstants(constants));
  const is = reachOf(after.mesh, space, plan);
  const was = joinReach(
    space,
    earlier.map((each) => reachOf(before.mesh, { ...space, callers: callers.before }, each)),
  );
  const gained = subtract(is.surely, was.possibly);
  const expected = expectedAt(way, plan, space);
  const lost = intersect(subtract(was.surely, is.possibly), expected('possibly'));
  return { way, space, gained, lost, ...uncertain(is, was, expected('surely'), union(gained, lost)) };
}

/** The requests that are to come this way afterwards: none to a new address; where routes are meant, those that they lead here. */
export function expectedAt({ isNew, isRouted }: WayIn, plan: LanePlan, space: Space): (bound: Bound) => RequestSet {
  if (isNew) return () => emptySet(space.shape);
  return isRouted ? (bound) => comingTo(plan, space, bound) : () => fullSet(space.shape);
}

function uncertain(
  is: Reach,
  was: Reach,
  expected: RequestSet,
  certain: RequestSet,
): Pick<WayChange, 'doubtful' | 'newlyAsked'> {
  const more = union(subtract(is.surely, was.surely), subtract(is.possibly, was.possibly));
  const less = intersect(expected, union(subtract(was.surely, is.surely), subtract(was.possibly, is.possibly)));
  const asked = [...is.asks].filter(([name, set]) => {
    const known = was.asks.get(name);
    return !isEmpty(subtract(set, known ?? emptySet(set.shape)));
  });
  return {
    doubtful: subtract(union(more, less), certain),
    newlyAsked: sortedUnique(asked.map(([name]) => name)),
  };
}

export function joinReach({ shape }: Space, reaches: readonly Reach[]): Reach {
  const join = (set: (reach: Reach) => RequestSet) => union(emptySet(shape), ...reaches.map(set));
  const names = new Set(reaches.flatMap(({ asks }) => [...asks.keys()]));
  const asks = [...names].map((name) => [name, join((reach) => reach.asks.get(name) ?? emptySet(shape))] as const);
  return { surely: join(({ surely }) => surely), possibly: join(({ possibly }) => possibly), asks: new Map(asks) };
}
