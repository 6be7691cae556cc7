import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { label } from '../../topology/labels.js';
import type { Cluster, Labels, Workload } from '../../topology/model.js';
import type { LintContext } from './lint.js';
import { type Labelled, labelledWorkload, namespacesOf } from './subjects.js';

/** Labels that name a control plane which nothing shows to exist: no webhook would match them (E-21, E-31). */
export function unknownRevisions({ cluster }: Pick<LintContext, 'cluster'>): readonly Diagnostic[] {
  const namespaces = namespacesOf(cluster).flatMap((namespace) => {
    const asked = askedByNamespace(namespace.labels);
    return asked === undefined || cluster.revisions.known.has(asked.value)
      ? []
      : finding(namespace, asked, namespace.labels, cluster.name);
  });
  const workloads = [...cluster.workloads.values()].flatMap((workload) => {
    const namespace = cluster.namespaces.get(workload.namespace)?.labels ?? {};
    const asked = askedByNamespace(namespace) === undefined ? askedByPod(workload) : undefined;
    if (asked === undefined || cluster.revisions.known.has(asked.value)) return [];
    return finding(labelledWorkload(workload), asked, { ...namespace, ...workload.labels }, cluster.name);
  });
  return [...namespaces, ...workloads];
}

/** Whether an unknown revision decides between a sidecar and ambient: nobody can say what stands at such pods (E-23). */
export function hangsOnUnknownRevision(workload: Workload, { namespaces, revisions }: Cluster): boolean {
  const namespace = namespaces.get(workload.namespace)?.labels ?? {};
  const asked = askedByNamespace(namespace) ?? askedByPod(workload);
  if (asked === undefined || revisions.known.has(asked.value)) return false;
  return { ...namespace, ...workload.labels }[label.dataplaneMode] === 'ambient';
}

interface Asked {
  readonly key: string;
  readonly value: string;
}

/** `istio-injection` turns the revision webhooks off, and `enabled` is served by the default revision alone (E-22). */
function askedByNamespace(labels: Labels): Asked | undefined {
  const injection = labels[label.injection];
  if (injection === 'enabled') return { key: label.injection, value: 'default' };
  const value = injection === undefined ? labels[label.revision] : undefined;
  return value === undefined ? undefined : { key: label.revision, value };
}

function askedByPod({ labels }: Pick<Workload, 'labels'>): Asked | undefined {
  const value = labels[label.revision];
  return value === undefined ? undefined : { key: label.revision, value };
}

/** Where the object asks for ambient too, the unknown revision decides whether it gets it (E-23). */
function finding(object: Labelled, { key, value }: Asked, labels: Labels, cluster: string): Diagnostic {
  const span = object.labelSpan(key);
  const law = {
    message:
      'a webhook must carry this revision or tag for the injector to act; `istio-injection` is the default one (E-21)',
  };
  if (labels[label.dataplaneMode] !== 'ambient') {
    return diagnostic('unknown-revision', { value, cluster }, span, { notes: [law] });
  }
  const leftOut = { message: 'what policies do at its pods is not judged; everything else is' };
  return diagnostic('unknown-revision-decides', { value, subject: object.title }, span, { notes: [law, leftOut] });
}
