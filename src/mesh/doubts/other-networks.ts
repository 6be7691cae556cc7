import type { Path } from '../../parse/document.js';
import { annotation, label } from '../../topology/labels.js';
import type { Cluster, Workload } from '../../topology/model.js';
import { podPath } from '../../topology/pod-template.js';
import { asObject, asText } from '../json.js';

/** A network, and the field that puts a workload there. */
export interface OtherNetwork {
  readonly name: string;
  readonly path: Path;
}

/**
 * The workloads that are said to be on another network than their cluster, which istiod takes from the label of its own
 * namespace. Where no manifest shows that, it is whatever the injector wrote on running pods.
 * Source: istio/istio pilot/pkg/serviceregistry/kube/controller/network.go and the injection template.
 */
export function readOtherNetworks(
  { workloads, namespaces, settings }: Pick<Cluster, 'workloads' | 'namespaces' | 'settings'>,
  rootNamespace: string,
): ReadonlyMap<string, OtherNetwork> {
  const named = namespaces.get(rootNamespace)?.labels[label.network];
  const found = new Map<string, OtherNetwork>();
  for (const [key, workload] of workloads) {
    const network = networkOf(workload);
    if (network === undefined || network.name === named) continue;
    const isOwn = named === undefined && (network.name === settings.network || isInjected(workload));
    if (!isOwn) found.set(key, network);
  }
  return found;
}

/** Of a WorkloadEntry its field goes before its label. */
function networkOf({ kind, labels, object }: Workload): OtherNetwork | undefined {
  const field = kind === 'WorkloadEntry' ? asText(asObject(object.value.spec)?.network) : undefined;
  if (field) return { name: field, path: ['spec', 'network'] };
  const name = labels[label.network];
  return name ? { name, path: [...podPath(kind), 'metadata', 'labels', label.network] } : undefined;
}

function isInjected({ object, annotations }: Workload): boolean {
  return object.kind === 'Pod' && annotations[annotation.sidecarStatus] !== undefined;
}
