import type { WaypointPods } from './waypoint-policies.js';

/** Whether a PodDisruptionBudget forbids every eviction. Kubernetes rounds shares up, of what stays as of what goes. */
export function blockedBy({ replicas, disruption: { bound, pods } }: WaypointPods): boolean {
  const count = typeof pods === 'number' ? pods : Math.ceil((replicas * Number.parseInt(pods, 10)) / 100);
  return bound === 'minAvailable' ? count >= replicas : count === 0;
}
