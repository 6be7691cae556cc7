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
  const found: unknown[] = [];
  for (const point of pointsOf({ at, workload })) {
    found.push(point.kind);
    for (const forms of authorizationAt(point, at)) found.push(forms, isExisting(forms.policy.object));
    if (point.kind !== 'ztunnel') found.push(...requestAuthenticationAt(point, at));
    if (point.kind !== 'sidecar' && point.kind !== 'ztunnel') continue;
    for (const policy of peerAuthenticationAt(point.kind, workload, at)) found.push(policy, isExisting(policy.object));
  }
  // Whether anything is said of mutual TLS counts as well.
  found.push(inNamespaces(at.peerAuthentication, at.rootNamespace, workload.namespace).length > 0);
  return found;
}
