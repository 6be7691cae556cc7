import { emptySet, equals, includes, isEmpty, union } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type Path, spanIn } from '../../parse/document.js';
import { groupBy } from '../../util/order.js';
import { type LintContext, nameOf } from '../context.js';
import type { EnforcementSite } from '../enforcement-sites.js';
import { evidenceIn, proofOf } from '../evidence.js';
import { hasMisspelling } from '../values/misspelt.js';
import { canCover, type RuleAtSite, rulesAt } from './rule-sets.js';

/** A rule that matches nothing that other rules of its action do not match as well, wherever it is enforced (§1.2). */
export function redundantRules(context: LintContext): readonly Diagnostic[] {
  const sites = context.enforcementSites();
  return (['ALLOW', 'DENY'] as const).flatMap((action) => {
    const appearances = sites.flatMap((site) => rulesAt(site, action)).filter(({ possible }) => !isEmpty(possible));
    return redundant(appearances).map((rule) => finding(context, rule));
  });
}

/**
 * From the last rule to the first, so that of two equal rules the first one stays. What two policies say in the same
 * words may be the concern of two teams, and is no finding.
 */
function redundant(appearances: readonly RuleAtSite[]): readonly RuleAtSite[] {
  const atSite = groupBy(appearances, ({ site }) => site);
  const dropped = new Set<Path>();
  const groups = [...groupBy(appearances, ({ rule }) => rule.place).values()].reverse();
  const found = groups.flatMap((group) => {
    const [first] = group;
    if (
      first === undefined ||
      isMisspelt(first) ||
      !group.every((appearance) => isCovered(appearance, atSite, dropped))
    )
      return [];
    dropped.add(first.rule.place);
    return [first];
  });
  return found.reverse();
}

/** A rule that means something else than it says has a finding of its own. */
function isMisspelt({ policy: { policy }, rule: { place } }: RuleAtSite): boolean {
  if (policy.kind !== 'AuthorizationPolicy') return false;
  return policy.rules.some((written) => written.place === place && hasMisspelling(written));
}

function isCovered(
  { site, policy, rule, matched, possible }: RuleAtSite,
  atSite: ReadonlyMap<EnforcementSite, readonly RuleAtSite[]>,
  dropped: ReadonlySet<Path>,
): boolean {
  const others = (atSite.get(site) ?? []).filter((other) => {
    if (other.rule.place === rule.place || dropped.has(other.rule.place)) return false;
    if (!canCover(other.rule, rule, site)) return false;
    return other.policy.policy === policy.policy || !equals(other.matched, matched);
  });
  return includes(union(emptySet(site.space.shape), ...others.map((other) => other.matched)), possible);
}

function finding({ mesh }: LintContext, { site, policy: { policy }, rule, matched }: RuleAtSite): Diagnostic {
  const evidence = evidenceIn(mesh, site, matched, 'allowed') ?? evidenceIn(mesh, site, matched, 'denied');
  const law = 'rules of one action are alternatives, whichever policy they stand in (istio-security §1.2)';
  const span = spanIn(policy.object, rule.place);
  return diagnostic('rule-redundant', { policy: nameOf(policy) }, span, proofOf(evidence, law));
}
