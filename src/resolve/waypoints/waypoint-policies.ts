import type { Disruption } from '../../parse/waypoints.js';

/** Where waypoints are to stand, namespace by namespace of the Services behind them. */
export interface WaypointPolicies {
  readonly everywhere: WaypointPolicy;
  readonly byNamespace: ReadonlyMap<string, WaypointPolicy>;
}

export interface WaypointPolicy {
  readonly place: WaypointPlace;
  readonly pods: WaypointPods;
  /** Whether somebody wrote it; what Ambit wrote before is then written as it says now. */
  readonly isWritten: boolean;
}

export type WaypointPlace =
  | { readonly kind: 'Namespace' | 'Service' }
  | { readonly kind: 'Shared'; readonly namespace: string; readonly name: string };

export interface WaypointPods {
  readonly replicas: number;
  /** Up to how many an autoscaler adds; `undefined` where there is none. */
  readonly maxReplicas: number | undefined;
  readonly disruption: Disruption;
}

/** A waypoint is in the path of every request to its Services, so that one replica would be one point of failure (W-45, W-46). */
export const defaultPolicy: WaypointPolicy = {
  place: { kind: 'Namespace' },
  pods: { replicas: 2, maxReplicas: undefined, disruption: { bound: 'maxUnavailable', pods: 1 } },
  isWritten: false,
};

export function waypointPolicyOf({ everywhere, byNamespace }: WaypointPolicies, namespace: string): WaypointPolicy {
  return byNamespace.get(namespace) ?? everywhere;
}
