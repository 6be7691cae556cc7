import { intent, type TooLargeAnswer } from '../algebra/answers.js';
import { poolAsBefore } from '../algebra/caller-pool.js';
import { spaceMaker } from '../algebra/space.js';
import type { Mesh } from '../mesh/mesh.js';
import { tellingOfNetworkPolicies } from '../mesh/network-policies/telling.js';
import type { ManifestObject } from '../parse/document.js';
import type { Resolved } from '../resolve/resolved-intents.js';
import { keyOf } from '../topology/model.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { groupBy } from '../util/order.js';
import { type Progress, untold } from '../util/progress.js';
import type { Difference } from './difference.js';
import { earlierThan } from './earlier.js';
import { futureWorkloadsOf } from './future-workloads.js';
import type { Demand } from './intents/demands.js';
import { meshParts } from './mesh-parts.js';
import { type CutRequests, firstCuts } from './network-policies/cut-requests.js';
import type { ProofContext } from './prove-lane.js';
import type { Finding, Misasked, Mispinned, RelaxedMandate } from './prove-workload.js';
import { subjectsByNamespace } from './subjects.js';
import { proverOf } from './verdicts.js';

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
  const { environment } = parts;
  const context = {
    mesh: futureWorkloads.mesh,
    pool: poolAsBefore(mesh, { recall, environment }),
    makeSpace: spaceMaker(mesh),
    ask: intent(),
    isExisting,
    ...(options.earlier && { earlier: earlierThan(mesh, options.earlier) }),
  } satisfies ProofContext;
  const proofsOf = proverOf({ context, parts, groups, recall, progress, total: all.length });
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
  /** The mesh in a state before, where what policies by hand refused in it is to be told apart. */
  readonly earlier?: Mesh | undefined;
  /** Whether one proof may stand for all workloads that differ in names alone. */
  readonly groups?: boolean;
  /** What earlier proofs have found. */
  readonly recall?: Recall;
  readonly progress?: Progress;
}

/** One of each kind for one workload, intent and policy: further ports and addressings repeat it. */
function distinct(differences: readonly Difference[]): readonly Difference[] {
  const groups = groupBy(differences, ({ kind, demand: { workload }, cause, decision, wasRefused }) =>
    [kind, workload.cluster, keyOf(workload), cause.id, decision.because, wasRefused].join('\n'),
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
