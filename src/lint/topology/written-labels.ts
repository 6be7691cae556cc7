import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { label } from '../../topology/labels.js';
import { isMachine } from '../../topology/model.js';
import { podPath } from '../../topology/pod-template.js';
import type { LintContext } from './lint.js';
import { namespacesOf, ownLabels } from './subjects.js';

const labelsOnly = [
  label.dataplaneMode,
  label.useWaypoint,
  label.useWaypointNamespace,
  label.ingressUseWaypoint,
  label.waypointFor,
];

/** Labels that were written as annotations, where Istio never looks (W-12). */
export function labelsWrittenAsAnnotations({ cluster, labelled }: LintContext): readonly Diagnostic[] {
  const gateways = [...cluster.waypoints.values()].map(({ object }) => ({
    title: describe(object),
    annotations: ownLabels(object, 'annotations'),
    annotationSpan: (key: string) => spanIn(object, ['metadata', 'annotations', key], 'key'),
  }));
  return [...labelled, ...gateways].flatMap(({ title, annotations, annotationSpan }) =>
    labelsOnly
      .filter((key) => annotations[key] !== undefined)
      .map((key) =>
        diagnostic('label-written-as-annotation', { key, object: title }, annotationSpan(key), {
          notes: [{ message: 'annotations of this name are ignored (W-12)' }],
        }),
      ),
  );
}

const podLabels = [label.dataplaneMode, label.inject, label.useWaypoint];

/** Labels on a Deployment itself that were meant for its pods: neither the CNI nor the injector sees them (E-01, E-21). */
export function labelsOnControllers({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.workloads.values()].flatMap(({ object, kind, namespace, name, labels }) => {
    if (podPath(object.kind).length === 0 || isMachine({ kind })) return [];
    const own = ownLabels(object, 'labels');
    return podLabels
      .filter((key) => own[key] !== undefined && labels[key] === undefined)
      .map((key) =>
        diagnostic(
          'label-on-controller',
          { key, kind, workload: `${namespace}/${name}` },
          spanIn(object, ['metadata', 'labels', key], 'key'),
          { notes: [{ message: 'enrolment is decided by the labels of the pod and of its namespace (E-01, E-21)' }] },
        ),
      );
  });
}

/** `istio.io/use-waypoint-namespace` is read from the object that carries `istio.io/use-waypoint` (W-10). */
export function waypointNamespaceAlone({ labelled }: LintContext): readonly Diagnostic[] {
  return labelled
    .filter(({ labels }) => labels[label.useWaypointNamespace] !== undefined && labels[label.useWaypoint] === undefined)
    .map(({ title, labelSpan }) =>
      diagnostic('waypoint-namespace-alone', { object: title }, labelSpan(label.useWaypointNamespace, 'key'), {
        notes: [{ message: 'both labels are read from one and the same object (W-10)' }],
      }),
    );
}

const modes: readonly (string | undefined)[] = [undefined, 'ambient', 'none'];

/** Values of `istio.io/dataplane-mode` that mean nothing (E-02). */
export function unknownDataplaneModes({ labelled }: LintContext): readonly Diagnostic[] {
  return labelled.flatMap(({ labels, labelSpan }) => {
    const value = labels[label.dataplaneMode];
    if (modes.includes(value)) return [];
    return diagnostic('unknown-dataplane-mode', { value: value ?? '' }, labelSpan(label.dataplaneMode), {
      notes: [{ message: 'only `ambient` and `none` have a meaning (E-02)' }],
    });
  });
}

const injectionValues: readonly (string | undefined)[] = [undefined, 'enabled', 'disabled'];

/** Values of `istio-injection` that mean nothing but still turn the revision webhooks off (E-22). */
export function unknownInjectionValues({ cluster }: LintContext): readonly Diagnostic[] {
  return namespacesOf(cluster).flatMap(({ namespace, labels, labelSpan }) => {
    const value = labels[label.injection];
    if (injectionValues.includes(value)) return [];
    return diagnostic('unknown-injection-value', { value: value ?? '', namespace }, labelSpan(label.injection), {
      notes: [{ message: 'any value of `istio-injection` disables the revision webhooks (E-22)' }],
    });
  });
}
