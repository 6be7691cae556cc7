import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { type Binding, keyOf, type Service } from '../../topology/model.js';
import type { MeshCluster } from '../mesh.js';
import type { RequestAuthentication } from '../policy.js';
import { bypassesOf } from './around-waypoint.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from './context.js';
import { type Evidence, proofOf } from './evidence.js';
import { targetedServices, targetingTogether, targetsPath, waypointOf } from './targets.js';
import { acceptedForgery } from './tokens-unchecked-at-ztunnel.js';

/** A policy for a Service that no waypoint serves: nothing in the mesh reads it, and everything is open (§3.1). */
export function targetsWithoutWaypoint(context: LintContext): readonly Diagnostic[] {
  const authorization = context.policies.flatMap((subject) =>
    unserved(subject.policy, subject.at).flatMap((service) => {
      const evidence = undecided(context, subject, service);
      return evidence === undefined ? [] : [finding(subject.policy, service, evidence)];
    }),
  );
  const authentication = [...context.mesh.clusters.values()].flatMap((at) =>
    [...at.requestAuthentication.values()].flat().flatMap((policy) =>
      unserved(policy, at).flatMap((service) => {
        const sites = context.sitesBehind.get(service) ?? [];
        const evidence = firstOf(sites, (site) => acceptedForgery(context, policy, site));
        return evidence === undefined ? [] : [finding(policy, service, evidence)];
      }),
    ),
  );
  return [...authorization, ...authentication];
}

type Targeted = Parameters<typeof targetedServices>[0] & Pick<RequestAuthentication, 'name' | 'object'>;

function unserved(policy: Targeted, at: MeshCluster): readonly Service[] {
  return targetedServices(policy, at).filter((service) => waypointOf(service, at) === undefined);
}

function undecided(context: LintContext, { at, policy, forms }: PolicyInMesh, service: Service): Evidence | undefined {
  const together = policy.action === 'ALLOW' ? targetingTogether('ALLOW', service, at) : [forms];
  return bypassesOf(context, policy, together, context.sitesBehind.get(service) ?? [])[0]?.evidence;
}

function finding(policy: Targeted, service: Service, evidence: Evidence): Diagnostic {
  const law = 'a policy with targets is read by waypoints and gateways only (istio-security §3.1)';
  const parameters = { policy: nameOf(policy), service: keyOf(service) };
  const span = spanIn(policy.object, targetsPath(policy.object));
  return diagnostic('target-without-waypoint', parameters, span, proofOf(evidence, law, reasonOf(service.binding)));
}

function reasonOf(binding: Binding): string {
  if (binding.kind !== 'broken') return 'no label `istio.io/use-waypoint` is in force for it';
  const reasons = {
    missing: 'does not exist',
    'not-ready': 'is not ready',
    'attachment-denied': 'does not admit its namespace',
    'unsupported-traffic-type': 'serves other traffic',
    'no-vip': 'is never used, for the Service has no virtual IP',
  } as const;
  return `its waypoint \`${binding.waypoint}\` ${reasons[binding.reason]}: traffic goes straight to the pods (W-31)`;
}
