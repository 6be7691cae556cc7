import type { Topology } from '../topology/model.js';
import { computeAnew, type Recall } from '../util/memory.js';

/** Every name that a reference may be, over all clusters. */
export interface NameIndex {
  readonly service: ReadonlySet<string>;
  readonly workload: ReadonlySet<string>;
  readonly namespace: ReadonlySet<string>;
  readonly serviceAccount: ReadonlySet<string>;
}

/** One index for as long as the names are the same. */
export function indexNames({ clusters }: Topology, recall: Recall = computeAnew): NameIndex {
  return recall('names in clusters', clusters, () => {
    const all = {
      service: clusters.flatMap(({ services }) => [...services.keys()]),
      workload: clusters.flatMap(({ workloads }) => [...workloads.keys()]),
      namespace: clusters.flatMap(({ namespaces }) => [...namespaces.keys()]),
      serviceAccount: clusters.flatMap(({ serviceAccounts }) => [...serviceAccounts]),
    };
    return recall('names', Object.entries(all).flat(2), () => ({
      service: new Set(all.service),
      workload: new Set(all.workload),
      namespace: new Set(all.namespace),
      serviceAccount: new Set(all.serviceAccount),
    }));
  });
}
