import { isHostOfEntry } from '../topology/entry-host.js';
import { keyOf, type Topology } from '../topology/model.js';
import { once, oncePerObject } from '../util/once.js';
import { compareText } from '../util/order.js';
import { deployedParts, namespaceIn, type PartsByNamespace } from './deployed-parts.js';
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
export const indexDestinations: (topology: Topology) => DestinationIndex = oncePerObject((topology) =>
  destinationsAmong(deployedParts(topology)),
);

/** The destinations of a topology that is taken apart. */
export function destinationsAmong(parts: PartsByNamespace): DestinationIndex {
  const namespaces = once(() =>
    [...parts].flatMap(([namespace, { homes }]) => (homes.length > 0 ? [namespace] : [])).sort(compareText),
  );
  return {
    service: (key) => parts.get(namespaceIn(key))?.services.get(key) ?? [],
    workload: (key) => parts.get(namespaceIn(key))?.workloads.get(key) ?? [],
    homes: (namespace) => parts.get(namespace)?.homes ?? [],
    get namespaces() {
      return namespaces();
    },
  };
}

/** As a person would name it: "service payments/ledger". */
export function destinationLabel(destination: Destination): string {
  const { service } = destination;
  if (service && isHostOfEntry(service)) return `host \`${service.host}\``;
  return `${destination.service ? 'service' : 'workload'} \`${keyOf(destination)}\``;
}
