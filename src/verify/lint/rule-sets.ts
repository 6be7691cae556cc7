import { type Bound, policySet } from '../algebra/gate-sets.js';
import { intersect, type RequestSet } from '../algebra/request-set.js';
import type { CompiledPolicy, CompiledRule } from '../compiled.js';
import type { Door } from './doors.js';

/** A rule at a door: the requests there that it matches for certain, and those that it may match. */
export interface RuleAtDoor {
  readonly door: Door;
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
  readonly matched: RequestSet;
  readonly possible: RequestSet;
}

/** What each rule of the AuthorizationPolicies of an action matches at a door, in their order. */
export function rulesAt(door: Door, action: CompiledPolicy['action']): readonly RuleAtDoor[] {
  return door.gate.enforcement.policies
    .filter(({ policy, action: own }) => own === action && policy.kind === 'AuthorizationPolicy')
    .flatMap((policy) =>
      policy.rules.map((rule) => {
        const alone = { ...policy, rules: [rule] };
        return { door, policy, rule, matched: matchedAt(door, alone), possible: matchedAt(door, alone, 'possibly') };
      }),
    );
}

/** The requests at a door that a policy matches for certain, or may match. */
export function matchedAt(door: Door, policy: CompiledPolicy, bound: Bound = 'surely'): RequestSet {
  return intersect(door.arriving, policySet(policy, { ...door.gate, space: door.space }, bound));
}

/**
 * Whether one rule can be covered by another. Pods may listen on ports that no manifest tells of, so a rule for all
 * ports is never covered by one for some; the ports of a Service are all known at its waypoint.
 */
export function canCover(cover: CompiledRule, covered: CompiledRule, { gate }: Door): boolean {
  return gate.hop.point.kind === 'waypoint' || !namesPorts(cover) || namesPorts(covered);
}

function namesPorts({ clauses }: CompiledRule): boolean {
  const conditions = clauses.flatMap(({ alternatives }) => alternatives.flatMap((item) => item.conditions));
  return conditions.some(({ attribute }) => attribute === 'destination.port');
}
