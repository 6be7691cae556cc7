import type { ManifestObject } from '../parse/document.js';
import type { Resolved } from '../resolve/resolved.js';
import { keyOf } from '../topology/model.js';
import { assert } from '../util/assert.js';
import { groupBy } from '../util/order.js';
import { callerPool } from './algebra/caller-pool.js';
import { describeSet } from './algebra/describe.js';
import { isEmpty, oneOf, type RequestSet } from './algebra/request-set.js';
import { spaceMaker } from './algebra/space.js';
import { witnessOf } from './algebra/witness.js';
import { type Decision, decide } from './decide.js';
import { causeOf, type IntentCause } from './intents/cause.js';
import { constantsOfDemand } from './intents/conditions.js';
import { type Demand, demandsOf } from './intents/demands.js';
import { mentionsOfDemand } from './intents/mentions.js';
import { inNamespaces, type Mesh } from './mesh.js';
import { isProved, type LaneDifferences, type ProofContext, proveLane } from './prove-lane.js';
import { lanesTo } from './prove-lanes.js';

/** What was compared, and every way in which the mesh does not do what the intents say. */
export interface Proof {
  /** How many workloads the intents speak of. */
  readonly workloads: number;
  /** How many ways to them were compared. */
  readonly lanes: number;
  readonly differences: readonly Difference[];
  readonly doubts: readonly Doubt[];
}

/** Requests that are let through and should not be, or the other way round. */
export interface Difference {
  readonly kind: 'too-much' | 'too-little';
  readonly demand: Demand;
  /** All of them in a line. */
  readonly requests: string;
  /** One of them, with what the mesh does with it. */
  readonly decision: Decision;
  /** What the intents say of it. */
  readonly cause: IntentCause;
  /** Whether a policy that was there before refuses it. */
  readonly byExisting: ManifestObject | undefined;
}

/** A fact that the model lacks, and whose ways it leaves unjudged. */
export interface Doubt {
  readonly fact: string;
  readonly isCrossing: boolean;
  readonly demands: readonly Demand[];
}

/** Compares the intents with a mesh, for every request to every workload that they speak of. */
export function prove(mesh: Mesh, resolved: Resolved, isExisting: (object: ManifestObject) => boolean): Proof {
  const context: ProofContext = { mesh, pool: callerPool(mesh), makeSpace: spaceMaker(), isExisting };
  const demands = [...demandsOf(resolved).values()];
  const compared = demands.flatMap((demand) => proveWorkload(context, resolved, demand));
  const unequal = compared.filter((each) => !isProved(each));
  return {
    workloads: demands.length,
    lanes: compared.length,
    differences: distinct(unequal.flatMap((each) => differencesOf(context, each))),
    doubts: doubtsOf(context, compared),
  };
}

function proveWorkload(context: ProofContext, { topology }: Resolved, demand: Demand): readonly LaneDifferences[] {
  const given = topology.clusters.find(({ name }) => name === demand.workload.cluster);
  assert(given !== undefined, `cluster ${demand.workload.cluster} is in the topology`);
  const terms = { constants: constantsOfDemand(demand), mentions: mentionsOfDemand(demand) };
  const plaintext = acceptsPlaintext(context.mesh, demand);
  return lanesTo(context.mesh, context.pool, demand, given).map((lane) =>
    proveLane(context, demand, terms, lane, plaintext),
  );
}

/** Istio accepts plaintext unless a PeerAuthentication says otherwise (§5.1). */
function acceptsPlaintext({ clusters }: Mesh, { workload }: Demand): boolean {
  const at = clusters.get(workload.cluster);
  return at !== undefined && inNamespaces(at.peerAuthentication, at.rootNamespace, workload.namespace).length === 0;
}

function differencesOf(context: ProofContext, differences: LaneDifferences): readonly Difference[] {
  return (['too-much', 'too-little'] as const).flatMap((kind) => {
    const set = kind === 'too-much' ? differences.tooMuch : differences.tooLittle;
    return isEmpty(set) ? [] : [differenceOf(context, differences, kind, set)];
  });
}

function differenceOf(
  { mesh, isExisting }: ProofContext,
  { situation }: LaneDifferences,
  kind: Difference['kind'],
  set: RequestSet,
): Difference {
  const { space, plan, demand } = situation;
  const decision = judge(mesh, situation, set);
  const expected = kind === 'too-much' ? 'allowed' : 'denied';
  assert(decision.verdict.kind === expected, `${decision.because}: one request is decided as its set is`);
  const existing = kind === 'too-little' ? refusersOf(decision).find(isExisting) : undefined;
  const requests = describeSet(space, plan.lane, set);
  return { kind, demand, requests, decision, cause: causeOf(situation, oneOf(set), kind), byExisting: existing };
}

function judge(mesh: Mesh, { space, plan }: LaneDifferences['situation'], set: RequestSet): Decision {
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

function doubtsOf({ mesh }: ProofContext, compared: readonly LaneDifferences[]): readonly Doubt[] {
  const found = compared.flatMap(({ situation, doubtful, unknownWays }) => {
    const { demand } = situation;
    const ways = unknownWays.map(({ because, isCrossing }) => ({ fact: because, isCrossing, demand }));
    if (isEmpty(doubtful)) return ways;
    return [...ways, { fact: judge(mesh, situation, doubtful).because, isCrossing: false, demand }];
  });
  return [...groupBy(found, ({ fact }) => fact)].map(([fact, group]) => ({
    fact,
    isCrossing: group.every(({ isCrossing }) => isCrossing),
    demands: [...new Set(group.map(({ demand }) => demand))],
  }));
}
