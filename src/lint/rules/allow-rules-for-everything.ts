import type { LanePlan } from '../../algebra/lane.js';
import { includes } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Rule } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { evidenceIn, proofOf } from '../evidence.js';
import { withEnforcement } from '../plans.js';
import { isIdentity, testsOf } from '../written.js';

/**
 * An ALLOW that looks as if it chose, and admits whatever comes: it is as wide as no policy (§1.2). Who writes the empty
 * rule says so, and who names ports means no others.
 */
export function allowRulesForEverything(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const { policy, sites } = subject;
    const rules = rulesForAnyone(subject);
    if (rules.length === 0 || sites.length === 0) return [];
    const refusesNothing = sites.every(({ plan }) => {
      const [alone, none] = [withAllowances(plan, subject, rules), withAllowances(plan, subject, undefined)];
      const { is, would } = compare(context, alone, none);
      return includes(is.surely, would.possibly);
    });
    if (!refusesNothing) return [];
    const evidence = firstOf(sites, ({ plan }) => {
      const comparison = compare(context, plan, plan);
      return evidenceIn(context.mesh, comparison, comparison.is.surely, 'allowed');
    });
    // Where nobody gets in, of what others deny, nothing shows what it admits.
    if (evidence === undefined) return [];
    const law = 'with an ALLOW policy, whatever matches none is denied: here nothing is (istio-security §1.2)';
    const span = spanIn(policy.object, ['spec', 'rules'], 'key');
    return diagnostic('allow-rule-for-everything', { policy: nameOf(policy) }, span, proofOf(evidence, law));
  });
}

/** Rules that are about requests, or about having an identity at all: who names callers has chosen, whoever there is. */
export function rulesForAnyone({ policy: { action, rules } }: PolicyInMesh): readonly Rule[] {
  if (action !== 'ALLOW' || rules.some((rule) => testsOf(rule).length === 0)) return [];
  return rules.filter((rule) =>
    testsOf(rule).every((test) => {
      if (isIdentity(test)) return test.notValues.length === 0 && test.values.includes('*');
      return test.attribute !== 'destination.port';
    }),
  );
}

/** The way in if, wherever the policy is held, these rules of it were the only ALLOW, or if there were none. */
function withAllowances(plan: LanePlan, { policy }: PolicyInMesh, kept: readonly Rule[] | undefined): LanePlan {
  return withEnforcement(plan, ({ enforcement }) => {
    const held = enforcement.policies.find((compiled) => compiled.policy === policy);
    if (held === undefined) return enforcement;
    const others = enforcement.policies.filter(({ action }) => action !== 'ALLOW');
    const rules = held.rules.filter(({ place }) => kept?.some((rule) => rule.place === place));
    return { ...enforcement, policies: kept === undefined ? others : [...others, { ...held, rules }] };
  });
}
