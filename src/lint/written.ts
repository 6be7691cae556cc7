import type { Lane } from '../algebra/lane.js';
import { isHttpAttribute, isIdentityAttribute, isTokenAttribute } from '../mesh/fields.js';
import type { Alternative, CompiledRule, Condition } from '../mesh/policies/compiled.js';
import type { Rule, Test } from '../mesh/policies/policy.js';
import type { PolicyForms } from '../mesh/policies/policy-forms.js';

/** A rule as it reads: as a proxy enforces it that sees all of a request, and knows that mere bytes have no request. */
export function ruleAsWritten({ http }: PolicyForms, rule: Rule, payload: Lane['payload']): readonly CompiledRule[] {
  const whole = http.rules.filter(({ place }) => place === rule.place);
  return payload === 'http' ? whole : whole.map(seenOnBytes);
}

/** Bytes have no method and no path: no value matches, and every `not` holds (§1.3). */
function seenOnBytes({ clauses, place }: CompiledRule): CompiledRule {
  return {
    place,
    clauses: clauses.map((clause) => ({ ...clause, alternatives: clause.alternatives.flatMap(alternativeOnBytes) })),
  };
}

function alternativeOnBytes({ conditions }: Alternative): readonly Alternative[] {
  const ofRequests = conditions.filter(({ attribute }) => isHttpAttribute(attribute));
  if (ofRequests.some(({ anyOf }) => anyOf.length > 0)) return [];
  return [{ conditions: conditions.filter(({ attribute }) => !isHttpAttribute(attribute)) }];
}

export function testsOf({ from, to, when }: Rule): readonly Test[] {
  return [...from, ...to, ...when].flatMap(({ tests }) => tests);
}

/** Who calls, as a certificate says it. */
export function isIdentity({ attribute }: { readonly attribute: Test['attribute'] }): boolean {
  return isIdentityAttribute(attribute);
}

/** What a token says. */
export function isOfToken({ attribute }: { readonly attribute: Test['attribute'] }): boolean {
  return isTokenAttribute(attribute);
}

/** A rule of which only some conditions are left. */
export function keeping({ clauses, place }: CompiledRule, isKept: (condition: Condition) => boolean): CompiledRule {
  return {
    place,
    clauses: clauses.map((clause) => ({
      ...clause,
      alternatives: clause.alternatives.map(({ conditions }) => ({ conditions: conditions.filter(isKept) })),
    })),
  };
}

/** A rule as it would be for anyone. */
export function withoutIdentities(rule: CompiledRule): CompiledRule {
  return keeping(rule, (condition) => !isIdentity(condition));
}
