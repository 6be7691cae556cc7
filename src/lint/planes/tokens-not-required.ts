import { where } from '../../algebra/conditions.js';
import type { LanePlan } from '../../algebra/lane.js';
import { intersect } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { conditionsOf } from '../../mesh/policies/compiled.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { type Evidence, evidenceIn, proofOf } from '../evidence.js';
import { isOfToken } from '../written.js';

/** A RequestAuthentication alone: it refuses wrong tokens, and lets requests without one pass (§6.3). */
export function tokensNotRequired(context: LintContext): readonly Diagnostic[] {
  const plans = [...context.sites, ...context.gatewaySites].map(({ plan }) => plan);
  return [...context.mesh.clusters.values()].flatMap((at) =>
    [...at.requestAuthentication.values()].flat().flatMap((policy) => {
      const checking = plans.filter((plan) =>
        enforcementsOf(plan).some((each) => each.authentication.includes(policy)),
      );
      if (checking.some(asksForTokens)) return [];
      const evidence = firstOf(checking, (plan) => withoutToken(context, plan));
      if (evidence === undefined) return [];
      const law = 'a request without a token passes every RequestAuthentication (istio-security §6.3)';
      const span = spanIn(policy.object, ['spec', 'jwtRules'], 'key');
      return diagnostic('token-not-required', { policy: nameOf(policy) }, span, proofOf(evidence, law));
    }),
  );
}

function enforcementsOf({ ways }: LanePlan) {
  return ways.flatMap(({ gates }) => gates.map(({ enforcement }) => enforcement));
}

function asksForTokens(plan: LanePlan): boolean {
  return enforcementsOf(plan).some(({ policies }) => policies.some((policy) => conditionsOf(policy).some(isOfToken)));
}

function withoutToken(context: LintContext, plan: LanePlan): Evidence | undefined {
  const comparison = compare(context, plan, plan);
  const { space, is } = comparison;
  const without = where(space, 'request.auth.principal', (values) => values.length === 0);
  return evidenceIn(context.mesh, comparison, intersect(is.surely, without), 'allowed');
}
