import type { Bits } from '../algebra/bits.js';
import { bitsWhere } from '../algebra/bits.js';
import { callersAmong } from '../algebra/callers.js';
import { mergeConstants } from '../algebra/constants.js';
import { constantsOf, type LanePlan, withHostNames } from '../algebra/lane.js';
import { type Reach, reachOf } from '../algebra/reach.js';
import { boxSet, emptySet, intersect, isEmpty, type RequestSet, subtract, union } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import { realRequests } from '../algebra/universe.js';
import { expectedAt, joinReach, type PlannedWay, planWay } from '../compare/compare-way.js';
import { oncePerObject } from '../util/once.js';
import { byHandshakeAlone, withoutGates } from './handshake.js';
import type { Pair } from './pair.js';
import type { ComparedWay } from './ways.js';

/** A way in, planned in both states. */
export interface PlannedChange extends PlannedWay {
  /** How many of the earlier plans are of the way itself; the others are of further ways to the same pods. */
  readonly own: number;
}

/** What differs between two states on one way in, set by set. */
export interface Differences {
  readonly planned: PlannedChange;
  readonly space: Space;
  /** The requests that there can be: what compares texts and lists leaves some combinations to nobody. */
  readonly real: RequestSet;
  readonly is: Reach;
  readonly was: Reach;
  /** Refused for certain before, and let through for certain afterwards. */
  readonly gained: RequestSet;
  readonly lost: RequestSet;
  /** What was refused before, or let through, and is not known afterwards; and what is decided of all that was not known. */
  readonly newDoubt: RequestSet;
  readonly noLongerSure: RequestSet;
  readonly oldDoubt: RequestSet;
  /** What is known in neither state. */
  readonly lastingDoubt: RequestSet;
  /** By external authorizer: the requests about which it is asked now and was not, and the reverse. */
  readonly newlyAsked: ReadonlyMap<string, RequestSet>;
  readonly unasked: ReadonlyMap<string, RequestSet>;
  /** Plaintext that the handshake refused and lets through now, whatever policies say of it, and the reverse. */
  readonly plaintextGained: RequestSet;
  readonly plaintextLost: RequestSet;
}

export function planChange({ states }: Pair, { way, elsewhere, isFromOutside }: ComparedWay): PlannedChange {
  const planned = planWay(isFromOutside ? { ...states, callersFor: outsidersFor(states) } : states, {
    ...way,
    before: [...way.before, ...elsewhere],
  });
  return { ...planned, way, own: way.before.length };
}

/** Gateways are compared for whoever comes from outside. */
const outsidersFor = oncePerObject(({ callersFor }: Pair['states']): Pair['states']['callersFor'] => {
  const outsideOf = oncePerObject((all: ReturnType<typeof callersFor>['after']) => {
    return callersAmong(all.classes.filter(({ source }) => source.kind === 'outside'));
  });
  const beforeOf = oncePerObject((all: ReturnType<typeof callersFor>['after']) => callersAmong(all.classes));
  return (cluster, mentions) => {
    const { after } = callersFor(cluster, { ...mentions, addresses: true });
    return { before: beforeOf(outsideOf(after)), after: outsideOf(after) };
  };
});

export function differencesOn({ states, approvals }: Pair, planned: PlannedChange): Differences {
  const { before, after, makeSpace } = states;
  const { way, callers, plan, earlier, own } = planned;
  const constants = [constantsOf(after.mesh, plan), ...earlier.map((each) => constantsOf(before.mesh, each))];
  const told = mergeConstants(constants);
  const approved = approvals?.constantsOn(plan);
  const space = makeSpace(
    callers.after,
    approved === undefined ? told : withHostNames(after.mesh, plan, mergeConstants([told, approved])),
  );
  const earlierSpace = { ...space, callers: callers.before };
  const is = reachOf(after.mesh, space, plan);
  const reaches = earlier.map((each) => reachOf(before.mesh, earlierSpace, each));
  const was = joinReach(space, reaches.slice(0, own));
  const anyway = joinReach(space, reaches);
  const expected = expectedAt(way, plan, space);
  const gained = subtract(is.surely, anyway.possibly);
  const ofNewGateways = boxSet(space.shape, new Map([[0, newGateways(planned)]]));
  const had = subtract(was.surely, ofNewGateways);
  const lost = intersect(subtract(had, is.possibly), expected('possibly'));
  const [doubt, doubted] = [subtract(is.possibly, is.surely), subtract(was.possibly, was.surely)];
  const passingNow = (seenAs: (plan: LanePlan) => LanePlan) => reachOf(after.mesh, space, seenAs(plan));
  const passingBefore = (seenAs: (plan: LanePlan) => LanePlan) =>
    joinReach(
      space,
      earlier.slice(0, own).map((each) => reachOf(before.mesh, earlierSpace, seenAs(each))),
    );
  const [handshake, earlierHandshake] = [passingNow(byHandshakeAlone), passingBefore(byHandshakeAlone)];
  const inPlaintext = boxSet(space.shape, new Map([[0, plaintextCallers(planned)]]));
  const ofPlaintext = (requests: RequestSet, leading: () => Reach) =>
    isEmpty(requests) ? requests : intersect(inPlaintext, leading().surely, requests);
  return {
    planned,
    space,
    real: realRequests(after.mesh, space),
    is,
    was,
    gained,
    lost,
    newDoubt: subtract(subtract(doubt, anyway.surely), doubted),
    noLongerSure: intersect(had, doubt, expected('surely')),
    oldDoubt: intersect(subtract(doubted, doubt), expected('surely')),
    lastingDoubt: intersect(doubt, doubted),
    newlyAsked: askedBeyond(is, was, was.possibly),
    unasked: askedBeyond(was, is, is.possibly),
    plaintextGained: ofPlaintext(subtract(handshake.surely, earlierHandshake.surely), () =>
      passingBefore(withoutGates),
    ),
    plaintextLost: ofPlaintext(subtract(earlierHandshake.surely, handshake.possibly), () => passingNow(withoutGates)),
  };
}

/** Those who show no certificate in either state. */
function plaintextCallers({ callers: { before, after } }: PlannedWay): Bits {
  return bitsWhere(after.classes.length, (index) =>
    [before, after].every(({ classes }) => classes[index]?.caller.identity === null),
  );
}

/** Gateways that are not there before: they had nothing to lose, whatever workloads of their identity could have done. */
function newGateways({ callers: { before, after } }: PlannedWay): Bits {
  return bitsWhere(
    after.classes.length,
    (index) => after.classes[index]?.source.kind === 'gateway' && before.classes[index]?.source.kind !== 'gateway',
  );
}

/** What each authorizer is asked in one state alone, of what may pass in the other. */
function askedBeyond(one: Reach, other: Reach, passing: RequestSet): ReadonlyMap<string, RequestSet> {
  const nothing = emptySet(passing.shape);
  return new Map(
    [...one.asks].map(([name, set]) => [
      name,
      intersect(passing, subtract(set, union(other.asks.get(name) ?? nothing))),
    ]),
  );
}
