import { all, type Bits, none } from '../../algebra/bits.js';
import type { Gate, LanePlan } from '../../algebra/lane.js';
import { boxSet, intersect } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { principalOf } from '../../mesh/identity.js';
import { type CompiledRule, type Condition, conditionsOf } from '../../mesh/policies/compiled.js';
import { matches } from '../../mesh/policies/matcher.js';
import type { Rule } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceIn, proofOf } from '../evidence.js';
import { enforcing, withGates } from '../plans.js';
import type { Site } from '../sites.js';
import { isIdentity, testsOf } from '../written.js';
import { seeingCaller, throughWaypoint } from './waypoint-gates.js';

/** A DENY by identity at pods whose callers come through a waypoint: who is denied gets in as the waypoint (§4.3). */
export function denialsBehindWaypoints(context: LintContext): readonly Diagnostic[] {
  return context.policies
    .filter(({ policy }) => policy.action === 'DENY' && policy.scope.kind !== 'targets')
    .flatMap((subject) =>
      subject.policy.rules.flatMap((rule) => {
        const identity = testsOf(rule).find(isIdentity);
        const evidence = identity && firstOf(subject.sites, (site) => admittedAsWaypoint(context, subject, rule, site));
        if (identity === undefined || evidence === undefined) return [];
        const law = 'behind a waypoint ztunnel and sidecars see the identity of the waypoint (istio-security §4.1)';
        const span = spanIn(subject.policy.object, identity.place);
        const parameters = { policy: nameOf(subject.policy) };
        return diagnostic('denial-behind-waypoint', parameters, span, proofOf(evidence, law));
      }),
    );
}

function admittedAsWaypoint(
  context: LintContext,
  { policy }: PolicyInMesh,
  { place }: Rule,
  { plan }: Site,
): Evidence | undefined {
  if (!plan.ways.some(throughWaypoint)) return undefined;
  const meant = withGates(plan, (gates, way) => {
    const through = throughWaypoint(way);
    const compiled = through?.pod.enforcement.policies.find((candidate) => candidate.policy === policy);
    if (through === undefined || compiled === undefined) return gates;
    const rules = compiled.rules.filter((rule) => rule.place === place && !isAboutWaypoint(context, rule, through.pod));
    const enforcement = enforcing([{ ...compiled, rules }], through.pod);
    return [...gates, { ...seeingCaller(through.pod), enforcement }];
  });
  const comparison = compare(context, plan, meant);
  const unnamed = boxSet(comparison.space.shape, new Map([[0, complementOf(namedAtWaypoint(context, plan), context)]]));
  return evidenceIn(context.mesh, comparison, intersect(comparison.slips, unnamed), 'allowed');
}

/** Callers that the waypoint's own policies name: what they may do there is decided there. */
function namedAtWaypoint({ callers }: LintContext, { ways }: LanePlan): Bits {
  return ways
    .flatMap((way) => throughWaypoint(way)?.waypoint.enforcement.policies ?? [])
    .flatMap(conditionsOf)
    .filter(isIdentity)
    .flatMap(({ attribute, anyOf }) => anyOf.map((matcher) => callers.matching(attribute, matcher).possibly))
    .reduce((named, bits) => named | bits, none);
}

function complementOf(bits: Bits, { callers }: LintContext): Bits {
  return all(callers.classes.length) & ~bits;
}

/** A rule that names the waypoint itself, and no caller by the same words, was written with it in mind. */
function isAboutWaypoint({ callers }: LintContext, { clauses }: CompiledRule, { hop }: Gate): boolean {
  const { peer } = hop;
  if (peer.kind !== 'proxy') return false;
  const { namespace, serviceAccount } = peer.identity;
  const shownBy = ({ attribute }: Condition): string => {
    if (attribute === 'source.principal') return principalOf(peer.identity);
    return attribute === 'source.namespace' ? namespace : `${namespace}/${serviceAccount}`;
  };
  const conditions = clauses.flatMap(({ alternatives }) => alternatives.flatMap((item) => item.conditions));
  return conditions.filter(isIdentity).some((condition) =>
    [...condition.anyOf, ...condition.noneOf].some((matcher) => {
      const others = callers.matching(condition.attribute, matcher).possibly;
      return others === none && matches(matcher, shownBy(condition)) === 'yes';
    }),
  );
}
