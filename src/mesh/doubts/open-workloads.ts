import type { Path } from '../../parse/document.js';
import { annotation, label } from '../../topology/labels.js';
import { type Cluster, isMachine, type Workload } from '../../topology/model.js';
import { podPath } from '../../topology/pod-template.js';
import { asObject, asText } from '../json.js';
import { otherRevision } from './revision.js';

/** What a workload says that leaves open how it is reached, and what reaches it. */
export interface OpenWorkload {
  /** "network `far`" */
  readonly what: string;
  readonly path: Path;
}

/**
 * The workloads that are on another network than their cluster, and the machines that name another revision. istiod takes its
 * cluster's network from the label of its own namespace; where no manifest shows that, it is whatever the injector wrote on
 * running pods.
 * Source: istio/istio pilot/pkg/serviceregistry/kube/controller/network.go and the injection template.
 */
export function readOpenWorkloads(
  { workloads, namespaces, settings }: Pick<Cluster, 'workloads' | 'namespaces' | 'settings'>,
  rootNamespace: string,
): ReadonlyMap<string, OpenWorkload> {
  const named = namespaces.get(rootNamespace)?.labels[label.network];
  const found = new Map<string, OpenWorkload>();
  for (const [key, workload] of workloads) {
    const revision = isMachine(workload) ? otherRevision(workload.object, settings.istio.revision) : undefined;
    if (revision !== undefined) {
      found.set(key, { what: `revision \`${revision}\``, path: ['metadata', 'labels', label.revision] });
    }
    const network = networkOf(workload);
    if (network === undefined || network.name === named) continue;
    const isOwn = named === undefined && (network.name === settings.network || isInjected(workload));
    if (!isOwn) found.set(key, { what: `network \`${network.name}\``, path: network.path });
  }
  return found;
}

/** Of a machine the field goes before the label. */
function networkOf(workload: Workload): { readonly name: string; readonly path: Path } | undefined {
  const { kind, labels, object } = workload;
  const spec = asObject(object.value.spec);
  const path = kind === 'WorkloadGroup' ? ['spec', 'template', 'network'] : ['spec', 'network'];
  const owner = kind === 'WorkloadGroup' ? asObject(spec?.template) : spec;
  const field = isMachine(workload) ? asText(owner?.network) : undefined;
  if (field) return { name: field, path };
  const name = labels[label.network];
  return name ? { name, path: [...podPath(kind), 'metadata', 'labels', label.network] } : undefined;
}

function isInjected({ object, annotations }: Workload): boolean {
  return object.kind === 'Pod' && annotations[annotation.sidecarStatus] !== undefined;
}
