import { type Bits, none } from '../../algebra/bits.js';
import { policySet } from '../../algebra/gate-sets.js';
import { boxSet, intersect, isEmpty } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { CompiledPolicy, CompiledRule } from '../../mesh/policies/compiled.js';
import { spanIn } from '../../parse/document.js';
import { groupBy } from '../../util/order.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import type { EnforcementSite } from '../enforcement-sites.js';
import { evidenceIn, proofOf } from '../evidence.js';
import { isIdentity, keeping } from '../written.js';

/** A rule for callers who exist, and of whom nobody comes to where it is enforced: a sidecar caller at a waypoint (§4.5). */
export function rulesOutOfReach(context: LintContext): readonly Diagnostic[] {
  const held = context
    .enforcementSites()
    .flatMap((site) =>
      site.gate.enforcement.policies.flatMap((policy) => policy.rules.map((rule) => ({ site, policy, rule }))),
    );
  return [...groupBy(held, ({ rule }) => rule.place)].flatMap(([place, group]) => {
    const [first] = group;
    if (first === undefined || first.policy.policy.kind !== 'AuthorizationPolicy') return [];
    const named = callersNamedBy(context, first.rule);
    if (named === none || group.some(isReached) || group.some(isLost)) return [];
    if (group.some(({ site }) => isUnknownFor(named, site) || arriveUnseen(named, site))) return [];
    const evidence = firstOf(['allowed', 'denied'] as const, (verdict) => {
      const requests = boxSet(first.site.space.shape, new Map([[0, named]]));
      return evidenceIn(context.mesh, first.site, requests, verdict);
    });
    const { policy } = first.policy;
    const law =
      'who comes which way is a matter of the caller and of how it addresses the destination (istio-security §4.5)';
    const span = spanIn(policy.object, [...place, 'from'], 'key');
    return diagnostic('rule-out-of-reach', { policy: nameOf(policy) }, span, proofOf(evidence, law));
  });
}

interface Held {
  readonly site: EnforcementSite;
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
}

/** Whether the way of one of them is not known. */
function isUnknownFor(callers: Bits, { plan }: EnforcementSite): boolean {
  return plan.ways.some((way) => way.stop?.kind === 'not-modelled' && (way.callers & callers) !== none);
}

/**
 * Whether some of them come, and show no certificate, or are held back by their own sidecar; or come to a gateway. That mutual
 * TLS is off, that a sidecar knows no way, and that a gateway asks for no certificate, are other findings.
 */
function arriveUnseen(callers: Bits, { plan, gate }: EnforcementSite): boolean {
  const { kind } = plan.lane.destination;
  if (kind !== 'service' && kind !== 'gateway') return false;
  return plan.ways.some(({ gates, stop, callers: coming, representative }) => {
    if (kind === 'service' && representative.caller.speaks !== 'sidecar') return false;
    if (stop?.kind === 'no-path') return (coming & callers) !== none;
    const isHere = gates.some(({ hop, enforcement }) => enforcement === gate.enforcement && hop.peer.kind === 'nobody');
    return isHere && (coming & callers) !== none;
  });
}

/** A plane that cannot read the rule has left a part of it that never matches (§2.3). */
function isLost({ rule }: Held): boolean {
  return rule.clauses.some(({ alternatives }) => alternatives.length === 0);
}

/** By its callers alone: what else the rule asks for is not the question. */
function isReached({ site, policy, rule }: Held): boolean {
  const callers = { ...policy, rules: [keeping(rule, isIdentity)] };
  const matched = policySet(callers, { ...site.gate, space: site.space }, 'possibly');
  return !isEmpty(intersect(site.arriving, matched));
}

/** The callers whom some part of the rule names; none where it names nobody, or where two parts name different callers. */
function callersNamedBy({ callers }: LintContext, rule: CompiledRule): Bits {
  const clauses = keeping(rule, isIdentity).clauses.map(({ alternatives }) =>
    alternatives
      .flatMap(({ conditions }) => conditions)
      .flatMap(({ attribute, anyOf }) => anyOf.map((matcher) => callers.matching(attribute, matcher).surely)),
  );
  const naming = clauses.filter((bits) => bits.length > 0).map((bits) => bits.reduce((all, one) => all | one, none));
  return naming.length === 0 ? none : naming.reduce((all, one) => all & one);
}
