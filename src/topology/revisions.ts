import type { ManifestObject } from '../parse/document.js';
import type { IstioSettings } from '../parse/mesh.js';
import { alreadyReported, itemsAt, labelsAt, namespaceOf, type Report, textAt } from './fields.js';
import { label } from './labels.js';
import type { Cluster, Namespace, Revisions, Workload } from './model.js';

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
    ...settings.otherRevisions.map(({ name }) => name),
    ...webhooks.flatMap((webhook) => revisionsOf(webhook, report)),
  ]);
  const tags = services.flatMap((service) => labelsAt(service, ['metadata', 'labels'], report)[label.tag] ?? []);
  const webhookNames = webhooks.flatMap((webhook) =>
    itemsAt(webhook, ['webhooks'], report).flatMap((item) => textAt(webhook, [...item, 'name'], report) ?? []),
  );
  return {
    known: new Set([...injecting, ...tags]),
    injecting,
    behind: revisionsBehindTags([...webhooks, ...services], report),
    injectsByDefault: webhookNames.some((name) => name.startsWith('auto.sidecar-injector.istio.io')),
  };
}

/** The revision behind each tag: webhooks and Services of a tag carry both as labels (E-31). */
export function revisionsBehindTags(objects: readonly ManifestObject[], report: Report): ReadonlyMap<string, string> {
  const tags = objects.flatMap((object): ReadonlyArray<readonly [string, string]> => {
    const { [label.tag]: tag, [label.revision]: revision } = labelsAt(object, ['metadata', 'labels'], report);
    return tag === undefined || revision === undefined ? [] : [[tag, revision]];
  });
  return new Map(tags);
}

/** The control plane that injects a workload: by the label of its namespace, or else of its own (E-21). */
export function injectingRevision(
  { namespace, labels }: Pick<Workload, 'namespace' | 'labels'>,
  { namespaces, revisions }: Pick<Cluster, 'namespaces' | 'revisions'>,
): string {
  const around = namespaces.get(namespace)?.labels ?? {};
  const named = around[label.injection] === undefined ? (around[label.revision] ?? labels[label.revision]) : undefined;
  return behind(named, revisions);
}

/** The control plane that deploys the pods of a Gateway: by its own label, or else that of its namespace (E-30). */
export function deployingRevision(
  object: ManifestObject,
  { namespaces, revisions }: Pick<Cluster, 'namespaces' | 'revisions'>,
): string {
  return behind(revisionAsked(object, namespaces, alreadyReported), revisions);
}

function behind(asked: string | undefined, revisions: Revisions): string {
  const name = asked || 'default';
  return revisions.behind.get(name) ?? name;
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
  const asked = revisionAsked(object, namespaces, report) ?? '';
  return asked === '' || known.has(asked) || asked;
}

function revisionAsked(object: ManifestObject, namespaces: ReadonlyMap<string, Namespace>, report: Report) {
  const own = labelsAt(object, ['metadata', 'labels'], report)[label.revision];
  return own ?? namespaces.get(namespaceOf(object))?.labels[label.revision];
}
