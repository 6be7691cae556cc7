import type { ManifestObject } from '../parse/document.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';
import { groupBy } from '../util/order.js';
import { namespaceOf } from './fields.js';

/** An object, and the cluster that it is applied to. */
export interface ClusterObject {
  readonly cluster: string;
  readonly object: ManifestObject;
}

/** The objects of a deployment, cluster by cluster. */
export type ObjectsByCluster = ReadonlyMap<string, ObjectsByNamespace>;

/**
 * The objects of a cluster by namespace, those of cluster-scoped kinds under no name. A list is the very same for as long as it
 * holds the very same objects, so that what is read of one namespace alone is known by its list.
 */
export type ObjectsByNamespace = ReadonlyMap<string, readonly ManifestObject[]>;

export const clusterScoped: ReadonlySet<string> = new Set([
  'Namespace',
  'GatewayClass',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'APIService',
  'CustomResourceDefinition',
]);

/** The namespace of an object; none where its kind has none. */
export function homeOf(object: ManifestObject): string {
  return clusterScoped.has(object.kind) ? '' : namespaceOf(object);
}

export function sortOut(objects: readonly ClusterObject[], recall: Recall = computeAnew): ObjectsByCluster {
  return recall('objects by namespace', '', [objects], () => {
    const clusters = groupBy(objects, ({ cluster }) => cluster);
    return new Map([...clusters].map(([cluster, own]) => [cluster, byNamespace(cluster, own, recall)]));
  });
}

function byNamespace(cluster: string, objects: readonly ClusterObject[], recall: Recall): ObjectsByNamespace {
  const homes = groupBy(
    objects.map(({ object }) => object),
    homeOf,
  );
  return new Map(
    [...homes].map(([home, own]) => [home, recall('objects of', `${cluster}/${home}`, own, () => own)] as const),
  );
}

/** All of them in one list. */
export function allObjects(clusters: ObjectsByCluster): readonly ClusterObject[] {
  return [...clusters].flatMap(([cluster, homes]) =>
    [...homes.values()].flatMap((objects) => objects.map((object) => ({ cluster, object }))),
  );
}

/** Whether an object is one of them, each asked for where it has to be: one question for as long as they are the very same. */
export const isAmong = oncePerObject((clusters: ObjectsByCluster) => {
  const all = [...clusters.values()];
  return (object: ManifestObject): boolean => {
    const home = homeOf(object);
    return all.some((homes) => setOf(homes.get(home) ?? nothing).has(object));
  };
});

const nothing: readonly ManifestObject[] = [];
const setOf = oncePerObject((objects: readonly ManifestObject[]): ReadonlySet<ManifestObject> => new Set(objects));
