import { isEmpty } from '../../algebra/request-set.js';
import { witnessOf } from '../../algebra/witness.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import { type Request, readdressed } from '../../mesh/request.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { type Gateway, keyOf, type Service } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { targetsOf, targetsPath } from '../attachment/targets.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceOf, proofOf } from '../evidence.js';
import { withEnforcement } from '../plans.js';
import { ownersOf } from './known-hosts.js';
import { allRoutes, sendingsOf } from './route-rules.js';

/** A way from a gateway to pods of a Service by the name of another. */
interface Detour {
  readonly at: MeshCluster;
  readonly gateway: Gateway;
  readonly other: Service;
  readonly port: number;
  readonly route: string;
}

/**
 * A policy for a Service at its waypoint, and a gateway whose route sends to the same pods by the name of another Service:
 * the policies of the one that is addressed are asked, and no others (T-23).
 */
export function ingressPastPolicies(context: LintContext): readonly Diagnostic[] {
  if (detoursOf(context).length === 0) return [];
  return context.policies.flatMap((subject) =>
    targetsOf(context, subject.policy, subject.at).flatMap(({ object, waypoint }) => {
      if (waypoint === undefined || !('workloads' in object)) return [];
      const found = ingressPast(context, subject, object);
      return found === undefined ? [] : [finding(subject, object, found.detour, found.evidence)];
    }),
  );
}

/** The first way from a gateway past a policy for a Service, if there is one. */
export function ingressPast(context: LintContext, subject: PolicyInMesh, service: Service): Shown | undefined {
  return firstOf(detoursOf(context), (detour) => shownBy(context, subject, service, detour));
}

const detoursOf = oncePerObject((context: LintContext): readonly Detour[] => {
  return allRoutes(context).flatMap(({ at, route }) => {
    const bound = route.attachments.flatMap((each) => (each.kind === 'gateway' ? [each.gateway] : []));
    if (bound.length === 0) return [];
    const gateways = [...at.cluster.gateways.values()].filter(({ listeners }) =>
      listeners.some(({ object }) => bound.includes(`${object.namespace ?? 'default'}/${object.name}`)),
    );
    return sendingsOf(route).flatMap(({ host, port, object }) =>
      ownersOf(at, host).flatMap(({ kind, owner }) => {
        if (kind !== 'Service') return [];
        const number = port ?? owner.ports[0]?.number;
        if (number === undefined) return [];
        return gateways.map((gateway) => ({ at, gateway, other: owner, port: number, route: describe(object) }));
      }),
    );
  });
});

interface Shown {
  readonly detour: Detour;
  readonly evidence: Evidence;
}

/** A request that the policy refuses where its Service is addressed, and that gets to the same pods on the way around. */
function shownBy(
  context: LintContext,
  { at, policy }: PolicyInMesh,
  service: Service,
  detour: Detour,
): Shown | undefined {
  const shared = service.workloads.find((key) => detour.other.workloads.includes(key));
  if (detour.at !== at || detour.other === service || shared === undefined) return undefined;
  return firstOf(context.sitesBehind.get(service) ?? [], ({ plan }) => {
    const { destination } = plan.lane;
    if (destination.kind !== 'service' || destination.workload !== shared) return undefined;
    const without = withEnforcement(plan, ({ enforcement }) => ({
      ...enforcement,
      policies: enforcement.policies.filter((compiled: CompiledPolicy) => compiled.policy !== policy),
    }));
    const { space, refused } = compare(context, plan, without);
    const request = isEmpty(refused) ? undefined : witnessOf(space, plan.lane, refused);
    return request && throughGateway(context, request, detour, shared);
  });
}

function throughGateway(context: LintContext, request: Request, detour: Detour, workload: string): Shown | undefined {
  const { at, gateway, other, port } = detour;
  const cluster = at.cluster.name;
  const source = { kind: 'gateway', cluster, gateway: keyOf(gateway) } as const;
  if (evidenceOf(context.mesh, { ...request, source }, 'denied') === undefined) return undefined;
  const destination = { kind: 'service', cluster, service: keyOf(other), port, workload } as const;
  const evidence = evidenceOf(context.mesh, readdressed({ ...request, source }, destination), 'allowed');
  return evidence && { detour, evidence };
}

function finding({ policy }: PolicyInMesh, service: Service, { other, route }: Detour, evidence: Evidence): Diagnostic {
  const law =
    'at a waypoint the policies of the Service that is addressed are asked, and no others (istio-traffic-topology T-23)';
  const parameters = { policy: nameOf(policy), service: keyOf(service), route, other: keyOf(other) };
  const span = spanIn(policy.object, targetsPath(policy.object));
  return diagnostic('policy-past-by-ingress', parameters, span, proofOf(evidence, law));
}
