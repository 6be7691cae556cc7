import type { Gate, LanePlan } from '../../algebra/lane.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import type { AuthorizationPolicy, Item, Rule, Test } from '../../mesh/policies/policy.js';
import { compileForms } from '../../mesh/policies/policy-forms.js';
import type { PolicyInMesh } from '../context.js';
import { withPolicy } from '../plans.js';
import type { Site } from '../sites.js';
import { testsOf } from '../written.js';

/** What a test would say if its author had known better; the same test where nothing is wrong. */
export type Correction = (test: Test, site: Site, gate: Gate) => Test;

/** The way in if some tests of a policy said something else. */
export function correctedPlan({ at, policy }: PolicyInMesh, site: Site, correct: Correction): LanePlan {
  return withPolicy(site.plan, policy, (compiled, gate): CompiledPolicy => {
    const corrected = correctedPolicy(policy, (test) => correct(test, site, gate));
    const forms = compileForms(corrected, at.trustDomains, at.cluster.settings.istio.version);
    const form = gate.hop.point.kind === 'ztunnel' ? forms.ztunnel : forms[gate.hop.chain];
    return form ?? compiled;
  });
}

/** A policy of which each test is corrected. Rules in which nothing is wrong stay the same. */
export function correctedPolicy(policy: AuthorizationPolicy, correct: (test: Test) => Test): AuthorizationPolicy {
  const item = (before: Item): Item => ({ ...before, tests: before.tests.map(correct) });
  const rule = (before: Rule): Rule => {
    const { from, to, when, place } = before;
    if (testsOf(before).every((test) => correct(test) === test)) return before;
    return { from: from.map(item), to: to.map(item), when: when.map(item), place };
  };
  return { ...policy, rules: policy.rules.map(rule) };
}
