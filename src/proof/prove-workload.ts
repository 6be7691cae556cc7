import type { TooLargeAnswer } from '../algebra/answers.js';
import { describeSet } from '../algebra/describe.js';
import { factInDoubt } from '../algebra/doubt.js';
import { comparersOf } from '../algebra/lane.js';
import { isEmpty, oneOf, type RequestSet } from '../algebra/request-set.js';
import { witnessOf } from '../algebra/witness.js';
import type { Decision } from '../mesh/decide/decision.js';
import { decide } from '../mesh/decide.js';
import { describeRequest, describeToken, type Request } from '../mesh/request.js';
import type { ManifestObject } from '../parse/document.js';
import { assert } from '../util/assert.js';
import { comparisonsTo } from './comparisons.js';
import type { AskDifference } from './intents/asks.js';
import { causeOf, type IntentCause } from './intents/cause.js';
import type { Demand } from './intents/demands.js';
import type { DeniedMandate } from './intents/denied-mandates.js';
import type { PinDifference } from './intents/pins.js';
import { type CutRequests, cutRequests } from './network-policies/cut-requests.js';
import { type Comparison, isProved, type LaneDifferences, type ProofContext, proveLane } from './prove-lane.js';
import type { Subject } from './subjects.js';

/** What was found out of one workload. */
export interface WorkloadProof {
  /** How many ways to it were compared. */
  readonly lanes: number;
  readonly findings: readonly Finding[];
}

export type Finding =
  | { readonly kind: 'difference'; readonly difference: Difference }
  | { readonly kind: 'asks'; readonly misasked: Misasked }
  | { readonly kind: 'relaxed'; readonly relaxed: RelaxedMandate }
  | { readonly kind: 'cut'; readonly cut: CutRequests }
  | { readonly kind: 'pin'; readonly mispinned: Mispinned }
  | { readonly kind: 'doubt'; readonly fact: string; readonly isCrossing: boolean; readonly demand: Demand }
  | (TooLargeAnswer & { readonly demand: Demand });

/** Requests that are let through and should not be, or the other way round. */
export interface Difference {
  readonly kind: 'too-much' | 'too-little';
  readonly demand: Demand;
  /** All of them in a line. */
  readonly requests: string;
  /** One of them in words, and what the mesh does with it. */
  readonly witness: string;
  readonly decision: Decision;
  /** What the intents say of it. */
  readonly cause: IntentCause;
  /** Whether a policy that was there before refuses it. */
  readonly byExisting: ManifestObject | undefined;
}

/** Requests about which an authorizer is not asked and should be, or the other way round; the same of marks for logs. */
export interface Misasked {
  readonly kind: AskDifference['kind'];
  readonly demand: Demand;
  readonly rule: AskDifference['grant']['rule'];
  readonly requests: string;
  readonly witness: string;
}

/** A rule that denies what a mandate of a wider scope allows. */
export interface RelaxedMandate {
  readonly demand: Demand;
  readonly mandate: DeniedMandate['mandate']['rule'];
  readonly denial: DeniedMandate['denial']['rule'];
  readonly requests: string;
  readonly witness: string;
}

/** Requests of a pinned rule that are decided elsewhere, or nowhere. */
export interface Mispinned extends Pick<PinDifference, 'pin' | 'decided'> {
  readonly demand: Demand;
  readonly rule: PinDifference['grant']['rule'];
  readonly requests: string;
  readonly witness: string;
}

/** Compares every way to a workload with what the intents say of it. */
export function proveWorkload(context: ProofContext, subject: Subject): WorkloadProof {
  const comparisons = comparisonsTo(context, subject);
  const findings = comparisons.flatMap((comparison) => {
    const answer = context.ask(comparersOf(comparison.plan), () => {
      const result = proveLane(context, comparison);
      return isProved(result) ? [] : findingsOf(context, result);
    });
    const { demand } = subject;
    const found = answer.kind === 'decided' ? answer.value : [{ ...answer, demand }];
    return [...unknownWays(comparison), ...found];
  });
  // What is not known of somebody who is not there yet concerns nobody.
  const ofFuture: readonly Finding['kind'][] = ['difference', 'asks', 'relaxed', 'pin'];
  const isOfInterest = ({ kind }: Finding) => ofFuture.includes(kind) || !subject.demand.isFuture;
  return { lanes: comparisons.length, findings: findings.filter(isOfInterest) };
}

/** Callers whose way is not modelled: nothing is claimed of them. */
function unknownWays({ demand, plan: { lane, ways } }: Comparison): readonly Finding[] {
  return ways.flatMap(({ stop, representative: { caller } }) => {
    if (stop?.kind !== 'not-modelled') return [];
    const isCrossing = caller.cluster !== undefined && caller.cluster !== lane.destination.cluster;
    return [{ kind: 'doubt', fact: stop.because, isCrossing, demand } as const];
  });
}

function findingsOf(context: ProofContext, result: LaneDifferences): readonly Finding[] {
  const { situation, doubtful } = result;
  const differences = [
    ...differencesOf(context, result).map((difference) => ({ kind: 'difference', difference }) as const),
    ...result.asks.map((each) => ({ kind: 'asks', misasked: misaskedOf(result, each) }) as const),
    ...result.deniedMandates.map((each) => ({ kind: 'relaxed', relaxed: relaxedOf(result, each) }) as const),
    ...result.pins.map((each) => ({ kind: 'pin', mispinned: mispinnedOf(result, each) }) as const),
    ...result.cuts.map((each) => ({ kind: 'cut', cut: cutRequests(situation, each) }) as const),
  ];
  if (isEmpty(doubtful)) return differences;
  const fact = factInDoubt(judge(situation, doubtful));
  return [...differences, { kind: 'doubt', fact, isCrossing: false, demand: situation.demand }];
}

function differencesOf(context: ProofContext, differences: LaneDifferences): readonly Difference[] {
  return (['too-much', 'too-little'] as const).flatMap((kind) => {
    const set = kind === 'too-much' ? differences.tooMuch : differences.tooLittle;
    return isEmpty(set) ? [] : [differenceOf(context, differences, kind, set)];
  });
}

function misaskedOf({ situation }: LaneDifferences, difference: AskDifference): Misasked {
  const { space, plan, demand } = situation;
  const { kind, grant, requests } = difference;
  return {
    kind,
    demand,
    rule: grant.rule,
    requests: describeSet(space, plan.lane, requests),
    witness: describeRequest(judge(situation, requests).request),
  };
}

function relaxedOf({ situation }: LaneDifferences, { mandate, denial, requests }: DeniedMandate): RelaxedMandate {
  const { space, plan, demand } = situation;
  return {
    demand,
    mandate: mandate.rule,
    denial: denial.rule,
    requests: describeSet(space, plan.lane, requests),
    witness: describeRequest(judge(situation, requests).request),
  };
}

function mispinnedOf({ situation }: LaneDifferences, difference: PinDifference): Mispinned {
  const { space, plan, demand } = situation;
  const { grant, pin, decided, requests } = difference;
  return {
    demand,
    rule: grant.rule,
    pin,
    ...(decided && { decided }),
    requests: describeSet(space, plan.lane, requests),
    witness: describeRequest(judge(situation, requests).request),
  };
}

function differenceOf(
  { isExisting }: ProofContext,
  { situation }: LaneDifferences,
  kind: Difference['kind'],
  set: RequestSet,
): Difference {
  const { space, plan, demand } = situation;
  const decision = judge(situation, set);
  const expected = kind === 'too-much' ? 'allowed' : 'denied';
  assert(decision.verdict.kind === expected, `${decision.because}: one request is decided as its set is`);
  const existing = kind === 'too-little' ? refusersOf(decision).find(isExisting) : undefined;
  const requests = describeSet(space, plan.lane, set);
  const witness = `${describeRequest(decision.request)}${withToken(decision.request)}`;
  return {
    kind,
    demand,
    requests,
    witness,
    decision,
    cause: causeOf(situation, oneOf(set), kind),
    byExisting: existing,
  };
}

function withToken({ payload }: Request): string {
  return payload.kind === 'tcp' || payload.token === undefined ? '' : ` with ${describeToken(payload.token)}`;
}

function judge({ mesh, space, plan }: LaneDifferences['situation'], set: RequestSet): Decision {
  const witness = witnessOf(space, plan.lane, set);
  assert(witness !== undefined, 'a set that is not empty has a member');
  return decide(mesh, witness);
}

/** The policies that refused a request at the hop where it was stopped: a denial, or every ALLOW that does not match. */
function refusersOf({ trace }: Decision): readonly ManifestObject[] {
  const policies = trace[trace.length - 1]?.policies ?? [];
  const denying = policies.filter(({ action, matched }) => action === 'DENY' && matched === 'yes');
  const decisive = denying.length > 0 ? denying : policies.filter(({ action }) => action === 'ALLOW');
  return decisive.map(({ policy }) => policy.object);
}
