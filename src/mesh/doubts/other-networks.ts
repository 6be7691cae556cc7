import { label } from '../../topology/labels.js';
import type { Cluster } from '../../topology/model.js';

/**
 * The workloads that a label puts on another network than the one of their cluster. istiod takes that one from the label of
 * its own namespace; where no manifest shows it, it is the one that all sidecars have.
 * Source: istio/istio pilot/pkg/serviceregistry/kube/controller/network.go.
 */
export function readOtherNetworks(
  { workloads, namespaces, settings }: Pick<Cluster, 'workloads' | 'namespaces' | 'settings'>,
  rootNamespace: string,
): ReadonlyMap<string, string> {
  const labelled = [...workloads].flatMap(([key, { labels }]) => {
    const network = labels[label.network];
    return network === undefined || network === '' ? [] : [[key, network] as const];
  });
  if (labelled.length === 0) return new Map();
  const named = namespaces.get(rootNamespace)?.labels[label.network];
  const home =
    named ?? (labelled.some(([, network]) => network === settings.network) ? settings.network : commonTo(workloads));
  return new Map(labelled.filter(([, network]) => network !== home));
}

/** The network that all sidecars are labelled with, as the injector does it. */
function commonTo(workloads: Cluster['workloads']): string | undefined {
  const sidecars = [...workloads.values()].filter(({ mode }) => mode.plane === 'sidecar');
  const [first, ...others] = new Set(sidecars.map(({ labels }) => labels[label.network]));
  return others.length === 0 ? first : undefined;
}
