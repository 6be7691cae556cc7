import { all, type Bits, indexesOf } from '../algebra/bits.js';
import { coverOf } from '../algebra/boxes.js';
import { accountOfCaller, type CallerClass } from '../algebra/callers.js';
import { describeBox } from '../algebra/describe.js';
import { boxSet, intersect, isEmpty, type RequestSet } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import { witnessOf } from '../algebra/witness.js';
import type { Decision } from '../mesh/decide/decision.js';
import { decide, decideThrough } from '../mesh/decide.js';
import { endsOf } from '../mesh/ends.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import { describeDestination, type Request } from '../mesh/request.js';
import { seenMatches } from '../mesh/view.js';
import { type Trace, traceOf } from '../trace/trace.js';
import { groupBy } from '../util/order.js';
import type { Answered, CallersInWords, State, Witness } from './change.js';
import type { PlannedChange } from './differences.js';
import type { Pair } from './pair.js';

/** Requests of a set that the same callers send. */
export interface OfCallers {
  readonly callers: Bits;
  readonly set: RequestSet;
  /** In words, without the destination. */
  readonly what: string;
}

/** How many boxes of a set are looked at. */
const mostBoxes = 24;

/** How many boxes are put into words. */
const mostTold = 3;

/** A set, apart for callers who may send different requests. */
export function byCallers(space: Space, set: RequestSet): readonly OfCallers[] {
  const { boxes } = coverOf(set, set, mostBoxes);
  const everyone = all(space.callers.classes.length);
  const groups = groupBy(boxes, ([callers = everyone]) => callers);
  return [...groups].flatMap(([callers, own]) => {
    const part = intersect(set, boxSet(set.shape, new Map([[0, callers]])));
    if (isEmpty(part)) return [];
    const words = [...new Set(own.map((box) => describeBox(space, box) || 'anything'))];
    const rest = words.length - mostTold;
    const what = [...words.slice(0, mostTold), ...(rest > 0 ? [`${rest} more`] : [])].join(', or ');
    return [{ callers, set: part, what }];
  });
}

export function callersInWords(
  { isOfMoved }: Pair,
  space: Space,
  { mentions }: PlannedChange,
  bits: Bits,
): CallersInWords {
  const classes = indexesOf(bits).flatMap((index) => space.callers.classes[index] ?? []);
  const isNamed = (each: CallerClass) => each.caller.identity !== null && mentions.accounts.has(accountOfCaller(each));
  return {
    names: classes.flatMap(({ members }) => members.slice(0, 1)),
    isEveryone: !isOfMoved && classes.length === space.callers.classes.length,
    isOfMany: !classes.every((each) => isNamed(each) || each.source.kind === 'outside'),
  };
}

/** Callers of several ways; one that nobody has deployed yet is left out beside others who have its identity. */
export function joinedCallers(all: readonly CallersInWords[]): CallersInWords {
  const names = [...new Set(all.flatMap((each) => each.names))];
  const there = names.filter((name) => !isFuture(name));
  return {
    names: there.length > 0 ? there : names,
    isEveryone: all.some(({ isEveryone }) => isEveryone),
    isOfMany: all.some(({ isOfMany }) => isOfMany),
  };
}

function isFuture(name: string): boolean {
  return name.startsWith('a new ');
}

/** `POST /charge to payments/ledger:8080`. */
export function requestsInWords({ way: { lane, isBesideRequests } }: PlannedChange, what: string): string {
  const bytes = isBesideRequests === true ? 'bytes that are no HTTP request' : 'connections';
  return `${lane.payload === 'tcp' && what === 'anything' ? bytes : what} to ${describeDestination(lane.destination)}`;
}

/** One request of a set, decided in both states; before it comes from whoever its sender was. */
export function witnessIn(pair: Pair, planned: PlannedChange, space: Space, set: RequestSet): Witness {
  const { way, callers } = planned;
  const [after, before] = [space.callers, callers.before].map((each) =>
    witnessOf({ ...space, callers: each }, way.lane, set),
  );
  if (after === undefined || before === undefined)
    throw new Error('invariant broken: a set that is not empty has a member');
  const earlier = { ...before, destination: way.before[0]?.destination ?? before.destination };
  return usualOf(pair, space, decided(pair, endingThere(earlier), endingThere(after)));
}

/** What is compared at a gateway is what it says itself: trace is not to follow on to what others say behind it. */
function endingThere(request: Request): Request {
  const { destination } = request;
  if (destination.kind !== 'gateway' || destination.onward !== undefined) return request;
  return { ...request, destination: { ...destination, isEnd: true } };
}

/** A request that comes from two senders, decided in both states. */
export function decided(pair: Pair, before: Request, after: Request): Witness {
  return { before: answered(pair.before, before), after: answered(pair.after, after) };
}

function answered({ mesh }: State, request: Request): Answered {
  const { source, destination, payload } = request;
  const trace = traceOf(mesh, decide(mesh, request));
  if (destination.kind !== 'service') return { request, trace };
  const [end] = endsOf(mesh, source, destination, payload);
  const isUsual = end?.kind === 'service' && end.workload === destination.workload;
  return { request, trace, ...(!isUsual && { workload: destination.workload }) };
}

/** A request to a gateway and what becomes of it behind, decided in both states. */
export function decidedThrough({ before, after }: Pair, request: Request): Witness {
  const answer = ({ mesh }: State) => {
    const [decision = decide(mesh, request)]: readonly Decision[] = decideThrough(mesh, request);
    return { request, trace: traceOf(mesh, decision) };
  };
  return { before: answer(before), after: answer(after) };
}

const usualMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];

/** The same with a method that everybody knows, where any that no policy names would do. */
function usualOf(pair: Pair, space: Space, witness: Witness): Witness {
  const { before, after } = witness;
  const { payload } = after.request;
  if (payload.kind === 'tcp' || usualMethods.includes(payload.method)) return witness;
  for (const method of usualMethods.filter((each) => areAlike(space, each, payload.method))) {
    const other = { ...payload, method };
    const found = decided(pair, { ...before.request, payload: other }, { ...after.request, payload: other });
    if (isSameAnswer(found.before.trace, before.trace) && isSameAnswer(found.after.trace, after.trace)) return found;
  }
  return witness;
}

/** Whether nothing that requests are compared with tells one method from another. */
function areAlike({ dimensions }: Space, one: string, other: string): boolean {
  const compared = dimensions.find(({ attribute }) => attribute === 'request.method');
  if (compared?.kind !== 'value') return true;
  const matches = (method: string, matcher: Matcher) => seenMatches({ known: true, value: [method] }, matcher);
  return compared.matchers.every((matcher) => matches(one, matcher) === matches(other, matcher));
}

function isSameAnswer(one: Trace, other: Trace): boolean {
  return one.because === other.because && JSON.stringify(one.verdict) === JSON.stringify(other.verdict);
}
