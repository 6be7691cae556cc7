import type { Span } from '../../diagnostics/diagnostic.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { bind } from '../../topology/binding.js';
import { alreadyReported, labelsAt } from '../../topology/fields.js';
import type { Binding, Cluster, Labels, Namespace, Workload } from '../../topology/model.js';
import { podPath } from '../../topology/pod-template.js';

/** An object whose labels speak to Istio, and where they are written. */
export interface Labelled {
  readonly source: ManifestObject;
  readonly kind: string;
  readonly namespace: string;
  /** How messages name it. */
  readonly title: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Which waypoint serves it; for a Namespace, the one that Services in it inherit. */
  readonly binding: Binding;
  labelSpan(key: string, part?: 'key' | 'value'): Span;
  annotationSpan(key: string): Span;
}

const istioKey = /^(?:istio\.io|[a-z]+\.istio\.io)\//;

/**
 * Namespaces, Services, ServiceEntries and pods: whatever can name a waypoint (W-10), sorted by kind and name. In a
 * large mesh only few say anything to Istio, and the others are left out.
 */
export function labelledObjects(cluster: Cluster): readonly Labelled[] {
  const entries = [...cluster.services.values(), ...cluster.serviceEntries.values()];
  const speaking = entries.filter(({ object }) =>
    speaks(ownLabels(object, 'labels'), ownLabels(object, 'annotations')),
  );
  const workloads = [...cluster.workloads.values()].filter(({ labels, annotations }) => speaks(labels, annotations));
  return [
    ...namespacesOf(cluster),
    ...speaking.map(({ object, namespace, binding }) => labelled(object, namespace, binding)),
    ...workloads.map(labelledWorkload),
  ];
}

function speaks(labels: Labels, annotations: Labels): boolean {
  return [labels, annotations].some((own) => Object.keys(own).some((key) => istioKey.test(key)));
}

/** Every namespace whose manifest was given. */
export function namespacesOf(cluster: Cluster): readonly Labelled[] {
  return [...cluster.namespaces.values()].flatMap((namespace) => {
    const { object, name } = namespace;
    if (object === undefined) return [];
    return [{ ...labelled(object, name, inheritedBinding(namespace, cluster)), title: `Namespace \`${name}\`` }];
  });
}

function inheritedBinding({ name }: Namespace, cluster: Cluster): Binding {
  return bind({ kind: 'Service', namespace: name, labels: {}, addressedAs: 'service', hasVip: true }, cluster);
}

/** A workload speaks by the labels of its pods. */
export function labelledWorkload(workload: Workload): Labelled {
  const { object, namespace, name, kind, labels, annotations, binding } = workload;
  const path = podPath(object.kind);
  return {
    source: object,
    kind,
    namespace,
    title: `${kind} \`${namespace}/${name}\``,
    labels,
    annotations,
    binding,
    labelSpan: (key, part) => spanIn(object, [...metadataOf(object.kind, path), 'labels', key], part),
    annotationSpan: (key) => spanIn(object, [...metadataOf(object.kind, path), 'annotations', key], 'key'),
  };
}

function metadataOf(kind: string, path: readonly (string | number)[]) {
  if (kind === 'WorkloadGroup') return ['spec', 'metadata'];
  return kind === 'WorkloadEntry' ? ['metadata'] : [...path, 'metadata'];
}

function labelled(object: ManifestObject, namespace: string, binding: Binding): Labelled {
  return {
    source: object,
    kind: object.kind,
    namespace,
    title: `${object.kind} \`${namespace}/${object.name}\``,
    labels: ownLabels(object, 'labels'),
    annotations: ownLabels(object, 'annotations'),
    binding,
    labelSpan: (key, part) => spanIn(object, ['metadata', 'labels', key], part),
    annotationSpan: (key) => spanIn(object, ['metadata', 'annotations', key], 'key'),
  };
}

/** The labels or annotations of an object itself, not of its pods. */
export function ownLabels(object: ManifestObject, field: 'labels' | 'annotations'): Labels {
  return labelsAt(object, ['metadata', field], alreadyReported);
}
