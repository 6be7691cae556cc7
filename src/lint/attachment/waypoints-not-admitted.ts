import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { accountOf } from '../../mesh/identity.js';
import type { CompiledRule } from '../../mesh/policies/compiled.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceIn, proofOf } from '../evidence.js';
import { enforcing, withGates } from '../plans.js';
import type { Site } from '../sites.js';
import { isIdentity, testsOf } from '../written.js';
import { seeingCaller, throughWaypoint } from './waypoint-gates.js';

/** An ALLOW by identity at pods whose callers come through a waypoint: the pods see the waypoint as their caller (§4.3). */
export function waypointsNotAdmitted(context: LintContext): readonly Diagnostic[] {
  return context.policies
    .filter(({ policy }) => policy.action === 'ALLOW' && policy.scope.kind !== 'targets')
    .flatMap((subject) => {
      const { policy } = subject;
      const found = firstOf(policy.rules, (rule) => {
        const identity = testsOf(rule).find(isIdentity);
        const evidence = identity && firstOf(subject.sites, (site) => refusedAtPod(context, subject, rule.place, site));
        return identity && evidence && { place: identity.place, evidence };
      });
      if (found === undefined) return [];
      const waypoint = waypointIn(found.evidence);
      const law = 'behind a waypoint ztunnel and sidecars see the identity of the waypoint (istio-security §4.1, §4.3)';
      const parameters = { policy: nameOf(policy), waypoint };
      return diagnostic(
        'waypoint-not-admitted',
        parameters,
        spanIn(policy.object, found.place),
        proofOf(found.evidence, law),
      );
    });
}

function waypointIn({ trace }: Evidence): string {
  const point = trace[0]?.hop.point;
  return point?.kind === 'waypoint' ? accountOf(point.waypoint) : '';
}

/** What the rule admits by its caller, and the pod refuses because it sees the waypoint. */
function refusedAtPod(
  context: LintContext,
  { policy }: PolicyInMesh,
  place: CompiledRule['place'],
  { plan }: Site,
): Evidence | undefined {
  if (!plan.ways.some(throughWaypoint)) return undefined;
  const meant = withGates(plan, (gates, way) => {
    const through = throughWaypoint(way);
    const rules = through?.pod.enforcement.policies.find((compiled) => compiled.policy === policy);
    if (through === undefined || rules === undefined) return gates;
    const { waypoint, pod } = through;
    const alone = { ...rules, rules: rules.rules.filter((rule) => rule.place === place) };
    const denials = pod.enforcement.policies.filter(({ action }) => action !== 'ALLOW');
    const open = { ...pod, enforcement: { ...pod.enforcement, policies: denials } };
    return [waypoint, open, { ...seeingCaller(pod), enforcement: enforcing([alone], pod) }];
  });
  const comparison = compare(context, plan, meant);
  return evidenceIn(context.mesh, comparison, comparison.refused, 'denied');
}
