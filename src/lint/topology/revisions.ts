import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { label } from '../../topology/labels.js';
import type { Labels } from '../../topology/model.js';
import type { LintContext } from './lint.js';
import { type Labelled, labelledWorkload, namespacesOf } from './subjects.js';

/** Labels that name a control plane which nothing shows to exist: no webhook would match them (E-21, E-31). */
export function unknownRevisions({ cluster }: LintContext): readonly Diagnostic[] {
  const namespaces = namespacesOf(cluster).flatMap((namespace) => {
    const asked = askedByNamespace(namespace.labels);
    return asked === undefined || cluster.revisions.known.has(asked.value)
      ? []
      : finding(namespace, asked, namespace.labels, cluster.name);
  });
  const workloads = [...cluster.workloads.values()].flatMap((workload) => {
    const value = workload.labels[label.revision];
    const namespace = cluster.namespaces.get(workload.namespace)?.labels ?? {};
    if (value === undefined || cluster.revisions.known.has(value) || askedByNamespace(namespace) !== undefined)
      return [];
    const labels = { ...namespace, ...workload.labels };
    return finding(labelledWorkload(workload), { key: label.revision, value }, labels, cluster.name);
  });
  return [...namespaces, ...workloads];
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

/** Where the object asks for ambient too, the unknown revision decides whether it gets it (E-23). */
function finding(object: Labelled, { key, value }: Asked, labels: Labels, cluster: string): Diagnostic {
  const span = object.labelSpan(key);
  const notes = [
    {
      message:
        'a webhook must carry this revision or tag for the injector to act; `istio-injection` is the default one (E-21)',
    },
  ];
  return labels[label.dataplaneMode] === 'ambient'
    ? diagnostic('unknown-revision-decides', { value, subject: object.title }, span, { notes })
    : diagnostic('unknown-revision', { value, cluster }, span, { notes });
}
