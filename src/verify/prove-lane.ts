import type { ManifestObject } from '../parse/document.js';
import type { Bits } from './algebra/bits.js';
import type { CallerPool } from './algebra/caller-pool.js';
import type { Callers } from './algebra/callers.js';
import type { Constants } from './algebra/dimension.js';
import { isDoubtful } from './algebra/doubt.js';
import { policySet } from './algebra/gate-sets.js';
import { constantsOf, type LanePlan, planLane } from './algebra/lane.js';
import type { Mentions } from './algebra/mentions.js';
import { joinMentions, mentionsOf } from './algebra/mentions.js';
import { reachOf } from './algebra/reach.js';
import { boxSet, emptySet, intersect, isEmpty, type RequestSet, subtract, union } from './algebra/request-set.js';
import { mergeConstants, type Space } from './algebra/space.js';
import { realRequests } from './algebra/universe.js';
import { boundsOf, here } from './intents/bounds.js';
import type { Demand } from './intents/demands.js';
import { accepts } from './intents/meant-callers.js';
import { arrivingPlain, callersWhere, everyone, type Situation } from './intents/situation.js';
import type { Mesh } from './mesh.js';
import type { AddressedLane } from './prove-lanes.js';

/** What a comparison needs beside the lane: shared by all lanes of a proof. */
export interface ProofContext {
  readonly mesh: Mesh;
  readonly pool: CallerPool;
  readonly makeSpace: (callers: Callers, constants: Constants) => Space;
  /** Whether a policy is not among those that are to mean what the intents say, but was there before. */
  readonly isExisting: (object: ManifestObject) => boolean;
}

/** What a demand compares requests with, and whom it names: the same on every lane to its workload. */
export interface DemandTerms {
  readonly constants: Constants;
  readonly mentions: Mentions;
}

/** Where a lane and the intents differ. The doubtful sets are those of which the model lacks a fact. */
export interface LaneDifferences {
  readonly situation: Situation;
  readonly tooMuch: RequestSet;
  readonly tooLittle: RequestSet;
  readonly doubtful: RequestSet;
  /** Facts that are missing before any policy is asked, sorted by nothing: once a kind of caller. */
  readonly unknownWays: ReadonlyArray<{ readonly because: string; readonly isCrossing: boolean }>;
}

/** Compares what a lane lets through with what the intents say of it. */
export function proveLane(
  context: ProofContext,
  demand: Demand,
  terms: DemandTerms,
  { lane, address }: AddressedLane,
  plaintextByDefault: boolean,
): LaneDifferences {
  const { mesh } = context;
  const { plan, space } = spaceOf(context, terms, lane);
  const known = plan.ways.filter(({ stop }) => stop?.kind !== 'not-modelled');
  const situation: Situation = { demand, plan: { ...plan, ways: known }, space, address, plaintextByDefault };
  const { surely, possibly } = reachOf(mesh, space, situation.plan);
  const { must, may } = boundsOf(situation, existingGrants(context, situation));
  const owed = intersect(must, realRequests(mesh, space));
  const judged = boxSet(space.shape, new Map([[0, judgedCallers(situation)]]));
  const unwanted = (passing: RequestSet) => subtract(intersect(passing, judged), may);
  return {
    situation,
    tooMuch: unwanted(surely),
    tooLittle: subtract(owed, possibly),
    doubtful: union(unwanted(subtract(possibly, surely)), intersect(subtract(owed, surely), possibly)),
    unknownWays: plan.ways.flatMap(({ stop, representative }) =>
      stop?.kind === 'not-modelled'
        ? [
            {
              because: stop.because,
              isCrossing: (representative.caller.cluster ?? lane.destination.cluster) !== lane.destination.cluster,
            },
          ]
        : [],
    ),
  };
}

export function isProved({ tooMuch, tooLittle, doubtful }: LaneDifferences): boolean {
  return isEmpty(tooMuch) && isEmpty(tooLittle) && isEmpty(doubtful);
}

/** Of workloads that nobody has deployed yet, those who show their certificate: in plaintext they are like anyone outside. */
function judgedCallers(situation: Situation): Bits {
  return (
    everyone(situation) &
    ~(callersWhere(situation, ({ source }) => source.kind === 'stranger') & arrivingPlain(situation))
  );
}

/** The space in which a lane is judged: one caller of each class, and each attribute as far as anybody compares it. */
function spaceOf({ mesh, pool, makeSpace }: ProofContext, terms: DemandTerms, lane: LanePlan['lane']) {
  const { cluster } = lane.destination;
  const scouted = planLane(mesh, pool.scouts(cluster), lane);
  const constants = mergeConstants([constantsOf(mesh, scouted), terms.constants]);
  const callers = pool.representatives(cluster, joinMentions(mentionsOf(constants), terms.mentions));
  const plan = planLane(mesh, callers, lane);
  return { plan, space: makeSpace(callers, constants) };
}

/** What existing policies allow counts as allowed where a rule for the workload lets them stand. */
function existingGrants({ isExisting }: ProofContext, situation: Situation): RequestSet {
  const { space, plan, demand } = situation;
  const nothing = emptySet(space.shape);
  if (!here(situation, demand.allow).some(({ rule }) => accepts(rule, 'existingPolicies'))) return nothing;
  const sets = plan.ways.flatMap(({ callers, gates }) =>
    gates.flatMap((gate) =>
      gate.enforcement.policies
        .filter(({ action, policy }) => action === 'ALLOW' && isExisting(policy.object))
        .map((policy) =>
          intersect(policySet(policy, { ...gate, space }, 'possibly'), boxSet(space.shape, new Map([[0, callers]]))),
        ),
    ),
  );
  return union(nothing, ...sets);
}

/** Whether the model may lack a fact on a lane. */
export function lacksFacts({ situation }: LaneDifferences): boolean {
  return isDoubtful(situation.plan);
}
