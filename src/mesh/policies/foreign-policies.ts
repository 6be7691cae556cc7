import { type ForeignPolicy, inNamespaces, type MeshCluster } from '../mesh.js';
import { attaches, namespacesOf, type Point } from './attach.js';

/**
 * A policy that names a revision of Istio other than the one whose proxies these are: whether it counts for them, no
 * manifest tells (E-30). `undefined` where there is none.
 */
export function foreignPolicyAt(point: Point, mesh: MeshCluster): string | undefined {
  const [found] = foreignPoliciesAt(point, mesh);
  if (found === undefined) return undefined;
  const { kind, namespace, name, revision } = found;
  return `whether ${kind} ${namespace}/${name} of revision \`${revision}\` counts here (E-30)`;
}

export function foreignPoliciesAt(point: Point, mesh: MeshCluster): readonly ForeignPolicy[] {
  return inNamespaces(mesh.foreign, mesh.rootNamespace, ...namespacesOf(point)).filter(
    (policy) => concerns(policy.kind, point) && attaches(policy, point, mesh),
  );
}

/** Gateways and waypoints authenticate no peers in this way, and ztunnel no tokens (§2.1). */
function concerns(kind: string, point: Point): boolean {
  if (kind === 'PeerAuthentication') return point.kind === 'sidecar' || point.kind === 'ztunnel';
  return kind !== 'RequestAuthentication' || point.kind !== 'ztunnel';
}
