import { intent } from '../../algebra/answers.js';
import { hasBit } from '../../algebra/bits.js';
import { coverOf } from '../../algebra/boxes.js';
import type { Callers } from '../../algebra/callers.js';
import { isTold, satisfying } from '../../algebra/conditions.js';
import { describeBox } from '../../algebra/describe.js';
import { doubtOfRewriting } from '../../algebra/doubt.js';
import { comparersOf, constantsOf, type LanePlan } from '../../algebra/lane.js';
import { type Reach, reachOf } from '../../algebra/reach.js';
import {
  complement,
  emptySet,
  equals,
  fullSet,
  intersect,
  isEmpty,
  type RequestSet,
  sliceOf,
  union,
} from '../../algebra/request-set.js';
import { doubtAtPoint } from '../../algebra/routes/table-sets.js';
import { type Space, spaces } from '../../algebra/space.js';
import { withoutToken } from '../../algebra/token-space.js';
import { tooLarge } from '../../algebra/too-large.js';
import { realRequests } from '../../algebra/universe.js';
import type { Mesh } from '../../mesh/mesh.js';
import { sortedUnique } from '../../util/order.js';

/** How many alternatives are told one by one. */
const told = 100;

/** What one caller gets through on one way. */
export interface CallerCell {
  readonly kind: 'all' | 'some' | 'none' | 'not-modelled';
  /** What is let through, where it is some: alternatives. */
  readonly through: readonly string[];
  /** External authorizers that are asked about some of it. */
  readonly asks: readonly string[];
  /** What would have to be known, where it is not modelled. */
  readonly because: string | undefined;
  /** Whether something gets through, and nothing of it without a valid token. */
  readonly needsToken: boolean;
}

/** For every class of callers, in their order, what the ways of a lane let through. */
export function cellsOf(
  mesh: Mesh,
  callers: Callers,
  plan: LanePlan,
  spaceOf = spaces(mesh, callers),
): readonly CallerCell[] {
  const answer = intent()(comparersOf(plan), () => cellsAlong(mesh, callers, plan, spaceOf));
  if (answer.kind === 'decided') return answer.value;
  const because = `not decided: ${tooLarge(answer.policy)}`;
  return callers.classes.map(() => ({ kind: 'not-modelled', through: [], asks: [], because, needsToken: false }));
}

function cellsAlong(
  mesh: Mesh,
  callers: Callers,
  plan: LanePlan,
  spaceOf: ReturnType<typeof spaces>,
): readonly CallerCell[] {
  const space = spaceOf(constantsOf(mesh, plan));
  const reach = reachOf(mesh, space, plan);
  const real = intersect(realRequests(mesh, space), servedSet(space, plan));
  const cells = new Map<string, CallerCell>();
  const doubts = callers.classes.map((_, caller) => doubtOf(plan, caller));
  return callers.classes.map((_, caller) => {
    const parts = [reach.surely, reach.possibly, real, ...reach.asks.values()].map((set) => sliceOf(set, caller));
    const key = JSON.stringify([doubts[caller] ?? '', ...parts.map(({ root }) => root.id)]);
    const cell = cells.get(key) ?? cellOf(space, reach, real, caller, doubts[caller]);
    cells.set(key, cell);
    return cell;
  });
}

/** The requests with a name that ways are for; all of them where a way is for all. */
function servedSet(space: Space, { ways }: LanePlan): RequestSet {
  const sets = ways.map(({ served }) => served && satisfying(space, served.host, 'possibly'));
  return sets.every((set) => set !== undefined) ? union(emptySet(space.shape), ...sets) : fullSet(space.shape);
}

/** Why it is not known what a caller gets through, as far as its ways tell. */
function doubtOf({ ways }: LanePlan, caller: number): string | undefined {
  const own = ways.filter(({ callers }) => hasBit(callers, caller));
  const stopped = own.flatMap(({ stop }) => (stop?.kind === 'not-modelled' ? [stop.because] : []));
  const atPoints = own.flatMap(({ choices = [] }) => choices.flatMap(({ point }) => doubtAtPoint(point).because ?? []));
  const [first] = [
    ...stopped,
    ...atPoints,
    ...own.flatMap(({ gates }) => gates.flatMap((gate) => doubtOfRewriting(gate) ?? [])),
  ];
  return first;
}

function cellOf(space: Space, reach: Reach, real: RequestSet, caller: number, doubt: string | undefined): CallerCell {
  const ofCaller = (set: RequestSet) => sliceOf(set, caller);
  const [surely, possibly] = [ofCaller(reach.surely), ofCaller(reach.possibly)];
  const asks = [...reach.asks].filter(([, set]) => !isEmpty(ofCaller(set))).map(([name]) => name);
  const areTokensRead = isTold(space, 'request.auth.principal') && !isEmpty(possibly);
  const needsToken = areTokensRead && isEmpty(intersect(possibly, ofCaller(withoutToken(space))));
  if (!equals(surely, possibly)) {
    const because = doubt ?? 'a fact that no manifest holds; trace one request to see which';
    return { kind: 'not-modelled', through: wordsOf(space, surely, ofCaller(real)), asks, because, needsToken };
  }
  const base = { asks, because: undefined, needsToken };
  if (isEmpty(surely)) return { ...base, kind: 'none', through: [] };
  if (equals(surely, ofCaller(real))) return { ...base, kind: 'all', through: [] };
  return { ...base, kind: 'some', through: wordsOf(space, surely, ofCaller(real)) };
}

/** A set in alternatives, of which each is as wide as it can be: what nobody can send may be counted in. */
function wordsOf(space: Space, set: RequestSet, real: RequestSet): readonly string[] {
  const { boxes, isWhole } = coverOf(set, union(set, complement(real)), told);
  const words = sortedUnique(boxes.map((box) => describeBox(space, box, told) || 'anything'));
  return isWhole ? words : [...words, 'and more'];
}
