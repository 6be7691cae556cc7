import type { ManifestObject } from '../parse/document.js';
import type { IstioSettings } from '../parse/mesh.js';
import { itemsAt, labelsAt, namespaceOf, type Report, textAt } from './fields.js';
import { label } from './labels.js';
import type { Namespace, Revisions } from './model.js';

/**
 * The revisions and tags of a cluster: the one that the mesh settings name, and those that the manifests install as
 * webhooks or, since 1.28, as Services (E-31).
 */
export function readRevisions(
  settings: IstioSettings,
  webhooks: readonly ManifestObject[],
  services: readonly ManifestObject[],
  report: Report,
): Revisions {
  const injecting = new Set([
    settings.revision,
    ...settings.tags,
    ...webhooks.flatMap((webhook) => revisionsOf(webhook, report)),
  ]);
  const tags = services.flatMap((service) => labelsAt(service, ['metadata', 'labels'], report)[label.tag] ?? []);
  const webhookNames = webhooks.flatMap((webhook) =>
    itemsAt(webhook, ['webhooks'], report).flatMap((item) => textAt(webhook, [...item, 'name'], report) ?? []),
  );
  return {
    known: new Set([...injecting, ...tags]),
    injecting,
    injectsByDefault: webhookNames.some((name) => name.startsWith('auto.sidecar-injector.istio.io')),
  };
}

/** Other webhooks of the cluster carry neither label. */
function revisionsOf(webhook: ManifestObject, report: Report): readonly string[] {
  const labels = labelsAt(webhook, ['metadata', 'labels'], report);
  return [labels[label.revision], labels[label.tag]].filter((name) => name !== undefined);
}

/**
 * Whether some istiod takes an object for its own, by the label of the object or else of its namespace; the revision
 * that it asks for where none does (E-30). Which of several istiods it is does not matter here.
 */
export function isServed(
  object: ManifestObject,
  namespaces: ReadonlyMap<string, Namespace>,
  { known }: Revisions,
  report: Report,
): true | string {
  const own = labelsAt(object, ['metadata', 'labels'], report)[label.revision];
  const asked = own ?? namespaces.get(namespaceOf(object))?.labels[label.revision] ?? '';
  return asked === '' || known.has(asked) || asked;
}
