import { comparersOf, type LanePlan } from '../algebra/lane.js';
import { isEmpty, type RequestSet, subtract } from '../algebra/request-set.js';
import { tooLarge } from '../algebra/too-large.js';
import { describeRequest } from '../mesh/request.js';
import { groupBy } from '../util/order.js';
import { approvedOf, usedBy } from './approvals.js';
import { causesOf } from './causes.js';
import { type Change, type ChangeKind, mayOnlyBeLost, type Place, type Undecided, type Witness } from './change.js';
import { type Differences, differencesOn, type PlannedChange, planChange } from './differences.js';
import type { Pair } from './pair.js';
import { byCallers, callersInWords, joinedCallers, type OfCallers, requestsInWords, witnessIn } from './requests.js';
import type { ComparedWay } from './ways.js';
import { weakeningOf } from './weakening.js';

export interface AccessFound {
  readonly changes: readonly Change[];
  readonly undecided: readonly Undecided[];
  /** The approvals without which more would be told. */
  readonly approvedBy: readonly string[];
  /** The ways as they were planned, for whoever asks what stands in them. */
  readonly plans: readonly { readonly before: readonly LanePlan[]; readonly after: LanePlan }[];
}

/**
 * What changes on the ways to one place, where what decides there or who calls is not the same in both states: then requests
 * of which neither says what becomes of them may be treated otherwise.
 */
export function accessChanges(pair: Pair, place: Place, ways: readonly ComparedWay[]): AccessFound {
  const changes: Change[] = [];
  const undecided: Undecided[] = [];
  const approvedBy: string[] = [];
  const plans: Array<AccessFound['plans'][number]> = [];
  for (const way of ways) {
    const planned = planChange(pair, way);
    plans.push({ before: planned.earlier.slice(0, planned.own), after: planned.plan });
    const comparers = [planned.plan, ...planned.earlier].flatMap(comparersOf);
    const answer = pair.states.ask(comparers, () => foundOn(pair, place, planned));
    if (answer.kind === 'too-large')
      undecided.push({ fact: tooLarge(answer.policy), isCrossing: false, places: [place] });
    else {
      changes.push(...answer.value.changes);
      undecided.push(...answer.value.undecided);
      approvedBy.push(...answer.value.approvedBy);
    }
  }
  return { changes: distinct(changes), undecided, approvedBy, plans };
}

function foundOn(pair: Pair, place: Place, planned: PlannedChange): Omit<AccessFound, 'plans'> {
  const found = differencesOn(pair, planned);
  const approvals = pair.approvals?.setsOn(planned.plan, found.space) ?? [];
  const approved = approvedOf(found.space, approvals);
  const unapproved = (set: RequestSet) => (approvals.length === 0 ? set : subtract(set, approved));
  const of = (kind: ChangeKind, set: RequestSet) => told(pair, place, found, () => kind, set);
  const asked = (kind: ChangeKind, sets: Differences['unasked']) =>
    [...sets].flatMap(([name, set]) => of(kind, set).map((change) => ({ ...change, was: name, is: name })));
  const unasked = new Map([...found.unasked].map(([name, set]) => [name, unapproved(set)]));
  const worse = [found.gained, found.plaintextGained, found.newDoubt, found.noLongerSure, ...found.unasked.values()];
  const open = of('access-in-doubt', found.lastingDoubt);
  return {
    changes: [
      ...told(pair, place, found, (part) => weakeningOf(found, part), unapproved(found.gained)),
      ...asked('authorizer-no-longer-asked', unasked),
      ...of('plaintext-accepted', unapproved(found.plaintextGained)),
      ...of('access-in-doubt', unapproved(found.newDoubt)),
      ...of('access-in-doubt', unapproved(found.noLongerSure)),
      ...of('access-revoked', found.lost),
      ...asked('authorizer-newly-asked', found.newlyAsked),
      ...of('plaintext-refused', found.plaintextLost),
      ...of('doubt-settled', found.oldDoubt),
    ],
    undecided: open.flatMap(({ witness }) => (witness === undefined ? [] : [notCompared(place, witness)])),
    approvedBy: usedBy(approvals, worse),
  };
}

/** The request that shows it may be decided all the same: then it is for all its like that nothing is said at once. */
function notCompared(place: Place, { after: { request, trace } }: Witness): Undecided {
  const { source, destination } = request;
  const from = source.kind === 'outside' ? destination.cluster : source.cluster;
  const isUndecided = trace.verdict.kind === 'not-modelled';
  const fact = isUndecided ? trace.because : `what becomes of all requests such as ${describeRequest(request)}`;
  return { fact, isCrossing: from !== destination.cluster, places: [place] };
}

function told(
  pair: Pair,
  place: Place,
  { planned, space }: Differences,
  kindOf: (part: OfCallers) => ChangeKind,
  set: RequestSet,
): readonly Change[] {
  if (isEmpty(set)) return [];
  return byCallers(space, set).map((part): Change => {
    const witness = witnessIn(pair, planned, space, part.set);
    const kind = kindOf(part);
    return {
      kind,
      cluster: place.cluster,
      place,
      callers: callersInWords(pair, space, planned, part.callers),
      requests: requestsInWords(planned, part.what),
      witness,
      causes: causesOf(pair, place, witness),
      others: [],
    };
  });
}

/** What one cause does on several ways is told once, of the first of them, for all whom it concerns. */
function distinct(changes: readonly Change[]): readonly Change[] {
  const weakened = new Set(changes.flatMap((each) => (each.kind === weakening ? [whyOf(each)] : [])));
  const isPartOfIt = (each: Change) =>
    each.kind === 'access-granted' && each.witness?.after.request.payload.kind === 'tcp' && weakened.has(whyOf(each));
  const told = changes.filter((each) => !isPartOfIt(each));
  return [...groupBy(told, reasonOf).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const callers = [first, ...others].flatMap((each) => each.callers ?? []);
    return [{ ...first, ...(callers.length > 0 && { callers: joinedCallers(callers) }) }];
  });
}

const weakening: ChangeKind = 'requests-no-longer-told-apart';

/** Where requests are no longer told apart, bytes that are no requests pass as well, by the same cause. */
function whyOf({ causes }: Change): string {
  return JSON.stringify(causes.map(({ side, span, what }) => [side, span?.file.path, span?.start, what]));
}

/** Where no cause is known, callers are told one by one. */
function reasonOf(change: Change): string {
  const { kind, callers, witness, was, is, causes } = change;
  if (causes.length > 0) return JSON.stringify([kind, mayOnlyBeLost(change), was, is, whyOf(change)]);
  return JSON.stringify([kind, callers?.names, was, is, witness?.before.trace.because, witness?.after.trace.because]);
}

/** What happens to whom and why: changes that have it in common are one. */
export function likenessOf(change: Change): string {
  return JSON.stringify([reasonOf(change), change.callers?.names]);
}
