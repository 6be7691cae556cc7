import { inNamespaces, type MeshCluster } from '../mesh/mesh.js';
import { authorizationAt, type Point, peerAuthenticationAt, requestAuthenticationAt } from '../mesh/policies/attach.js';
import type { ManifestObject } from '../parse/document.js';
import type { Service, Workload } from '../topology/model.js';
import type { Subject } from './subjects.js';

/** Where something may be enforced on the ways to a workload: at its pods, and at the waypoints of its Services and its own. */
export function pointsOf({ at, workload }: Pick<Subject, 'at' | 'workload'>): readonly Point[] {
  const { plane } = workload.mode;
  const pod: readonly Point[] =
    plane === 'ambient' ? [{ kind: 'ztunnel', workload }] : plane === 'sidecar' ? [{ kind: 'sidecar', workload }] : [];
  return [...pod, ...[...servicesOf(at, workload), undefined].flatMap((service) => waypointOf(at, workload, service))];
}

export function servicesOf({ cluster }: MeshCluster, { services }: Workload): readonly Service[] {
  return services.flatMap((key) => cluster.services.get(key) ?? []);
}

function waypointOf({ cluster }: MeshCluster, workload: Workload, service: Service | undefined): readonly Point[] {
  const { binding } = service ?? workload;
  const waypoint = binding.kind === 'bound' ? cluster.waypoints.get(binding.waypoint) : undefined;
  return waypoint === undefined ? [] : [{ kind: 'waypoint', waypoint, service }];
}

/** The policies that reach these points, one by one, each with whether it was there before. */
export function policiesAt(
  { at, workload }: Pick<Subject, 'at' | 'workload'>,
  isExisting: (object: ManifestObject) => boolean,
): readonly unknown[] {
  const withOrigin = <T extends { readonly object: ManifestObject }>(policies: readonly T[]) =>
    policies.flatMap((policy) => [policy, isExisting(policy.object)]);
  const found = pointsOf({ at, workload }).flatMap((point): readonly unknown[] => [
    point.kind,
    ...authorizationAt(point, at).flatMap((forms) => [forms, isExisting(forms.policy.object)]),
    ...(point.kind === 'ztunnel' ? [] : requestAuthenticationAt(point, at)),
    ...(point.kind === 'sidecar' || point.kind === 'ztunnel'
      ? withOrigin(peerAuthenticationAt(point.kind, workload, at))
      : []),
  ]);
  // Whether anything is said of mutual TLS counts as well.
  return [...found, inNamespaces(at.peerAuthentication, at.rootNamespace, workload.namespace).length > 0];
}
