import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import type { LanePlan } from '../algebra/lane.js';
import { includes } from '../algebra/request-set.js';
import type { CompiledPolicy } from '../compiled.js';
import { compare } from './compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from './context.js';
import { evidenceIn, proofOf } from './evidence.js';
import { withEnforcement } from './plans.js';
import { testsOf } from './written.js';

/**
 * An ALLOW that looks as if it chose, and admits whatever comes: it is as wide as no policy (§1.2). Who writes the empty
 * rule says so, and who names ports means no others.
 */
export function allowancesOfEverything(context: LintContext): readonly Diagnostic[] {
  return context.policies.filter(seemsToChoose).flatMap((subject) => {
    const { policy, sites } = subject;
    const refusesNothing = sites.every(({ plan }) => {
      const [alone, none] = [withAllowances(plan, subject, true), withAllowances(plan, subject, false)];
      const { is, would } = compare(context, alone, none);
      return includes(is.surely, would.possibly);
    });
    if (sites.length === 0 || !refusesNothing) return [];
    const evidence = firstOf(sites, ({ plan }) => {
      const comparison = compare(context, plan, plan);
      return evidenceIn(context.mesh, comparison, comparison.is.surely, 'allowed');
    });
    const law = 'with an ALLOW policy, whatever matches none is denied: here nothing is (istio-security §1.2)';
    const span = spanIn(policy.object, ['spec', 'rules'], 'key');
    return diagnostic('allowance-of-everything', { policy: nameOf(policy) }, span, proofOf(evidence, law));
  });
}

function seemsToChoose({ policy: { action, rules } }: PolicyInMesh): boolean {
  if (action !== 'ALLOW' || rules.length === 0) return false;
  return rules.every((rule) => {
    const attributes = testsOf(rule).map(({ attribute }) => attribute);
    return attributes.length > 0 && !attributes.includes('destination.port');
  });
}

/** The way in if, wherever the policy is held, it were the only ALLOW policy, or if there were none. */
function withAllowances(plan: LanePlan, { policy }: PolicyInMesh, isHeld: boolean): LanePlan {
  return withEnforcement(plan, ({ enforcement }) => {
    const { policies } = enforcement;
    if (!policies.some((compiled) => compiled.policy === policy)) return enforcement;
    const stays = (compiled: CompiledPolicy) => compiled.action !== 'ALLOW' || (isHeld && compiled.policy === policy);
    return { ...enforcement, policies: policies.filter(stays) };
  });
}
