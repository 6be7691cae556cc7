import { type Cluster, type Gateway, keyOf, type Topology, type Workload } from '../topology/model.js';
import { oncePerObject } from '../util/once.js';
import { compareText, groupBy, sortBy } from '../util/order.js';
import type { Source } from './resolved.js';

/** Everything in the topology that sends requests, by the names that rules use for it. */
export interface SourceIndex {
  readonly all: readonly Source[];
  /** By `namespace/name` of the workload. */
  workload(key: string): readonly Source[];
  /** By `namespace/name` of the ServiceAccount. */
  identity(serviceAccount: string): readonly Source[];
  namespace(name: string): readonly Source[];
  gateway(key: string): readonly Source[];
  readonly gateways: readonly string[];
}

/** One topology is indexed once, whoever asks. */
export const indexSources: (topology: Topology) => SourceIndex = oncePerObject(makeIndex);

function makeIndex(topology: Topology): SourceIndex {
  const workloads: Source[] = [];
  const gateways: Source[] = [];
  for (const cluster of topology.clusters) {
    for (const gateway of cluster.gateways.values()) gateways.push(gatewaySource(cluster, gateway));
    for (const workload of cluster.workloads.values()) {
      if (workload.mode.plane !== 'waypoint' && workload.mode.plane !== 'east-west')
        workloads.push(workloadSource(cluster, workload));
    }
  }
  // A classic gateway is a workload too; a gateway of Gateway API is deployed by Istio and has no workload among the manifests.
  const running = new Set(workloads.map(sourceKey));
  const all = sortBy(
    [...workloads, ...gateways.filter((gateway) => !running.has(sourceKey(gateway)))],
    ({ cluster }) => cluster,
    ({ name }) => name,
  );
  const byName = groupBy(workloads, ({ name }) => name);
  const byIdentity = groupBy(all, ({ serviceAccount }) => serviceAccount);
  const byNamespace = groupBy(all, ({ name }) => name.slice(0, name.indexOf('/')));
  const byGateway = groupBy(gateways, ({ name }) => name);
  return {
    all,
    workload: (key) => byName.get(key) ?? [],
    identity: (serviceAccount) => byIdentity.get(serviceAccount) ?? [],
    namespace: (name) => byNamespace.get(name) ?? [],
    gateway: (key) => byGateway.get(key) ?? [],
    gateways: [...byGateway.keys()].sort(compareText),
  };
}

export function sourceKey({ cluster, name }: Source): string {
  return `${cluster}/${name}`;
}

function workloadSource(cluster: Cluster, workload: Workload): Source {
  return {
    cluster: cluster.name,
    network: cluster.settings.network,
    name: keyOf(workload),
    serviceAccount: `${workload.namespace}/${workload.serviceAccount}`,
    plane: workload.mode.plane,
  };
}

function gatewaySource(cluster: Cluster, gateway: Gateway): Source {
  return {
    cluster: cluster.name,
    network: cluster.settings.network,
    name: keyOf(gateway),
    serviceAccount: `${gateway.namespace}/${gateway.serviceAccount}`,
    plane: 'gateway',
  };
}
