import { asLabels, asObject } from '../../mesh/json.js';
import type { JsonObject, JsonValue, ManifestObject, Path } from '../../parse/document.js';
import { annotation, label } from '../../topology/labels.js';
import { podPath } from '../../topology/pod-template.js';

/** Labels or annotations as they shall be; `undefined` takes one away. */
export type Wanted = Readonly<Record<string, string | undefined>>;

/** The plane that a migration leads to. */
export const targets = ['ambient', 'sidecar'] as const;
export type Target = (typeof targets)[number];

/** What a namespace says once its pods are to start on the other plane (E-01, E-23). */
export function namespaceLabels(target: Target): Wanted {
  return target === 'ambient'
    ? { [label.dataplaneMode]: 'ambient', [label.injection]: undefined, [label.revision]: undefined }
    : { [label.dataplaneMode]: undefined, [label.injection]: 'enabled' };
}

/** A pod's own labels beat its namespace's, so those that ask for the plane it leaves have to go as well (E-03, E-20). */
export function podLabels(target: Target): Wanted {
  return target === 'ambient'
    ? { [label.inject]: undefined, [label.revision]: undefined }
    : { [label.dataplaneMode]: undefined, [label.inject]: undefined };
}

/** What Istio writes on a pod when it starts, and what a pod that starts anew has no longer. */
const startedWith: Wanted = {
  [annotation.sidecarStatus]: undefined,
  [annotation.redirection]: undefined,
  [annotation.inject]: undefined,
};

export function withLabels(object: ManifestObject, at: Path, wanted: Wanted): ManifestObject {
  return withMetadata(object, at, 'labels', wanted);
}

export function withAnnotations(object: ManifestObject, at: Path, wanted: Wanted): ManifestObject {
  return withMetadata(object, at, 'annotations', wanted);
}

/** A pod, or what makes pods, as its pods are once they have started on the other plane. */
export function startedOn(object: ManifestObject, target: Target): ManifestObject {
  const at = podPath(object.kind);
  const relabelled = withAnnotations(withLabels(object, at, { ...podLabels(target), ...notRunning }), at, startedWith);
  return object.kind === 'Pod' ? withoutProxy(relabelled) : relabelled;
}

/** The injector writes it on pods that it gave a sidecar that listens on HBONE (E-24). */
const notRunning: Wanted = { [label.tunnel]: undefined };

/** A running pod shows by its containers what it started with; one that has yet to start shows nothing. */
function withoutProxy(pod: ManifestObject): ManifestObject {
  const spec = asObject(pod.value.spec);
  if (spec?.nodeName === undefined) return pod;
  const { nodeName: _, ...rest } = spec;
  return { ...pod, value: { ...pod.value, spec: rest } };
}

function withMetadata(
  object: ManifestObject,
  at: Path,
  field: 'labels' | 'annotations',
  wanted: Wanted,
): ManifestObject {
  return { ...object, value: changed(object.value, [...at, 'metadata', field], wanted) };
}

function changed(value: JsonObject, path: Path, wanted: Wanted): JsonObject {
  const [step, ...rest] = path;
  if (step === undefined) return withWanted(value, wanted);
  return { ...value, [step]: changed(asObject(value[step]) ?? {}, rest, wanted) };
}

function withWanted(value: JsonObject, wanted: Wanted): JsonObject {
  const entries: Array<readonly [string, JsonValue]> = Object.entries(asLabels(value)).filter(
    ([key]) => !(key in wanted),
  );
  for (const [key, text] of Object.entries(wanted)) if (text !== undefined) entries.push([key, text]);
  return Object.fromEntries(entries);
}
