import type { SourceIntent } from '../algebra/answers.js';
import type { Bits } from '../algebra/bits.js';
import type { CallerPool } from '../algebra/caller-pool.js';
import type { Callers } from '../algebra/callers.js';
import { type Constants, mergeConstants } from '../algebra/constants.js';
import { policySet } from '../algebra/gate-sets.js';
import { constantsOf, type LanePlan, withHostNames } from '../algebra/lane.js';
import type { Address } from '../algebra/lanes.js';
import { comingTo, reachOf } from '../algebra/reach.js';
import { boxSet, emptySet, intersect, isEmpty, type RequestSet, subtract, union } from '../algebra/request-set.js';
import type { Rewritten } from '../algebra/routes/rewritten.js';
import type { Space } from '../algebra/space.js';
import { realRequests } from '../algebra/universe.js';
import type { Mesh } from '../mesh/mesh.js';
import type { ManifestObject } from '../parse/document.js';
import type { Earlier } from './earlier.js';
import { type AskDifference, askDifferences } from './intents/asks.js';
import { auditDifferences } from './intents/audits.js';
import { boundsOf, leavesOthers } from './intents/bounds.js';
import { constantsOfDemand } from './intents/conditions.js';
import type { Demand } from './intents/demands.js';
import { type DeniedMandate, deniedMandates } from './intents/denied-mandates.js';
import { type PinDifference, pinDifferences } from './intents/pins.js';
import { arrivingPlain, callersWhere, everyone, type Situation } from './intents/situation.js';
import { leftByAuthorizers } from './left-by-authorizers.js';
import { type Cut, cutsOn } from './network-policies/cuts.js';

/** What all comparisons of a proof share. */
export interface ProofContext {
  readonly mesh: Mesh;
  readonly pool: CallerPool;
  readonly makeSpace: (callers: Callers, constants: Constants) => Space;
  readonly ask: SourceIntent;
  /** A state before this one, of which it is known what policies by hand refused in it. */
  readonly earlier?: Earlier;
  /** Whether a policy is not among those that are to mean what the intents say, but was there before. */
  readonly isExisting: (object: ManifestObject) => boolean;
}

/** All that one comparison looks at: a way to a workload, for one caller of each class that it tells apart. */
export interface Comparison {
  readonly demand: Demand;
  readonly plan: LanePlan;
  readonly address: Address;
  /** What routes have made of the requests when they come to the pod. */
  readonly arriving: Rewritten;
  readonly callers: Callers;
  readonly plaintextByDefault: boolean;
  /** What else requests are to be told apart by. */
  readonly alsoCompared?: Constants;
}

/** Where a lane and the intents differ. The doubtful requests are those about which the model lacks a fact. */
export interface LaneDifferences {
  readonly situation: Situation;
  readonly tooMuch: RequestSet;
  readonly tooLittle: RequestSet;
  readonly doubtful: RequestSet;
  readonly asks: readonly AskDifference[];
  readonly deniedMandates: readonly DeniedMandate[];
  readonly pins: readonly PinDifference[];
  readonly cuts: readonly Cut[];
}

/** Compares what a lane lets through with what the intents say of it, for all callers whose way is known. */
export function proveLane(context: ProofContext, comparison: Comparison): LaneDifferences {
  const { mesh, makeSpace } = context;
  const { demand, plan, address, arriving, callers, plaintextByDefault, alsoCompared = new Map() } = comparison;
  const ways = plan.ways.filter(({ stop }) => stop?.kind !== 'not-modelled');
  const compared = mergeConstants([constantsOf(mesh, plan), constantsOfDemand(demand, arriving), alsoCompared]);
  const constants = withHostNames(mesh, plan, compared);
  const space = makeSpace(callers, constants);
  const situation: Situation = {
    mesh,
    demand,
    plan: { ...plan, ways },
    space,
    address,
    arriving,
    plaintextByDefault,
  };
  const sent = reachOf(mesh, space, situation.plan);
  const left = leftByAuthorizers(mesh, situation.plan);
  const { surely, possibly } = left.plan === situation.plan ? sent : reachOf(left.mesh, space, left.plan);
  const { must, may } = boundsOf(situation, existingGrants(context, situation));
  // Nothing is owed to requests that routes lead elsewhere.
  const owed = intersect(must, realRequests(mesh, space), comingTo(situation.plan, space, 'surely'));
  const judged = boxSet(space.shape, new Map([[0, judgedCallers(situation)]]));
  const unwanted = (passing: RequestSet) => subtract(intersect(passing, judged), may);
  return {
    situation: { ...situation, ...left },
    tooMuch: unwanted(surely),
    tooLittle: subtract(owed, possibly),
    doubtful: union(unwanted(subtract(possibly, surely)), intersect(subtract(owed, surely), possibly)),
    asks: [
      ...askDifferences(situation, intersect(sent.possibly, judged), sent.asks),
      ...auditDifferences({ ...situation, ...left }, intersect(possibly, judged), context.isExisting),
    ],
    deniedMandates: deniedMandates(situation),
    pins: pinDifferences(situation, () => intersect(surely, judged)),
    cuts: cutsOn(mesh, situation, owed),
  };
}

export function isProved(found: LaneDifferences): boolean {
  const { tooMuch, tooLittle, doubtful, asks, deniedMandates, pins, cuts } = found;
  const isAlike = isEmpty(tooMuch) && isEmpty(tooLittle) && isEmpty(doubtful);
  return isAlike && asks.length + deniedMandates.length + pins.length + cuts.length === 0;
}

/** Of workloads that nobody has deployed yet, those who show their certificate: in plaintext they are like anyone outside. */
function judgedCallers(situation: Situation): Bits {
  return (
    everyone(situation) &
    ~(callersWhere(situation, ({ source }) => source.kind === 'future') & arrivingPlain(situation))
  );
}

/** What existing policies allow counts as allowed where the intents let them stand, or cannot name the workload. */
function existingGrants({ isExisting }: ProofContext, situation: Situation): RequestSet {
  const { space, plan, demand } = situation;
  const nothing = emptySet(space.shape);
  if (!leavesOthers(situation) && !demand.isFuture) return nothing;
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
