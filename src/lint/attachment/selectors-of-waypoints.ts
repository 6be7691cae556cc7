import type { Gate } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { AuthorizationPolicy } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { label } from '../../topology/labels.js';
import type { Waypoint } from '../../topology/model.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceIn, proofOf } from '../evidence.js';
import { asDecision } from '../planes/audits.js';
import { withEnforcement } from '../plans.js';
import type { Site } from '../sites.js';
import { unasked } from '../unasked.js';

/** A policy that selects a waypoint by its pods' labels: waypoints take policies by target only (§3.1). */
export function selectorsOfWaypoints(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const { at, policy } = subject;
    const waypoint = selectedWaypoint(policy, at);
    if (waypoint === undefined) return [];
    const sites = context.sites.filter((site) => site.at === at);
    const evidence = firstOf(sites, (site) => ignoredAtWaypoint(context, subject, waypoint, site));
    const law = 'a selector never attaches to a waypoint (istio-security §3.1)';
    const parameters = { policy: nameOf(policy), waypoint: waypoint.name };
    const span = spanIn(policy.object, ['spec', 'selector'], 'key');
    const unseen =
      'no request shows it: none that goes through the waypoint is one that the policy would decide otherwise';
    const proof = evidence === undefined ? proofOf(undefined, law, unseen) : proofOf(evidence, law);
    return diagnostic('selector-of-waypoint', parameters, span, proof);
  });
}

/** The waypoint whose pods a policy selects, by the label that istiod puts on them. */
export function selectedWaypoint(
  { namespace, scope }: Pick<AuthorizationPolicy, 'namespace' | 'scope'>,
  { cluster, rootNamespace }: MeshCluster,
): Waypoint | undefined {
  const name = scope.kind === 'selector' ? scope.matchLabels?.[label.gatewayName] : undefined;
  return [...cluster.waypoints.values()].find(
    (waypoint) => waypoint.name === name && [waypoint.namespace, rootNamespace].includes(namespace),
  );
}

function ignoredAtWaypoint(
  context: LintContext,
  { policy, forms }: PolicyInMesh,
  waypoint: Waypoint,
  { plan }: Site,
): Evidence | undefined {
  const isMeant = ({ hop }: Gate) => hop.point.kind === 'waypoint' && hop.point.waypoint === waypoint;
  if (!plan.ways.some(({ gates }) => gates.some(isMeant))) return undefined;
  const meant = withEnforcement(plan, (gate) => {
    if (!isMeant(gate)) return gate.enforcement;
    return { ...gate.enforcement, policies: [...gate.enforcement.policies, asDecision(forms)[gate.hop.chain]] };
  });
  if (policy.action === 'CUSTOM') return unasked(context, policy, plan, meant);
  const comparison = compare(context, plan, meant);
  return evidenceIn(context.mesh, comparison, comparison.slips, 'allowed');
}
