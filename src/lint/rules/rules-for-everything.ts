import { emptySet, includes, isEmpty, type RequestSet, union } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Alternative, CompiledPolicy, CompiledRule } from '../../mesh/policies/compiled.js';
import { isWithin, spanIn } from '../../parse/document.js';
import { groupBy } from '../../util/order.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import type { EnforcementSite } from '../enforcement-sites.js';
import { evidenceIn, proofOf } from '../evidence.js';
import { rulesForAnyone } from './allow-rules-for-everything.js';
import { matchedAt, rulesAt } from './rule-sets.js';

/**
 * Rules that leave nothing together, though none does alone: rules and their items are alternatives, so what one `not`
 * leaves out the next one matches (§1.1, §1.2). Who denies or admits everything in one rule says so, and whoever lists all
 * callers that the manifests happen to have does not mean everybody.
 */
export function rulesForEverything(context: LintContext): readonly Diagnostic[] {
  const found = context
    .enforcementSites()
    .flatMap((site) => [
      ...matchingEverything(site, 'DENY'),
      ...matchingEverything(site, 'ALLOW').filter(({ policy }) => !isForAnyone(context, policy)),
    ]);
  return [...groupBy(found, ({ policy }) => policy.policy)].flatMap(([policy, covers]) => {
    const [first] = covers;
    if (first === undefined) return [];
    const [verb, verdict] =
      first.policy.action === 'DENY' ? (['denies', 'denied'] as const) : (['admits', 'allowed'] as const);
    const evidence = firstOf(covers, ({ site, matched }) => evidenceIn(context.mesh, site, matched, verdict));
    if (evidence === undefined) return [];
    const law = 'rules, and the items of a rule, are alternatives: each matches by itself (istio-security §1.1)';
    const others = [...new Set(covers.flatMap((cover) => cover.others))].map((other) => `\`${nameOf(other)}\``);
    const beside = others.length === 0 ? [] : [`together with ${others.join(', ')}`];
    const span = spanIn(policy.object, ['spec', 'rules'], 'key');
    const parameters = { policy: nameOf(policy), verb };
    return diagnostic('rules-for-everything', parameters, span, proofOf(evidence, law, ...beside));
  });
}

/** An ALLOW that admits everybody by what it asks of requests has a finding of its own. */
function isForAnyone(context: LintContext, { policy }: CompiledPolicy): boolean {
  const subject = context.subjectOf(policy);
  return subject !== undefined && rulesForAnyone(subject).length === subject.policy.rules.length;
}

/** A policy at an enforcement point where it is needed for everything to be matched, and those that are needed as well. */
interface Cover {
  readonly site: EnforcementSite;
  readonly policy: CompiledPolicy;
  readonly matched: RequestSet;
  readonly others: ReadonlyArray<CompiledPolicy['policy']>;
}

/** ALLOW policies admit more together than each says: that is what they are for, and several of them are no finding. */
function matchingEverything(site: EnforcementSite, action: 'ALLOW' | 'DENY'): readonly Cover[] {
  if (isEmpty(site.arriving) || !hasSeveralNegations(site, action)) return [];
  const nothing = emptySet(site.space.shape);
  const all = rulesAt(site, action).filter(({ rule, policy }) => !isWidened(rule, policy));
  if (!includes(union(nothing, ...all.map(({ matched }) => matched)), site.arriving)) return [];
  const alternatives = all.flatMap(({ policy, rule }) => {
    return alternativesOf(rule).map((one) => ({ policy, one, matched: matchedAt(site, { ...policy, rules: [one] }) }));
  });
  if (alternatives.some(({ matched }) => includes(matched, site.arriving))) return [];
  const negating = alternatives.filter(({ one }) => negates(one));
  const held = [...groupBy(negating, ({ policy }) => policy)].map(([policy, own]) => {
    return { site, policy, matched: union(nothing, ...own.map(({ matched }) => matched)) };
  });
  const alone = held.filter(({ matched }) => includes(matched, site.arriving));
  if (alone.length > 0 || action === 'ALLOW') return alone.map((cover) => ({ ...cover, others: [] }));
  if (!includes(union(nothing, ...held.map(({ matched }) => matched)), site.arriving)) return [];
  const needed = held.filter(({ policy }) => {
    const rest = held.filter((other) => other.policy !== policy).map(({ matched }) => matched);
    return !includes(union(nothing, ...rest), site.arriving);
  });
  return needed.map((cover) => ({
    ...cover,
    others: needed.filter((other) => other !== cover).map(({ policy }) => policy.policy),
  }));
}

/** What most policies lack, and no set is needed to see. */
function hasSeveralNegations({ gate }: EnforcementSite, action: CompiledPolicy['action']): boolean {
  const rules = gate.enforcement.policies.flatMap((policy) => (policy.action === action ? policy.rules : []));
  return rules.filter(negates).flatMap(alternativesOf).filter(negates).length > 1;
}

function negates({ clauses }: CompiledRule): boolean {
  return clauses.some(({ alternatives }) =>
    alternatives.some(({ conditions }) => conditions.some(({ noneOf }) => noneOf.length > 0)),
  );
}

/** A denial that is wider than it is written has a finding of its own. */
function isWidened({ place }: CompiledRule, { lost }: CompiledPolicy): boolean {
  return lost.some((loss) => isWithin(loss.place, place));
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
