import type { LanePlan } from '../algebra/lane.js';
import { emptySet, intersect, subtract } from '../algebra/request-set.js';
import type { AuthorizationPolicy } from '../policy.js';
import { compare } from './compare.js';
import type { LintContext } from './context.js';
import { type Evidence, evidenceIn } from './evidence.js';

/** A request that is let through without its external authorizer, and would be shown to it. */
export function unasked(
  context: LintContext,
  { provider = '' }: AuthorizationPolicy,
  plan: LanePlan,
  meant: LanePlan,
): Evidence | undefined {
  const comparison = compare(context, plan, meant);
  const { space, is, would } = comparison;
  const nobody = emptySet(space.shape);
  const missed = subtract(would.asks.get(provider) ?? nobody, is.asks.get(provider) ?? nobody);
  return evidenceIn(context.mesh, comparison, intersect(missed, is.surely), 'allowed');
}
