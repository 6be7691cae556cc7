import { type PointKind, podPoint } from '../../dataplanes/capabilities.js';
import type { PlacedPolicy } from '../../ir/policy-ir.js';
import { keyOf, selects, type Topology, type Workload } from '../../topology/model.js';
import { clusterOf } from '../clusters.js';

interface ReachedPoint {
  readonly point: PointKind;
  /** `namespace/name` of the pods that it stands before; absent for a waypoint or a gateway. */
  readonly workload?: string;
}

/** The enforcement points that a policy reaches: an Envoy for which it is named, or the proxies of the pods that it selects. */
export function pointsOf(topology: Topology, policy: PlacedPolicy): ReachedPoint[] {
  if (isTargeted(policy)) return [{ point: 'waypoint' }];
  const { workloads } = clusterOf(topology, policy.cluster);
  return [...workloads.values()].flatMap((workload) => {
    const point = podPoint[workload.mode.plane];
    return point && reaches(policy, workload, topology.mesh.rootNamespace)
      ? [{ point, workload: keyOf(workload) }]
      : [];
  });
}

/** Whether it names what it is for; sidecars and ztunnel read no such policy. */
export function isTargeted({ attachment }: PlacedPolicy): boolean {
  return attachment.kind !== 'selector' && attachment.kind !== 'namespace';
}

function reaches({ attachment, namespace }: PlacedPolicy, workload: Workload, rootNamespace: string): boolean {
  if (namespace !== rootNamespace && namespace !== workload.namespace) return false;
  return attachment.kind !== 'selector' || selects(attachment.labels, workload.labels);
}
