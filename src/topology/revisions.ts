import type { ManifestObject } from '../parse/document.js';
import type { IstioSettings } from '../parse/mesh.js';
import { itemsAt, labelsAt, type Report, textAt } from './fields.js';
import { label } from './labels.js';
import type { Revisions } from './model.js';

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
  const injecting = new Set([settings.revision, ...webhooks.flatMap((webhook) => revisionsOf(webhook, report))]);
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
