import type { Bound } from '../../algebra/conditions.js';
import { policySet } from '../../algebra/gate-sets.js';
import { intersect, type RequestSet } from '../../algebra/request-set.js';
import type { CompiledPolicy, CompiledRule } from '../../mesh/policies/compiled.js';
import { oncePerObject } from '../../util/once.js';
import type { EnforcementSite } from '../enforcement-sites.js';

/** A rule at an enforcement point: the requests there that it matches for certain, and those that it may match. */
export interface RuleAtSite {
  readonly site: EnforcementSite;
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
  readonly matched: RequestSet;
  readonly possible: RequestSet;
}

/** What each rule of the AuthorizationPolicies of an action matches at an enforcement point, in their order. */
export function rulesAt(site: EnforcementSite, action: CompiledPolicy['action']): readonly RuleAtSite[] {
  return site.gate.enforcement.policies
    .filter(({ policy, action: own }) => own === action && policy.kind === 'AuthorizationPolicy')
    .flatMap((policy) =>
      policy.rules.map((rule) => {
        const alone = { ...policy, rules: [rule] };
        return { site, policy, rule, matched: matchedAt(site, alone), possible: matchedAt(site, alone, 'possibly') };
      }),
    );
}

/** The requests at an enforcement point that a policy matches for certain, or may match. */
export function matchedAt(site: EnforcementSite, policy: CompiledPolicy, bound: Bound = 'surely'): RequestSet {
  return intersect(site.arriving, policySet(policy, { ...site.gate, space: site.space }, bound));
}

/**
 * Whether a rule can be covered by one that names ports. Pods may listen on ports that no manifest tells of, so a rule for
 * all ports is never covered by one for some; the ports of a Service are all known at its waypoint.
 */
export function isCoverableByPorts(covered: CompiledRule, { gate }: EnforcementSite): boolean {
  return gate.hop.point.kind === 'waypoint' || namesPorts(covered);
}

export const namesPorts = oncePerObject(({ clauses }: CompiledRule): boolean => {
  const conditions = clauses.flatMap(({ alternatives }) => alternatives.flatMap((item) => item.conditions));
  return conditions.some(({ attribute }) => attribute === 'destination.port');
});
