import type { Point } from '../mesh/policies/attach.js';
import { keyOf } from '../topology/model.js';
import { writtenOf } from './answers.js';
import type { Gate } from './lane.js';

/** Whether any policy but for mutual TLS is there. */
export function isEnforcing({ enforcement: { policies, authentication } }: Gate): boolean {
  return authentication.length > 0 || policies.some((policy) => writtenOf(policy).kind !== 'PeerAuthentication');
}

/** What an enforcement point is called beside the place that it is for: of pods the kind alone. */
export function nameOfPoint(point: Point): string {
  if (point.kind === 'waypoint') return `waypoint ${keyOf(point.waypoint)}`;
  if (point.kind === 'gateway') return `gateway ${keyOf(point.gateway)}`;
  return point.kind === 'sidecar' ? 'the sidecar' : 'ztunnel';
}
