import { isHostOfEntry } from '../topology/entry-host.js';
import { type Cluster, infrastructure, keyOf, type Service, type Topology, type Workload } from '../topology/model.js';
import { oncePerObject } from '../util/once.js';
import { compareText, sortBy } from '../util/order.js';
import type { Destination } from './resolved.js';

/** Every destination of the topology, and at which one each workload is at home. */
export interface DestinationIndex {
  /** By `namespace/name` of the Service, one for each cluster that has it. */
  service(key: string): readonly Destination[];
  /** By `namespace/name` of the workload. */
  workload(key: string): readonly Destination[];
  /** The destinations that together hold every workload of a namespace exactly once. */
  homes(namespace: string): readonly Destination[];
  /** Namespaces that hold a destination, sorted. */
  readonly namespaces: readonly string[];
}

/**
 * A workload is at home at the Service that selects the most workloads (then the first by name), so that `reviews` is
 * the home of every version and `reviews-v1` of none. Without a Service it is at home with itself. One topology is indexed
 * once, whoever asks.
 */
export const indexDestinations: (topology: Topology) => DestinationIndex = oncePerObject(makeIndex);

function makeIndex(topology: Topology): DestinationIndex {
  const services = new Map<string, Destination[]>();
  const workloads = new Map<string, Destination[]>();
  const homes = new Map<string, Map<string, Destination>>();
  for (const cluster of topology.clusters) {
    const ofService = new Map(
      [...cluster.services.values()].map((service) => [keyOf(service), serviceDestination(cluster, service)]),
    );
    for (const [key, destination] of ofService) push(services, key, destination);
    for (const workload of cluster.workloads.values()) {
      if (infrastructure.has(workload.mode.plane)) continue;
      push(workloads, keyOf(workload), workloadDestination(workload));
      const home = homeOf(workload, ofService) ?? workloadDestination(workload);
      const known = homes.get(workload.namespace) ?? new Map<string, Destination>();
      homes.set(workload.namespace, known.set(home.id, home));
    }
  }
  return {
    service: (key) => services.get(key) ?? [],
    workload: (key) => workloads.get(key) ?? [],
    homes: (namespace) => sortBy(homes.get(namespace)?.values() ?? [], ({ id }) => id),
    namespaces: [...homes.keys()].sort(compareText),
  };
}

function homeOf(workload: Workload, services: ReadonlyMap<string, Destination>): Destination | undefined {
  const candidates = workload.services.flatMap((key) => services.get(key) ?? []);
  return sortBy(
    candidates,
    ({ workloads }) => -workloads.length,
    ({ name }) => name,
  )[0];
}

function serviceDestination(cluster: Cluster, service: Service): Destination {
  return {
    id: `${cluster.name}/${keyOf(service)}`,
    cluster: cluster.name,
    namespace: service.namespace,
    name: service.name,
    service,
    workloads: service.workloads
      .flatMap((key) => cluster.workloads.get(key) ?? [])
      .filter(({ mode }) => !infrastructure.has(mode.plane)),
  };
}

/** A workload as a destination of its own. */
export function workloadDestination(workload: Workload): Destination {
  return {
    id: `${workload.cluster}/${workload.namespace}/workload:${workload.name}`,
    cluster: workload.cluster,
    namespace: workload.namespace,
    name: workload.name,
    service: undefined,
    workloads: [workload],
  };
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** As a person would name it: "service payments/ledger". */
export function destinationLabel(destination: Destination): string {
  const { service } = destination;
  if (service && isHostOfEntry(service)) return `host \`${service.host}\``;
  return `${destination.service ? 'service' : 'workload'} \`${keyOf(destination)}\``;
}
