import { emptySet, includes, isEmpty, type RequestSet, union } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Alternative, CompiledPolicy, CompiledRule } from '../../mesh/policies/compiled.js';
import { isWithin, spanIn } from '../../parse/document.js';
import { groupBy } from '../../util/order.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import type { EnforcementSite } from '../enforcement-sites.js';
import { evidenceIn, proofOf } from '../evidence.js';
import { matchedAt, rulesAt } from './rule-sets.js';

/**
 * Denials that leave nothing together, though none does alone: rules and their items are alternatives, so what one
 * `not` leaves out the next one denies (§1.1, §1.2). Who denies everything in one rule says so.
 */
export function rulesForEverything(context: LintContext): readonly Diagnostic[] {
  const found = context.enforcementSites().flatMap(denyingEverything);
  return [...groupBy(found, ({ policy }) => policy.policy)].flatMap(([policy, denials]) => {
    const evidence = firstOf(denials, ({ site, denied }) => evidenceIn(context.mesh, site, denied, 'denied'));
    if (evidence === undefined) return [];
    const law = 'rules, and the items of a rule, are alternatives: each denies what it matches (istio-security §1.1)';
    const others = [...new Set(denials.flatMap((denial) => denial.others))].map((other) => `\`${nameOf(other)}\``);
    const beside = others.length === 0 ? [] : [`together with ${others.join(', ')}`];
    const span = spanIn(policy.object, ['spec', 'rules'], 'key');
    return diagnostic('rules-for-everything', { policy: nameOf(policy) }, span, proofOf(evidence, law, ...beside));
  });
}

/** A policy at an enforcement point where it is needed for everything to be denied, and those that are needed as well. */
interface Denial {
  readonly site: EnforcementSite;
  readonly policy: CompiledPolicy;
  readonly denied: RequestSet;
  readonly others: ReadonlyArray<CompiledPolicy['policy']>;
}

function denyingEverything(site: EnforcementSite): readonly Denial[] {
  if (isEmpty(site.arriving)) return [];
  const rules = rulesAt(site, 'DENY').filter(({ rule, policy }) => !isWidened(rule, policy));
  const nothing = emptySet(site.space.shape);
  if (!includes(union(nothing, ...rules.map(({ matched }) => matched)), site.arriving)) return [];
  if (rules.some(({ policy, rule }) => alternativesOf(rule).some((one) => isEverything(site, policy, one)))) return [];
  const held = [...groupBy(rules, ({ policy }) => policy)].map(([policy, own]) => {
    return { policy, denied: union(nothing, ...own.map(({ matched }) => matched)) };
  });
  const alone = held.filter(({ denied }) => includes(denied, site.arriving));
  if (alone.length > 0) return alone.map((denial) => ({ ...denial, site, others: [] }));
  const needed = held.filter(({ policy }) => {
    const rest = held.filter((other) => other.policy !== policy).map(({ denied }) => denied);
    return !includes(union(nothing, ...rest), site.arriving);
  });
  return needed.map((denial) => ({
    ...denial,
    site,
    others: needed.filter((other) => other !== denial).map(({ policy }) => policy.policy),
  }));
}

/** A denial that is wider than it is written has a finding of its own. */
function isWidened({ place }: CompiledRule, { lost }: CompiledPolicy): boolean {
  return lost.some((loss) => isWithin(loss.place, place));
}

function isEverything(site: EnforcementSite, policy: CompiledPolicy, rule: CompiledRule): boolean {
  return includes(matchedAt(site, { ...policy, rules: [rule] }), site.arriving);
}

/** A rule as rules of one item of each part. */
function alternativesOf({ clauses, place }: CompiledRule): readonly CompiledRule[] {
  const choices = clauses.reduce<ReadonlyArray<readonly Alternative[]>>(
    (chosen, { alternatives }) => chosen.flatMap((before) => alternatives.map((one) => [...before, one])),
    [[]],
  );
  return choices.map((chosen) => ({
    place,
    clauses: chosen.map((one) => ({ alternatives: [one], place })),
  }));
}
