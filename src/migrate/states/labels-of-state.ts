import { asLabels, asObject } from '../../mesh/json.js';
import type { JsonObject, JsonValue, ManifestObject, Path } from '../../parse/document.js';
import { alreadyReported, labelsAt } from '../../topology/fields.js';
import { annotation, label } from '../../topology/labels.js';
import { podPath } from '../../topology/pod-template.js';
import { oncePer } from '../../util/once.js';

/** Labels or annotations as they shall be; `undefined` takes one away. */
export type Wanted = Readonly<Record<string, string | undefined>>;

/** The plane that a migration leads to. */
export const targets = ['ambient', 'sidecar'] as const;
export type Target = (typeof targets)[number];

/** The plane that a migration leads away from. */
export function sourceOf(target: Target): Target {
  return target === 'ambient' ? 'sidecar' : 'ambient';
}

/**
 * What a namespace says while its pods start on the other plane. On the way back the label of ambient stays until the last
 * one has: without it ztunnel lets go of running pods at once, and a sidecar beats it anyway (E-01, E-23).
 */
export function namespaceLabels(target: Target, revision: string): Wanted {
  if (target === 'ambient') {
    return { [label.dataplaneMode]: 'ambient', [label.injection]: undefined, [label.revision]: undefined };
  }
  return revision === 'default' ? { [label.injection]: 'enabled' } : { [label.revision]: revision };
}

/** What it says in the end. */
export function finalLabels(target: Target): Wanted {
  return target === 'ambient' ? {} : { [label.dataplaneMode]: undefined };
}

/** Who says on which plane pods start: their namespaces, or where single workloads are moved the pods for themselves. */
export type Asking = 'namespaces' | 'pods';

/**
 * What a pod says for itself beats its namespace, so what keeps it from the plane that it moves to has to go (E-03, E-20). The
 * annotation is the older spelling of the injector's label.
 */
export function podChange(target: Target, asking: Asking): Readonly<Record<'labels' | 'annotations', Wanted>> {
  const annotations = { [annotation.inject]: undefined };
  const none = { [label.dataplaneMode]: undefined, [label.inject]: undefined };
  const toAmbient = { ...none, [label.revision]: undefined };
  if (asking === 'namespaces') return { annotations, labels: target === 'ambient' ? toAmbient : none };
  const labels =
    target === 'ambient'
      ? { ...toAmbient, [label.dataplaneMode]: 'ambient', [label.inject]: 'false' }
      : { [label.dataplaneMode]: 'none', [label.inject]: 'true' };
  return { annotations, labels };
}

/** What Istio writes on a pod when it starts. In a template the mode of TLS is somebody's own. */
const startedWith = {
  labels: { [label.tunnel]: undefined },
  annotations: { [annotation.sidecarStatus]: undefined, [annotation.redirection]: undefined },
} satisfies Readonly<Record<'labels' | 'annotations', Wanted>>;

export function withLabels(object: ManifestObject, at: Path, wanted: Wanted): ManifestObject {
  return withMetadata(object, at, 'labels', wanted);
}

/** A pod, or what makes pods, as its pods are once they have started on the other plane. */
export function startedOn(object: ManifestObject, target: Target, asking: Asking): ManifestObject {
  const at = podPath(object.kind);
  const { ofPods, ofTemplates, annotations } = changeOnStart(target)(asking);
  const relabelled = withLabels(object, at, object.kind === 'Pod' ? ofPods : ofTemplates);
  return notYetRunning(withMetadata(relabelled, at, 'annotations', annotations));
}

// Made once: a large mesh has tens of thousands of pods.
const changeOnStart = oncePer((target: Target) =>
  oncePer((asking: Asking) => {
    const { labels, annotations } = podChange(target, asking);
    const ofTemplates: Wanted = { ...startedWith.labels, ...labels };
    const ofPods: Wanted = { ...startedWith.labels, [label.tlsMode]: undefined, ...labels };
    return { ofPods, ofTemplates, annotations: { ...startedWith.annotations, ...annotations } };
  }),
);

/** The same as they run on a plane, whatever labels say by then: Istio has marked them (E-01, E-07). */
export function runningOn(object: ManifestObject, plane: Target): ManifestObject {
  const at = podPath(object.kind);
  if (plane === 'ambient') return withMetadata(object, at, 'annotations', { [annotation.redirection]: 'enabled' });
  // That it is there says so, whatever it says.
  const isMarked = labelsAt(object, [...at, 'metadata', 'annotations'], alreadyReported)[annotation.sidecarStatus];
  return isMarked === undefined
    ? withMetadata(object, at, 'annotations', { [annotation.sidecarStatus]: '{}' })
    : object;
}

/** A running pod shows by its containers what it started with; one that has yet to start shows nothing. */
function notYetRunning(object: ManifestObject): ManifestObject {
  const spec = asObject(object.value.spec);
  if (object.kind !== 'Pod' || spec?.nodeName === undefined) return object;
  const { nodeName: _, ...rest } = spec;
  return { ...object, value: { ...object.value, spec: rest } };
}

/** What says so already stays the very same, with all that is known of it. */
function withMetadata(
  object: ManifestObject,
  at: Path,
  field: 'labels' | 'annotations',
  wanted: Wanted,
): ManifestObject {
  const value = changed(object.value, [...at, 'metadata', field], wanted);
  return value === object.value ? object : { ...object, value };
}

function changed(value: JsonObject, path: Path, wanted: Wanted): JsonObject {
  const [step, ...rest] = path;
  if (step === undefined) return withWanted(value, wanted);
  const below = asObject(value[step]) ?? nothing;
  const changedBelow = changed(below, rest, wanted);
  return changedBelow === below ? value : { ...value, [step]: changedBelow };
}

const nothing: JsonObject = {};

function withWanted(value: JsonObject, wanted: Wanted): JsonObject {
  if (Object.keys(wanted).every((key) => value[key] === wanted[key])) return value;
  const kept = Object.entries(asLabels(value)).filter(([key]) => !(key in wanted));
  const added = Object.entries(wanted).flatMap(([key, text]): Array<[string, JsonValue]> => {
    return text === undefined ? [] : [[key, text]];
  });
  return Object.fromEntries([...kept, ...added]);
}
