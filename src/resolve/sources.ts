import type { Topology } from '../topology/model.js';
import { once, oncePerObject } from '../util/once.js';
import { compareText, sortBy } from '../util/order.js';
import { deployedParts, namespaceIn, type PartsByNamespace } from './deployed-parts.js';
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
export const indexSources: (topology: Topology) => SourceIndex = oncePerObject((topology) =>
  sourcesAmong(deployedParts(topology)),
);

/** The callers of a topology that is taken apart. */
export function sourcesAmong(parts: PartsByNamespace): SourceIndex {
  const all = once(() =>
    sortBy(
      [...parts.values()].flatMap(({ sources }) => sources),
      ({ cluster }) => cluster,
      ({ name }) => name,
    ),
  );
  return {
    get all() {
      return all();
    },
    workload: (key) => parts.get(namespaceIn(key))?.callingWorkloads.get(key) ?? [],
    identity: (serviceAccount) => parts.get(namespaceIn(serviceAccount))?.identities.get(serviceAccount) ?? [],
    namespace: (name) => parts.get(name)?.sources ?? [],
    gateway: (key) => parts.get(namespaceIn(key))?.callingGateways.get(key) ?? [],
    get gateways() {
      return [...parts.values()].flatMap(({ callingGateways }) => [...callingGateways.keys()]).sort(compareText);
    },
  };
}
