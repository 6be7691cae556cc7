import type { Mesh } from '../mesh.js';
import type { Destination } from '../request.js';

const reasons = {
  missing: 'does not exist (W-11)',
  'not-ready': 'has no address yet (W-30)',
  'attachment-denied': 'does not admit this namespace (W-17)',
  'unsupported-traffic-type': 'serves other traffic (W-14)',
  'no-vip': 'is reached by a virtual IP only, and there is none (W-15)',
} as const;

/** The waypoint that a destination asks for and does not get: its traffic is never enforced there (W-31). */
export function bindingAt({ clusters }: Mesh, destination: Destination): string | undefined {
  if (destination.kind === 'gateway') return undefined;
  const cluster = clusters.get(destination.cluster)?.cluster;
  const bearer =
    destination.kind === 'service'
      ? cluster?.services.get(destination.service)
      : cluster?.workloads.get(destination.workload);
  if (bearer?.binding.kind !== 'broken') return undefined;
  const { waypoint, by, reason } = bearer.binding;
  return `waypoint ${waypoint}, which the label on ${by} names, ${reasons[reason]}`;
}
