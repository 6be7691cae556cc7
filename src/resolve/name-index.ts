import { namespaceOf } from '../topology/fields.js';
import type { Cluster, Topology } from '../topology/model.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { groupBy, sortedUnique } from '../util/order.js';

/** Every name that a reference may be, over all clusters. */
export interface NameIndex {
  readonly service: ReadonlySet<string>;
  readonly workload: ReadonlySet<string>;
  readonly namespace: ReadonlySet<string>;
  readonly serviceAccount: ReadonlySet<string>;
  /** Istio's own Gateways, which are no gateways but objects, each with the gateways whose pods serve it. */
  readonly istioGateways: ReadonlyMap<string, readonly string[]>;
}

/** One index for as long as the names are the same. */
export function indexNames({ clusters }: Topology, recall: Recall = computeAnew): NameIndex {
  return recall('names in clusters', '', clusters, () => {
    const all = {
      service: clusters.flatMap(({ services }) => [...services.keys()]),
      workload: clusters.flatMap(({ workloads }) => [...workloads.keys()]),
      namespace: clusters.flatMap(({ namespaces }) => [...namespaces.keys()]),
      serviceAccount: clusters.flatMap(({ serviceAccounts }) => [...serviceAccounts]),
      istioGateways: clusters.flatMap(servedIn),
    };
    return recall('names', '', Object.entries(all).flat(2), () => ({
      service: new Set(all.service),
      workload: new Set(all.workload),
      namespace: new Set(all.namespace),
      serviceAccount: new Set(all.serviceAccount),
      istioGateways: byObject(all.istioGateways),
    }));
  });
}

/** Each of Istio's own Gateways, and after it the gateways that serve it, as one text. */
function servedIn({ istioGateways, gateways }: Cluster): readonly string[] {
  if (istioGateways.length === 0) return [];
  const served = [...gateways].flatMap(([key, { listeners }]) => listeners.map(({ object }) => ({ key, object })));
  const byServed = groupBy(served, ({ object }) => object);
  return istioGateways.map((object) => {
    const keys = sortedUnique((byServed.get(object) ?? []).map(({ key }) => key));
    return [`${namespaceOf(object)}/${object.name}`, ...keys].join(' ');
  });
}

function byObject(served: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const parts = served.map((each) => each.split(' '));
  const groups = groupBy(parts, ([key]) => key ?? '');
  return new Map([...groups].map(([key, all]) => [key, sortedUnique(all.flatMap((each) => each.slice(1)))]));
}
