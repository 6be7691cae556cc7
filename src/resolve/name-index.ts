import type { Topology } from '../topology/model.js';

/** Every name that a reference may be, over all clusters. */
export interface NameIndex {
  readonly service: ReadonlySet<string>;
  readonly workload: ReadonlySet<string>;
  readonly namespace: ReadonlySet<string>;
  readonly serviceAccount: ReadonlySet<string>;
}

export function indexNames({ clusters }: Topology): NameIndex {
  return {
    service: new Set(clusters.flatMap(({ services }) => [...services.keys()])),
    workload: new Set(clusters.flatMap(({ workloads }) => [...workloads.keys()])),
    namespace: new Set(clusters.flatMap(({ namespaces }) => [...namespaces.keys()])),
    serviceAccount: new Set(clusters.flatMap(({ serviceAccounts }) => [...serviceAccounts])),
  };
}
