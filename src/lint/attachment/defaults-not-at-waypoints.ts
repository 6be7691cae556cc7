import type { Gate } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceIn, proofOf } from '../evidence.js';
import { withEnforcement } from '../plans.js';
import type { Site } from '../sites.js';

/** A default deny that holds at pods and not at waypoints: whoever comes through one is asked nothing there (§3.1). */
export function defaultsNotAtWaypoints(context: LintContext): readonly Diagnostic[] {
  return context.policies.filter(isDefaultDeny).flatMap(({ at, policy, forms }) => {
    const evidence = firstOf(context.sitesUnder(at, policy.namespace), (site) =>
      undecidedAtWaypoint(context, forms, site),
    );
    if (evidence === undefined) return [];
    const law = 'no policy reaches a waypoint unless it names a target (istio-security §3.1)';
    const span = spanIn(policy.object, ['metadata', 'name']);
    const help =
      policy.namespace === at.rootNamespace
        ? 'add its twin in the root namespace, with `targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }]`'
        : 'add its twin in the namespace of the waypoint, with the Gateway as target';
    const details = { ...proofOf(evidence, law), help };
    return diagnostic('default-not-at-waypoint', { policy: nameOf(policy) }, span, details);
  });
}

function isDefaultDeny({ policy }: PolicyInMesh): boolean {
  return policy.action === 'ALLOW' && policy.rules.length === 0 && policy.scope.kind === 'namespace';
}

function undecidedAtWaypoint(context: LintContext, forms: PolicyInMesh['forms'], { plan }: Site): Evidence | undefined {
  if (!plan.ways.some(({ gates }) => gates.some(isOpenWaypoint))) return undefined;
  const meant = withEnforcement(plan, (gate) => {
    if (!isOpenWaypoint(gate)) return gate.enforcement;
    return { ...gate.enforcement, policies: [...gate.enforcement.policies, forms[gate.hop.chain]] };
  });
  const comparison = compare(context, plan, meant);
  return evidenceIn(context.mesh, comparison, comparison.slips, 'allowed');
}

function isOpenWaypoint({ hop, enforcement }: Gate): boolean {
  return hop.point.kind === 'waypoint' && enforcement.policies.every(({ action }) => action !== 'ALLOW');
}
