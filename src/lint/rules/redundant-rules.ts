import { includes, isEmpty } from '../../algebra/request-set.js';
import { unionTree } from '../../algebra/union-tree.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import { type Path, spanIn } from '../../parse/document.js';
import { groupBy, sortBy } from '../../util/order.js';
import { type LintContext, nameOf } from '../context.js';
import type { EnforcementSite } from '../enforcement-sites.js';
import { evidenceIn, proofOf } from '../evidence.js';
import { hasMisspelling } from '../values/misspelt.js';
import { isCoverableByPorts, namesPorts, type RuleAtSite, rulesAt } from './rule-sets.js';

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
  const atSite = new Map(
    [...groupBy(appearances, ({ site }) => site)].map(([site, rules]) => [site, coversAt(site, rules)]),
  );
  const dropped = new Set<Path>();
  const groups = [...groupBy(appearances, ({ rule }) => rule.place).values()].reverse();
  const found = groups.flatMap((group) => {
    const [first] = group;
    const covered = group.every((appearance) => atSite.get(appearance.site)?.(appearance, dropped));
    if (first === undefined || isMisspelt(first) || !covered) return [];
    dropped.add(first.rule.place);
    return [first];
  });
  return found.reverse();
}

/** A rule that means something else than it says has a finding of its own. */
function isMisspelt({ site, policy: { policy }, rule: { place } }: RuleAtSite): boolean {
  if (policy.kind !== 'AuthorizationPolicy') return false;
  const { pathNormalization } = site.gate.hop.mesh.cluster.settings.istio;
  return policy.rules.some((written) => written.place === place && hasMisspelling(written, pathNormalization));
}

/** Whether the rules of one site cover one of them, without some that were dropped. */
type Covers = (rule: RuleAtSite, dropped: ReadonlySet<Path>) => boolean;

/** Most rules are not covered, which is soon seen: even all others together leave something of them. */
function coversAt(site: EnforcementSite, rules: readonly RuleAtSite[]): Covers {
  const ordered = sortBy(rules, ({ rule }) => Number(namesPorts(rule)));
  const places = new Map(ordered.map((each, place) => [each.rule.place, place]));
  const byRequests = groupBy(ordered.keys(), (place) => ordered[place]?.matched.root);
  const tree = unionTree(
    site.space.shape,
    ordered.map(({ matched }) => matched),
  );
  return ({ policy, rule, matched, possible }, dropped) => {
    const out = new Set([...dropped, rule.place].flatMap((path) => places.get(path) ?? []));
    for (const place of byRequests.get(matched.root) ?? []) {
      if (ordered[place]?.policy.policy !== policy.policy) out.add(place);
    }
    if (!includes(tree.without(out), possible)) return false;
    if (isCoverableByPorts(rule, site)) return true;
    for (const [place, other] of ordered.entries()) if (namesPorts(other.rule)) out.add(place);
    return includes(tree.without(out), possible);
  };
}

function finding({ mesh }: LintContext, { site, policy, rule, matched }: RuleAtSite): Diagnostic {
  const evidence = evidenceIn(mesh, site, matched, 'allowed') ?? evidenceIn(mesh, site, matched, 'denied');
  const law = 'rules of one action are alternatives, whichever policy they stand in (istio-security §1.2)';
  const name = nameOf(policy.policy);
  const widest = matchingEverything(site, policy.action);
  const help = widest && `remove it, or remove the rule \`{}\` of \`${nameOf(widest)}\`, which matches everything`;
  return diagnostic('rule-redundant', { policy: name }, spanIn(policy.policy.object, rule.place), {
    ...proofOf(evidence, law),
    ...(help !== undefined && { help }),
  });
}

/** A policy with a rule that asks for nothing: perhaps that rule is the mistake. */
function matchingEverything({ gate }: EnforcementSite, action: CompiledPolicy['action']) {
  return gate.enforcement.policies.find((other) => {
    return other.action === action && other.rules.some(({ clauses }) => clauses.length === 0);
  })?.policy;
}
