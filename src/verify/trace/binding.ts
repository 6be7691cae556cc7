import type { Binding } from '../../topology/model.js';
import type { Mesh } from '../mesh.js';
import type { Destination } from '../request.js';

export type BrokenBinding = Extract<Binding, { kind: 'broken' }>;

/** The waypoint that a destination asks for and does not get: its traffic is never enforced there (W-31). */
export function brokenBindingOf({ clusters }: Mesh, destination: Destination): BrokenBinding | undefined {
  if (destination.kind === 'gateway') return undefined;
  const cluster = clusters.get(destination.cluster)?.cluster;
  const bearer =
    destination.kind === 'service'
      ? cluster?.services.get(destination.service)
      : cluster?.workloads.get(destination.workload);
  return bearer?.binding.kind === 'broken' ? bearer.binding : undefined;
}
