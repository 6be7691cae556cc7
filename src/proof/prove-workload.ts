import type { TooLargeAnswer } from '../algebra/answers.js';
import { describeSet } from '../algebra/describe.js';
import { factInDoubt } from '../algebra/doubt.js';
import { comparersOf } from '../algebra/lane.js';
import { isEmpty } from '../algebra/request-set.js';
import { describeRequest } from '../mesh/request.js';
import { comparisonsTo } from './comparisons.js';
import { type Difference, differenceOf, judge } from './difference.js';
import type { AskDifference } from './intents/asks.js';
import type { Demand } from './intents/demands.js';
import type { DeniedMandate } from './intents/denied-mandates.js';
import type { PinDifference } from './intents/pins.js';
import { type CutRequests, cutRequests } from './network-policies/cut-requests.js';
import { type Comparison, isProved, type LaneDifferences, type ProofContext, proveLane } from './prove-lane.js';
import { refusedApart } from './refused-earlier.js';
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
  return { lanes: comparisons.length, findings: apartFromEarlier(context, subject, findings.filter(isOfInterest)) };
}

/** Of what policies by hand refuse, that apart which they refused in an earlier state as well. */
function apartFromEarlier(context: ProofContext, subject: Subject, findings: readonly Finding[]): readonly Finding[] {
  const { earlier } = context;
  const refused = findings.flatMap(refusedByHand);
  if (earlier === undefined || refused.length === 0) return findings;
  const others = findings.filter((each) => refusedByHand(each).length === 0);
  const apart = refusedApart(context, earlier, subject, refused);
  return [...others, ...apart.map((difference) => ({ kind: 'difference', difference }) as const)];
}

function refusedByHand(finding: Finding): readonly Difference[] {
  return finding.kind === 'difference' && finding.difference.byExisting !== undefined ? [finding.difference] : [];
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
