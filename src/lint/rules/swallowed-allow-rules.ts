import { emptySet, includes, isEmpty, type RequestSet, union } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { CompiledPolicy, CompiledRule } from '../../mesh/policies/compiled.js';
import { isWithin, spanIn } from '../../parse/document.js';
import { oncePer } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { type LintContext, nameOf } from '../context.js';
import type { EnforcementSite } from '../enforcement-sites.js';
import { evidenceIn, proofOf } from '../evidence.js';
import { isCoverableByPorts, matchedAt, namesPorts, type RuleAtSite, rulesAt } from './rule-sets.js';

/** An ALLOW rule of which DENY policies leave nothing: denials are asked first (§1.2). */
export function swallowedAllowRules(context: LintContext): readonly Diagnostic[] {
  const appearances = context
    .enforcementSites()
    .flatMap((site) => rulesAt(site, 'ALLOW'))
    .filter(({ possible }) => !isEmpty(possible));
  const denied = oncePer(denialsAt);
  const isSwallowed = ({ site, rule, possible }: RuleAtSite) =>
    includes(denied(site)(isCoverableByPorts(rule, site)), possible);
  return [...groupBy(appearances, ({ rule }) => rule.place)].flatMap(([place, group]) => {
    const first = group.find(({ matched }) => !isEmpty(matched));
    if (first === undefined || !group.every(isSwallowed)) return [];
    const { policy } = first.policy;
    const evidence = evidenceIn(context.mesh, first.site, first.matched, 'denied');
    const law = 'a request that a DENY policy matches is denied before ALLOW policies are asked (istio-security §1.2)';
    return diagnostic(
      'allow-rule-swallowed',
      { policy: nameOf(policy) },
      spanIn(policy.object, place),
      proofOf(evidence, law),
    );
  });
}

/** The requests at a site that its denials match: with those that name ports, or without. */
function denialsAt(site: EnforcementSite): (withPorts: boolean) => RequestSet {
  return oncePer((withPorts: boolean) => {
    const denials = site.gate.enforcement.policies
      .filter(({ action }) => action === 'DENY')
      .map((policy) => ({
        ...policy,
        rules: policy.rules.filter((rule) => !isWidened(rule, policy) && (withPorts || !namesPorts(rule))),
      }));
    return union(emptySet(site.space.shape), ...denials.map((policy) => matchedAt(site, policy)));
  });
}

/** A denial that is wider than it is written has a finding of its own, and that is the cause. */
function isWidened({ place }: CompiledRule, { lost }: CompiledPolicy): boolean {
  return lost.some((loss) => isWithin(loss.place, place));
}
