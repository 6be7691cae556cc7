import { describeSet } from '../../algebra/describe.js';
import { witnessOf } from '../../algebra/witness.js';
import type { NetworkStop } from '../../mesh/paths/hops.js';
import { describeRequest } from '../../mesh/request.js';
import { keyOf } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { causeOf, type IntentCause, ruleAllowing } from '../intents/cause.js';
import type { Demand } from '../intents/demands.js';
import type { Situation } from '../intents/situation.js';
import type { Cut } from './cuts.js';

/** Requests that intents allow and Istio lets through, and what NetworkPolicies make of them. */
export interface CutRequests {
  readonly network: NetworkStop;
  readonly demand: Demand;
  /** Whether a rule allows them, and not a default alone. */
  readonly isOfRule: boolean;
  readonly cause: IntentCause;
  readonly requests: string;
  readonly witness: string;
}

/** A cut in words. */
export function cutRequests(situation: Situation, { network, requests }: Cut): CutRequests {
  const { space, plan, demand } = situation;
  const witness = witnessOf(space, plan.lane, requests);
  return {
    network,
    demand,
    isOfRule: ruleAllowing(situation, requests) !== undefined,
    cause: causeOf(situation, requests, 'too-little'),
    requests: describeSet(space, plan.lane, requests),
    witness: witness === undefined ? '' : describeRequest(witness),
  };
}

/**
 * One for each workload, for what allows it, and for what becomes of it. Of what is allowed by default one is enough: what is
 * known to be stopped, or else what may be.
 */
export function firstCuts(found: readonly CutRequests[]): readonly CutRequests[] {
  const groups = groupBy(found, ({ network, demand: { workload }, cause, isOfRule }) =>
    [workload.cluster, keyOf(workload), cause.id, isOfRule ? network.because : ''].join('\n'),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return group.find(({ network }) => network.kind === 'no-path') ?? first ?? [];
  });
}
