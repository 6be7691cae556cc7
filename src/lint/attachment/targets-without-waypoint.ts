import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { RequestAuthentication } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import type { Binding } from '../../topology/model.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, proofOf } from '../evidence.js';
import { acceptedForgery } from '../planes/tokens-unchecked-at-ztunnel.js';
import { bypassesOf } from './around-waypoint.js';
import { type Target, targetingTogether, targetsOf, targetsPath } from './targets.js';

/** A policy for a target that no waypoint serves: nothing in the mesh reads it, and everything is open (§3.1). */
export function targetsWithoutWaypoint(context: LintContext): readonly Diagnostic[] {
  const authorization = context.policies.flatMap((subject) =>
    unserved(context, subject.policy, subject.at).flatMap((target) => {
      const evidence = undecided(context, subject, target);
      return evidence === undefined ? [] : [finding(subject.policy, target, evidence)];
    }),
  );
  const authentication = [...context.mesh.clusters.values()].flatMap((at) =>
    [...at.requestAuthentication.values()].flat().flatMap((policy) =>
      unserved(context, policy, at).flatMap((target) => {
        const evidence = firstOf(target.waypointPaths, (waypointPath) =>
          acceptedForgery(context, policy, waypointPath),
        );
        return evidence === undefined ? [] : [finding(policy, target, evidence)];
      }),
    ),
  );
  return [...authorization, ...authentication];
}

type Targeted = Parameters<typeof targetsOf>[1] & Pick<RequestAuthentication, 'name' | 'object'>;

function unserved(context: LintContext, policy: Targeted, at: MeshCluster): readonly Target[] {
  return targetsOf(context, policy, at).filter(({ waypoint }) => waypoint === undefined);
}

function undecided(context: LintContext, { at, policy, forms }: PolicyInMesh, target: Target): Evidence | undefined {
  const together = policy.action === 'ALLOW' ? targetingTogether('ALLOW', target, at) : [forms];
  return bypassesOf(context, policy, together, target.waypointPaths)[0]?.evidence;
}

function finding(policy: Targeted, { name, binding }: Target, evidence: Evidence): Diagnostic {
  const law = 'a policy with targets is read by waypoints and gateways only (istio-security §3.1)';
  const parameters = { policy: nameOf(policy), target: name };
  const span = spanIn(policy.object, targetsPath(policy.object));
  return diagnostic('target-without-waypoint', parameters, span, proofOf(evidence, law, reasonOf(binding)));
}

function reasonOf(binding: Binding): string {
  if (binding.kind !== 'broken') return 'no label `istio.io/use-waypoint` is in force for it';
  const reasons = {
    missing: 'does not exist',
    unserved: 'asks for a revision that no istiod has',
    'not-ready': 'is not ready',
    'attachment-denied': 'does not admit its namespace',
    'unsupported-traffic-type': 'serves other traffic',
    'no-vip': 'is never used, for the Service has no virtual IP',
  } as const;
  return `its waypoint \`${binding.waypoint}\` ${reasons[binding.reason]}: traffic goes past it (W-31)`;
}
