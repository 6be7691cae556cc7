import type { MeshCluster } from '../mesh/mesh.js';
import { authorizationAt, type Point, peerAuthenticationAt, requestAuthenticationAt } from '../mesh/policies/attach.js';
import type { Binding, Gateway, Service, Workload } from '../topology/model.js';
import type { ClusterChange } from './deployment.js';

/**
 * Whether an output changes anything that a way to a workload depends on: the pods themselves, what is enforced there, a
 * Service of theirs, or the waypoint before one. Whom it does not touch need not be compared.
 */
export function isWorkloadTouched(change: ClusterChange, before: Workload, after: Workload): boolean {
  const { namespace } = after;
  if (isOtherObject(change.before.namespaces.get(namespace), change.after.cluster.namespaces.get(namespace)))
    return true;
  if (isOtherObject(before, after) || differs(before.mode, after.mode)) return true;
  if (isBindingTouched(change, before.binding, after.binding, undefined)) return true;
  if (differs(before.services, after.services) || after.services.some((key) => isServiceTouched(change, key)))
    return true;
  return change.policies.some((at) => enforcesAtPod(at, after) || enforcesAtPod(at, before));
}

export function isGatewayTouched(change: ClusterChange, before: Gateway, after: Gateway): boolean {
  if (isOtherObject(before, after) || differs(before.podLabels, after.podLabels)) return true;
  return change.policies.some((at) => enforces(at, { kind: 'gateway', gateway: after }));
}

function isServiceTouched(change: ClusterChange, key: string): boolean {
  const [before, after] = [change.before.services.get(key), change.after.cluster.services.get(key)];
  if (before === undefined || after === undefined || change.hosts.has(after.host)) return true;
  if (isOtherObject(before, after) && differs(shapeOf(before), shapeOf(after))) return true;
  return (
    before.ingressUsesWaypoint !== after.ingressUsesWaypoint ||
    isBindingTouched(change, before.binding, after.binding, after)
  );
}

/** What of a Service decides how requests to it travel. */
export function shapeOf({ hasVip, headless, type, ports, exportTo, labels }: Service): unknown {
  return [hasVip, headless, type, ports, exportTo, labels['istio.io/use-waypoint-canary']];
}

function isBindingTouched(
  change: ClusterChange,
  before: Binding,
  after: Binding,
  service: Service | undefined,
): boolean {
  if (differs(before, after)) return true;
  if (after.kind !== 'bound') return false;
  const waypoint = change.after.cluster.waypoints.get(after.waypoint);
  if (isOtherObject(change.before.waypoints.get(after.waypoint), waypoint)) return true;
  return waypoint !== undefined && change.policies.some((at) => enforces(at, { kind: 'waypoint', waypoint, service }));
}

function enforcesAtPod(at: MeshCluster, workload: Workload): boolean {
  const { plane } = workload.mode;
  if (plane !== 'ambient' && plane !== 'sidecar') return false;
  const kind = plane === 'ambient' ? 'ztunnel' : 'sidecar';
  return peerAuthenticationAt(kind, workload, at).length > 0 || enforces(at, { kind, workload });
}

function enforces(at: MeshCluster, point: Point): boolean {
  return authorizationAt(point, at).length > 0 || requestAuthenticationAt(point, at).length > 0;
}

/** An object that the output does not mention is the same object before and after. */
function isOtherObject(before: Bearer | undefined, after: Bearer | undefined): boolean {
  return before?.object !== after?.object;
}

interface Bearer {
  readonly object: unknown;
}

function differs(before: unknown, after: unknown): boolean {
  return before !== after && JSON.stringify(before) !== JSON.stringify(after);
}
