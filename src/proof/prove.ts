import { intent, type TooLargeAnswer } from '../algebra/answers.js';
import { callerPool } from '../algebra/caller-pool.js';
import { describeSet } from '../algebra/describe.js';
import { factInDoubt } from '../algebra/doubt.js';
import { comparersOf } from '../algebra/lane.js';
import { isEmpty, oneOf, type RequestSet } from '../algebra/request-set.js';
import { spaceMaker } from '../algebra/space.js';
import { witnessOf } from '../algebra/witness.js';
import type { Decision } from '../mesh/decide/decision.js';
import { decide } from '../mesh/decide.js';
import type { Mesh } from '../mesh/mesh.js';
import { tellingOfNetworkPolicies } from '../mesh/network-policies/telling.js';
import { describeRequest, describeToken, type Request } from '../mesh/request.js';
import type { ManifestObject } from '../parse/document.js';
import type { Resolved } from '../resolve/resolved-intents.js';
import { keyInMesh, keyOf } from '../topology/model.js';
import { assert } from '../util/assert.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { groupBy } from '../util/order.js';
import { type Progress, untold } from '../util/progress.js';
import { comparisonsTo } from './comparisons.js';
import { futureWorkloadsOf } from './future-workloads.js';
import type { AskDifference } from './intents/asks.js';
import { causeOf, type IntentCause } from './intents/cause.js';
import type { Demand } from './intents/demands.js';
import type { DeniedMandate } from './intents/denied-mandates.js';
import type { PinDifference } from './intents/pins.js';
import { meshParts } from './mesh-parts.js';
import { type CutRequests, cutRequests, firstCuts } from './network-policies/cut-requests.js';

import { type Comparison, isProved, type LaneDifferences, type ProofContext, proveLane } from './prove-lane.js';
import { subjectKey } from './subject-key.js';
import { type Subject, type SubjectsIn, subjectsByNamespace, subjectsIn } from './subjects.js';
import { numbered } from './template.js';

/** What was compared, and every way in which the mesh does not do what the intents say. */
export interface Proof {
  /** How many workloads the intents speak of. */
  readonly workloads: number;
  /** How many ways to them were compared. */
  readonly lanes: number;
  readonly differences: readonly Difference[];
  /** Requests about which external authorizers are not asked, or that are not marked for logs, as the intents say. */
  readonly asks: readonly Misasked[];
  /** What mandates allow and narrower scopes deny. */
  readonly relaxed: readonly RelaxedMandate[];
  readonly pins: readonly Mispinned[];
  /** What intents allow and NetworkPolicies stop. */
  readonly cuts: readonly CutRequests[];
  readonly doubts: readonly Doubt[];
  readonly undecided: readonly Undecided[];
}

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

/** A fact that the model lacks, and whose ways it leaves unjudged. */
export interface Doubt {
  readonly fact: string;
  readonly isCrossing: boolean;
  readonly demands: readonly Demand[];
}

/** A policy, or what intents compare, that makes some ways too large to be judged. */
export interface Undecided {
  readonly policy: TooLargeAnswer['policy'];
  readonly demands: readonly Demand[];
}

/**
 * Compares the intents with a mesh, for every request to every workload that they speak of. Workloads that differ in names
 * alone are compared once, unless that is not wanted.
 */
export function prove(given: Mesh, resolved: Resolved, options: ProofOptions): Proof {
  const { isExisting, groups = true, recall = computeAnew, progress = untold } = options;
  const mesh = tellingOfNetworkPolicies(given);
  const futureWorkloads = futureWorkloadsOf(mesh, resolved, recall);
  const shown = subjectsByNamespace(mesh, resolved, recall);
  const all = [...shown, ...futureWorkloads.subjects];
  const arrivals = futureWorkloads.subjects.flatMap(({ workloads }) => workloads);
  const parts = meshParts(mesh, resolved.topology, arrivals, isExisting, recall);
  const { environment, nearTo, readBy } = parts;
  const context: ProofContext = {
    mesh: futureWorkloads.mesh,
    pool: recall('callers', [parts.deployment], () => callerPool(mesh, { known: { recall, environment } })),
    makeSpace: spaceMaker(mesh),
    ask: intent(),
    isExisting,
  };
  const proved = new Map<string, WorkloadProof>();
  const lasting = recall('proofs of all that are alike', [environment], () => new Map<string, WorkloadProof>());
  const numberOf = recall('numbers of texts', [environment], numbered);
  const alike = { pool: context.pool, isExisting, numberOf, nearTo, recall };
  const proofOf = (subject: Subject): WorkloadProof => {
    const verdict = recall(
      `verdict on ${keyInMesh(subject.workload)}`,
      [numberOf, ...readBy(subject)],
      (): Verdict => ({
        key: groups ? subjectKey(alike, subject) : undefined,
      }),
    );
    const { key } = verdict;
    const known = key === undefined ? undefined : (proved.get(key) ?? lasting.get(key));
    if (known !== undefined) return asOf(subject, known);
    verdict.proof ??= proveWorkload(context, subject);
    if (key !== undefined && verdict.proof.findings.every(isOfMany)) proved.set(key, verdict.proof);
    if (key !== undefined && verdict.proof.findings.every(isOfAnyTime)) lasting.set(key, verdict.proof);
    return verdict.proof;
  };
  /** What an earlier run found, unless that says more than of whom it is: it may be said of another one of all that are alike. */
  const foundAgain = <T>(
    place: string,
    inputs: readonly unknown[],
    isLasting: (found: T) => boolean,
    find: () => T,
  ) => {
    let now: { readonly found: T } | undefined;
    const last = recall(place, [numberOf, ...inputs], () => {
      now = { found: find() };
      return now.found;
    });
    return now !== undefined || isLasting(last) ? last : find();
  };
  let asked = 0;
  const proofsIn = (subjects: SubjectsIn): ProofsIn => {
    progress('proving workloads', asked++, all.length);
    const { at, namespace } = subjects;
    return foundAgain(
      `verdicts in ${at.cluster.name}/${namespace}`,
      parts.readWithin(subjects),
      isOfWorkloadsAlone,
      () => inAll(subjectsIn(subjects).map(proofOf)),
    );
  };
  const proofsOf = (subjects: readonly SubjectsIn[]): readonly ProofsIn[] =>
    [...groupBy(subjects, ({ at }) => at.cluster.name)].flatMap(([cluster, own]) =>
      foundAgain(
        `verdicts in ${cluster}`,
        parts.readThroughout(cluster, own),
        (found) => found.every(isOfWorkloadsAlone),
        () => own.map(proofsIn),
      ),
    );
  const ofShown = proofsOf(shown);
  const proofs = [...ofShown, ...proofsOf(futureWorkloads.subjects)];
  const findings = proofs.flatMap((each) => each.findings);
  return {
    workloads: ofShown.reduce((sum, { workloads }) => sum + workloads, 0),
    lanes: ofShown.reduce((sum, { lanes }) => sum + lanes, 0),
    differences: distinct(findings.flatMap((each) => (each.kind === 'difference' ? [each.difference] : []))),
    asks: firstAsks(findings.flatMap((each) => (each.kind === 'asks' ? [each.misasked] : []))),
    relaxed: firstRelaxed(findings.flatMap((each) => (each.kind === 'relaxed' ? [each.relaxed] : []))),
    pins: firstPins(findings.flatMap((each) => (each.kind === 'pin' ? [each.mispinned] : []))),
    cuts: firstCuts(findings.flatMap((each) => (each.kind === 'cut' ? [each.cut] : []))),
    doubts: doubtsOf(findings.flatMap((each) => (each.kind === 'doubt' ? [each] : []))),
    undecided: undecidedOf(findings.flatMap((each) => (each.kind === 'too-large' ? [each] : []))),
  };
}

export interface ProofOptions {
  /** Whether a policy is not among those that are to mean what the intents say, but was there before. */
  readonly isExisting: (object: ManifestObject) => boolean;
  /** Whether one proof may stand for all workloads that differ in names alone. */
  readonly groups?: boolean;
  /** What earlier proofs have found. */
  readonly recall?: Recall;
  readonly progress?: Progress;
}

/** What was found out of one workload, as far as anybody asked. */
interface Verdict {
  /** What it has in common with all that differ from it in names alone; without a key it is compared by itself. */
  readonly key: string | undefined;
  proof?: WorkloadProof;
}

interface WorkloadProof {
  readonly lanes: number;
  readonly findings: readonly Finding[];
}

/** The proofs of the workloads of a namespace, together. */
interface ProofsIn extends WorkloadProof {
  readonly workloads: number;
}

function inAll(proofs: readonly WorkloadProof[]): ProofsIn {
  return {
    workloads: proofs.length,
    lanes: proofs.reduce((sum, { lanes }) => sum + lanes, 0),
    findings: proofs.flatMap(({ findings }) => findings),
  };
}

type Finding =
  | { readonly kind: 'difference'; readonly difference: Difference }
  | { readonly kind: 'asks'; readonly misasked: Misasked }
  | { readonly kind: 'relaxed'; readonly relaxed: RelaxedMandate }
  | { readonly kind: 'cut'; readonly cut: CutRequests }
  | { readonly kind: 'pin'; readonly mispinned: Mispinned }
  | { readonly kind: 'doubt'; readonly fact: string; readonly isCrossing: boolean; readonly demand: Demand }
  | (TooLargeAnswer & { readonly demand: Demand });

/** Whether workloads that differ in names alone have a finding in common. */
function isOfMany(finding: Finding): boolean {
  return finding.kind === 'too-large' || (finding.kind === 'doubt' && finding.isCrossing);
}

/** Whether a finding names nothing but the workload, so that it holds in another run for all that are alike. */
function isOfAnyTime(finding: Finding): boolean {
  return finding.kind === 'doubt' && finding.isCrossing;
}

/** Whether all that was found names nothing but the workload. */
function isOfWorkloadsAlone({ findings }: ProofsIn): boolean {
  return findings.every(isOfAnyTime);
}

/** What was found of another workload, said of one that is like it. */
function asOf({ demand }: Subject, proof: WorkloadProof): WorkloadProof {
  const findings = proof.findings.map((each) => ('demand' in each ? { ...each, demand } : each));
  return { ...proof, findings };
}

function proveWorkload(context: ProofContext, subject: Subject): WorkloadProof {
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

/** One of each kind for one workload, intent and policy: further ports and addressings repeat it. */
function distinct(differences: readonly Difference[]): readonly Difference[] {
  const groups = groupBy(differences, ({ kind, demand: { workload }, cause, decision }) =>
    [kind, workload.cluster, keyOf(workload), cause.id, decision.because].join('\n'),
  );
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}

/** One for each two rules. */
function firstRelaxed(found: readonly RelaxedMandate[]): readonly RelaxedMandate[] {
  const groups = groupBy(found, ({ mandate, denial }) => `${mandate.origin.id}\n${denial.origin.id}`);
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}

/** One of each kind for one workload and authorizer. */
function firstAsks(found: readonly Misasked[]): readonly Misasked[] {
  const groups = groupBy(found, ({ kind, demand: { workload }, rule }) =>
    [kind, workload.cluster, keyOf(workload), rule.authorizer ?? ''].join('\n'),
  );
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}

/** One of each rule for one workload and policy. */
function firstPins(found: readonly Mispinned[]): readonly Mispinned[] {
  const groups = groupBy(found, ({ demand: { workload }, rule, decided }) =>
    [workload.cluster, keyOf(workload), rule.origin.id, decided?.policy.name].join('\n'),
  );
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}

function doubtsOf(found: ReadonlyArray<Extract<Finding, { kind: 'doubt' }>>): readonly Doubt[] {
  return [...groupBy(found, ({ fact }) => fact)].map(([fact, group]) => ({
    fact,
    isCrossing: group.every(({ isCrossing }) => isCrossing),
    demands: [...new Set(group.map(({ demand }) => demand))],
  }));
}

function undecidedOf(found: ReadonlyArray<Extract<Finding, { kind: 'too-large' }>>): readonly Undecided[] {
  return [...groupBy(found, ({ policy }) => policy)].map(([policy, group]) => ({
    policy,
    demands: [...new Set(group.map(({ demand }) => demand))],
  }));
}
