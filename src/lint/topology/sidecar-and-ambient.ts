import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { label } from '../../topology/labels.js';
import { type Cluster, isMachine, type Labels, type Namespace, type Workload } from '../../topology/model.js';
import type { LintContext } from './lint.js';
import { labelledWorkload, namespacesOf } from './subjects.js';

const law =
  'the injection webhooks never look at `istio.io/dataplane-mode`, and a sidecar beats ambient capture (E-23)';

/** Says once for a namespace, and otherwise for each workload, that both ways into the mesh are open (E-23). */
export function sidecarAndAmbient({ cluster }: LintContext): readonly Diagnostic[] {
  const torn = [...cluster.workloads.values()].filter((workload) => isSidecarAndAmbient(workload, cluster));
  const tornNamespaces = new Set(torn.map(({ namespace }) => namespace).filter((name) => isTorn(name, cluster)));
  return [
    ...namespacesOf(cluster)
      .filter(({ namespace }) => tornNamespaces.has(namespace))
      .map(({ title, labelSpan }) => finding(title, labelSpan(label.dataplaneMode))),
    ...torn
      .filter(({ namespace }) => !tornNamespaces.has(namespace))
      .map(labelledWorkload)
      .map(({ title, labelSpan }) => finding(title, labelSpan(label.dataplaneMode))),
  ];
}

/** Whether a workload that labels ask to be ambient would start with a sidecar all the same. */
export function isSidecarAndAmbient(workload: Workload, { namespaces }: Pick<Cluster, 'namespaces'>): boolean {
  const { labels, namespace, modeOnRestart } = workload;
  return !isMachine(workload) && modeOnRestart.plane === 'sidecar' && asksForAmbient(labels, namespaces.get(namespace));
}

function asksForAmbient(pod: Labels, namespace: Namespace | undefined): boolean {
  return (pod[label.dataplaneMode] ?? namespace?.labels[label.dataplaneMode]) === 'ambient';
}

/** Whether the namespace's own labels already ask for both. */
function isTorn(name: string, { namespaces }: LintContext['cluster']): boolean {
  const labels = namespaces.get(name)?.labels ?? {};
  const injection = labels[label.injection];
  const injects = injection === 'enabled' || (injection === undefined && labels[label.revision] !== undefined);
  return labels[label.dataplaneMode] === 'ambient' && injects;
}

function finding(subject: string, span: Diagnostic['span']): Diagnostic {
  return diagnostic('sidecar-and-ambient', { subject }, span, { notes: [{ message: law }] });
}
