import { allOf, anyOf, not, type Truth } from '../truth.js';
import { type Seen, see, seenMatches, type View } from '../view.js';
import type { Alternative, Clause, CompiledPolicy, CompiledRule, Condition } from './compiled.js';

/** Whether a compiled policy matches what its enforcement point sees. A policy without rules never does (§1.1). */
export function policyMatches(policy: CompiledPolicy, view: View): Truth {
  return anyOf(policy.rules.map((rule) => ruleMatches(rule, view)));
}

export function ruleMatches(rule: CompiledRule, view: View): Truth {
  return allOf(rule.clauses.map((clause) => clauseMatches(clause, view)));
}

export function clauseMatches(clause: Clause, view: View): Truth {
  return anyOf(clause.alternatives.map((alternative) => alternativeMatches(alternative, view)));
}

function alternativeMatches({ conditions }: Alternative, view: View): Truth {
  return allOf(conditions.map((condition) => conditionMatches(condition, view)));
}

export function conditionMatches(condition: Condition, view: View): Truth {
  return conditionHolds(condition, see(view, condition.attribute));
}

/** Some wanted value is among those seen, and no unwanted one is. */
export function conditionHolds({ anyOf: wanted, noneOf }: Pick<Condition, 'anyOf' | 'noneOf'>, seen: Seen): Truth {
  const hits = wanted.length === 0 ? 'yes' : anyOf(wanted.map((matcher) => seenMatches(seen, matcher)));
  return allOf([hits, ...noneOf.map((matcher) => not(seenMatches(seen, matcher)))]);
}
