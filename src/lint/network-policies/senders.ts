import type { MeshCluster } from '../../mesh/mesh.js';
import {
  podsOfGateway,
  podsOfWaypoint,
  podsOfWorkload,
  type Receiver,
  type Sender,
} from '../../mesh/network-policies/connection.js';
import { egressPoliciesOf } from '../../mesh/network-policies/policy.js';
import type { Workload } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';

/** Pods of one workload, waypoint or gateway, as what sends and as what is sent to. */
export interface Pods {
  readonly receiver: Receiver;
  readonly sender: Sender;
}

export function podsWith(at: MeshCluster, receiver: Receiver): Pods {
  const { namespace, labels = {} } = receiver;
  const policies = egressPoliciesOf(at, namespace, labels);
  return { receiver, sender: { cluster: at.cluster.name, pods: receiver, policies } };
}

export function workloadsOn(at: MeshCluster, plane: 'ambient' | 'sidecar'): readonly Workload[] {
  return [...at.cluster.workloads.values()].filter(({ mode, hostNetwork }) => mode.plane === plane && !hostNetwork);
}

/** Every pod that runs Envoy: it fetches its configuration from istiod itself, and looks it up by its name. */
export function podsWithEnvoy(at: MeshCluster): readonly Pods[] {
  const { waypoints, gateways } = at.cluster;
  const sidecars = workloadsOn(at, 'sidecar').map(podsOfWorkload);
  return [
    ...sidecars,
    ...[...waypoints.values()].map(podsOfWaypoint),
    ...[...gateways.values()].map(podsOfGateway),
  ].map((receiver) => podsWith(at, receiver));
}

/** Those that are stopped by the same policies, with how many others there are: they are told once. */
export function oncePerPolicies<T>(
  found: ReadonlyArray<T & { readonly policies: string }>,
): ReadonlyArray<{ readonly first: T; readonly others: string }> {
  return [...groupBy(found, ({ policies }) => policies).values()].flatMap((group) =>
    group.slice(0, 1).map((first) => ({ first, others: andMore(group.length - 1) })),
  );
}

function andMore(count: number): string {
  return count === 0 ? '' : ` and ${count} more`;
}
