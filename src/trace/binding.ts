import type { Mesh } from '../mesh/mesh.js';
import type { Destination } from '../mesh/request.js';
import type { Binding, Cluster } from '../topology/model.js';

export type BrokenBinding = Extract<Binding, { kind: 'broken' }>;

/** The waypoint that a destination asks for and does not get: its traffic is never enforced there (W-31). */
export function brokenBindingOf({ clusters }: Mesh, destination: Destination): BrokenBinding | undefined {
  if (destination.kind === 'gateway') return undefined;
  const cluster = clusters.get(destination.cluster)?.cluster;
  const binding = cluster && bearerOf(cluster, destination)?.binding;
  return binding?.kind === 'broken' ? binding : undefined;
}

function bearerOf(
  { services, serviceEntries, workloads }: Cluster,
  destination: Exclude<Destination, { kind: 'gateway' }>,
): { readonly binding: Binding } | undefined {
  if (destination.kind === 'service') return services.get(destination.service);
  return destination.kind === 'pod' ? workloads.get(destination.workload) : serviceEntries.get(destination.entry);
}
