import type { ManifestObject } from '../parse/document.js';
import { oncePerObject } from '../util/once.js';
import type { State } from './change.js';

/** The objects of a state, each by what it is called. */
export const objectsOf = oncePerObject(({ objects }: State): ReadonlyMap<string, ManifestObject> => {
  return new Map(objects.map(({ cluster, object }) => [objectKey(cluster, object), object]));
});

type Named = Pick<ManifestObject, 'kind' | 'namespace' | 'name'>;

/** Without its API version, which may be another for the same object; of a kind that two groups have, the later one counts. */
export function objectKey(cluster: string, { kind, namespace, name }: Named): string {
  return [cluster, kind, isOfCluster.has(kind) ? '' : (namespace ?? 'default'), name].join('\n');
}

const isOfCluster: ReadonlySet<string> = new Set(['Namespace', 'GatewayClass']);
