import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { keyOf, type Labels, selects } from '../../topology/model.js';
import { suggest } from '../../util/suggest.js';
import type { MeshCluster } from '../mesh.js';
import type { PeerAuthentication, RequestAuthentication, Scope, TargetReference } from '../policy.js';
import { type LintContext, nameOf } from './context.js';
import { selectedWaypoint } from './selectors-of-waypoints.js';
import { targetsPath } from './targets.js';

/** A policy whose selector or target matches nothing that is given: it protects nothing (§3.1). */
export function policiesForNothing({ mesh, policies }: LintContext): readonly Diagnostic[] {
  const authorization = policies.flatMap(({ at, policy }) => unattached(policy, at));
  const others = [...mesh.clusters.values()].flatMap((at) => [
    ...[...at.requestAuthentication.values()].flat().flatMap((policy) => unattached(policy, at)),
    ...[...at.peerAuthentication.values()].flat().flatMap((policy) => unattachedPeer(policy, at)),
  ]);
  return [...authorization, ...others];
}

interface Attachable extends Pick<RequestAuthentication, 'namespace' | 'name' | 'object'> {
  readonly kind: string;
  readonly scope: Scope;
}

function unattached(policy: Attachable, at: MeshCluster): readonly Diagnostic[] {
  const { scope, object } = policy;
  if (scope.kind === 'namespace') return [];
  if (scope.kind === 'selector') return unselective(policy, scope.matchLabels, at);
  const path = targetsPath(object);
  return scope.targets.flatMap((target, index) => {
    const why = missing(target, policy.namespace, at);
    const place = path.at(-1) === 'targetRef' ? path : [...path, index];
    return why === undefined ? [] : [finding(policy, why, spanIn(object, [...place, 'name']))];
  });
}

function unattachedPeer(policy: PeerAuthentication, at: MeshCluster): readonly Diagnostic[] {
  if (policy.matchLabels === undefined) return [];
  if (policy.namespace === at.rootNamespace && Object.keys(policy.matchLabels).length > 0) {
    const why = 'in the root namespace a PeerAuthentication with a selector is ignored (istio-security §5.1)';
    return [finding(policy, why, selectorSpan(policy.object))];
  }
  return unselective(policy, policy.matchLabels, at);
}

/** A waypoint that is selected has a finding of its own. */
function unselective(policy: Omit<Attachable, 'scope'>, matchLabels: Labels, at: MeshCluster): readonly Diagnostic[] {
  if (selectedWaypoint({ namespace: policy.namespace, scope: { kind: 'selector', matchLabels } }, at)) return [];
  const everywhere = policy.namespace === at.rootNamespace;
  const pods = [...at.cluster.workloads.values()].map(({ namespace, labels }) => ({ namespace, labels }));
  const gateways = [...at.cluster.gateways.values()].map(({ namespace, podLabels: labels }) => ({ namespace, labels }));
  const near = [...pods, ...gateways].filter(({ namespace }) => everywhere || namespace === policy.namespace);
  if (near.some(({ labels }) => selects(matchLabels, labels))) return [];
  const where = everywhere ? 'the mesh' : `namespace \`${policy.namespace}\``;
  const why = `no pod in ${where} carries the labels of its selector`;
  return [finding(policy, why, selectorSpan(policy.object), helpFor(matchLabels, near))];
}

function helpFor(matchLabels: Labels, near: ReadonlyArray<{ readonly labels: Labels }>): string | undefined {
  for (const [key, value] of Object.entries(matchLabels)) {
    const values = near.flatMap(({ labels }) => labels[key] ?? []);
    const [nearest] = values.includes(value) ? [] : suggest(value, values);
    if (nearest !== undefined) return `did you mean \`${key}: ${nearest}\`?`;
  }
  return undefined;
}

function missing({ kind, name }: TargetReference, namespace: string, at: MeshCluster): string | undefined {
  const { services, waypoints, gateways, serviceEntries } = at.cluster;
  const key = keyOf({ namespace, name });
  switch (kind) {
    case 'Service':
      return services.has(key) ? undefined : `there is no Service \`${key}\``;
    case 'ServiceEntry':
      return serviceEntries.has(key) ? undefined : `there is no ServiceEntry \`${key}\``;
    case 'Gateway':
      return waypoints.has(key) || gateways.has(key) ? undefined : `there is no Gateway \`${key}\``;
    default:
      if (namespace !== at.rootNamespace) return 'a GatewayClass is a target for the root namespace only';
      return name === 'istio-waypoint' ? undefined : `only GatewayClass \`istio-waypoint\` can be a target`;
  }
}

function selectorSpan(object: ManifestObject): Span {
  return spanIn(object, ['spec', 'selector', 'matchLabels']);
}

function finding(policy: Omit<Attachable, 'scope'>, why: string, span: Span, help?: string): Diagnostic {
  const notes = [{ message: 'a policy that attaches to nothing protects nothing (istio-security §2.7, §3.1)' }];
  const parameters = { kind: policy.kind, policy: nameOf(policy), why };
  return diagnostic('policy-for-nothing', parameters, span, { notes, ...(help !== undefined && { help }) });
}
