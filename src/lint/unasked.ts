import type { LanePlan } from '../algebra/lane.js';
import { emptySet, intersect, type RequestSet, subtract } from '../algebra/request-set.js';
import type { AuthorizationPolicy } from '../mesh/policies/policy.js';
import { type Comparison, compare } from './compare.js';
import type { LintContext } from './context.js';
import { type Evidence, evidenceIn } from './evidence.js';

/** A request that is let through without its external authorizer, and would be shown to it. */
export function unasked(
  context: LintContext,
  policy: AuthorizationPolicy,
  plan: LanePlan,
  meant: LanePlan,
): Evidence | undefined {
  const comparison = compare(context, plan, meant);
  return evidenceIn(context.mesh, comparison, unaskedIn(comparison, policy), 'allowed');
}

/** The requests that are let through, and would be shown to the policy's authorizer only in the other case. */
export function unaskedIn({ space, is, would }: Comparison, { provider = '' }: AuthorizationPolicy): RequestSet {
  const nobody = emptySet(space.shape);
  return intersect(is.surely, subtract(would.asks.get(provider) ?? nobody, is.asks.get(provider) ?? nobody));
}
