import type { Gate, LanePlan } from '../../algebra/lane.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import type { AuthorizationPolicy, Item, Rule, Test } from '../../mesh/policies/policy.js';
import { compileForms } from '../../mesh/policies/policy-forms.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceIn, evidenceOfDifference } from '../evidence.js';
import { withPolicy } from '../plans.js';
import type { Site } from '../sites.js';
import { unaskedIn } from '../unasked.js';
import type { Wishes } from '../wishes.js';

/** What a test would say if its author had known better; the same test where nothing is wrong. */
export type Correction = (test: Test, site: Site, gate: Gate) => Test;

/** A request that a policy lets through or refuses as it stands, and would not if one of its tests were corrected. */
export function evidenceOfCorrection(
  context: LintContext,
  subject: PolicyInMesh,
  correct: Correction,
  wishesAt: (site: Site) => Wishes,
): Evidence | undefined {
  return firstOf(subject.sites, (site) => {
    const meant = correctedPlan(subject, site, correct);
    const wishes = wishesAt(site);
    const comparison = compare(context, site.plan, meant, wishes);
    if (subject.policy.action !== 'CUSTOM') return evidenceOfDifference(context, comparison, wishes);
    return evidenceIn(context.mesh, comparison, unaskedIn(comparison, subject.policy), 'allowed', wishes);
  });
}

function correctedPlan({ at, policy }: PolicyInMesh, site: Site, correct: Correction): LanePlan {
  return withPolicy(site.plan, policy, (compiled, gate): CompiledPolicy => {
    const corrected = correctedPolicy(policy, (test) => correct(test, site, gate));
    const forms = compileForms(corrected, at.trustDomains, at.cluster.settings.istio.version);
    const form = gate.hop.point.kind === 'ztunnel' ? forms.ztunnel : forms[gate.hop.chain];
    return form ?? compiled;
  });
}

function correctedPolicy(policy: AuthorizationPolicy, correct: (test: Test) => Test): AuthorizationPolicy {
  const item = (before: Item): Item => ({ ...before, tests: before.tests.map(correct) });
  const rule = ({ from, to, when, place }: Rule): Rule => ({
    from: from.map(item),
    to: to.map(item),
    when: when.map(item),
    place,
  });
  return { ...policy, rules: policy.rules.map(rule) };
}
