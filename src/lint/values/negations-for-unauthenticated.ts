import type { LanePlan } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { CompiledRule, Condition } from '../../mesh/policies/compiled.js';
import type { Rule, Test } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { evidenceIn, proofOf } from '../evidence.js';
import { withPolicy } from '../plans.js';
import { isIdentity, testsOf } from '../written.js';

/** An ALLOW for everybody but some: callers without any certificate are not among the some, and get in (§1.3). */
export function negationsForUnauthenticated(context: LintContext): readonly Diagnostic[] {
  return context.policies
    .filter(({ policy }) => policy.action === 'ALLOW')
    .flatMap((subject) =>
      subject.policy.rules.flatMap((rule) => {
        const negation = onlyNegation(rule);
        if (negation === undefined) return [];
        const evidence = firstOf(subject.sites, ({ plan }) => {
          const comparison = compare(context, plan, forTheMesh(plan, subject, rule));
          return evidenceIn(context.mesh, comparison, comparison.slips, 'allowed');
        });
        if (evidence === undefined) return [];
        const law = 'who shows no certificate satisfies every `not` about identities (istio-security §1.3)';
        const span = spanIn(subject.policy.object, negation.place);
        return diagnostic(
          'negation-for-unauthenticated',
          { policy: nameOf(subject.policy) },
          span,
          proofOf(evidence, law),
        );
      }),
    );
}

/**
 * The test by which a rule excludes callers, where it names none that it admits. Who excludes every identity there is
 * means the callers without one.
 */
function onlyNegation(rule: Rule): Test | undefined {
  const identities = testsOf(rule).filter(isIdentity);
  const isMeant = identities.some(({ values, notValues }) => values.length > 0 || notValues.includes('*'));
  return isMeant ? undefined : identities[0];
}

/** The way in if the rule were for callers with a certificate only. */
function forTheMesh(plan: LanePlan, { policy }: PolicyInMesh, { place }: Rule): LanePlan {
  return withPolicy(plan, policy, (compiled) => ({
    ...compiled,
    rules: compiled.rules.map((rule) => (rule.place === place ? withCertificate(rule) : rule)),
  }));
}

function withCertificate({ clauses, place }: CompiledRule): CompiledRule {
  const anybody: Condition = {
    attribute: 'source.principal',
    field: 'principals',
    anyOf: [{ kind: 'non-empty' }],
    noneOf: [],
    place,
  };
  return { place, clauses: [...clauses, { alternatives: [{ conditions: [anybody] }], place }] };
}
