import type { ManifestObject } from '../parse/document.js';
import type { ClusterSettings, LabelSelector } from '../parse/mesh.js';
import { compareText } from '../util/order.js';
import { labelsAt, type Report } from './fields.js';
import { matchesSelector } from './label-selector.js';
import { label } from './labels.js';
import type { Namespace } from './model.js';
import { type Reading, readAgain } from './reading.js';

/**
 * Every namespace that is declared or used, sorted by name. Each carries the label that the API server adds to it,
 * because selectors of `allowedRoutes` and NetworkPolicy are usually written against that one.
 */
export function readNamespaces(
  { name: cluster, istio: { discoverySelectors } }: ClusterSettings,
  declared: readonly ManifestObject[],
  used: Iterable<string>,
  reading: Reading,
): ReadonlyMap<string, Namespace> {
  const objects = new Map(declared.map((object) => [object.name, object]));
  const names = [...new Set([...objects.keys(), ...used])].sort(compareText);
  const namespaces = names.map((name) => {
    const object = objects.get(name);
    return readAgain(reading, 'namespace', `${cluster}/${name}`, [discoverySelectors, object], (report): Namespace => {
      const namespace = readNamespace(cluster, name, object, report);
      return { ...namespace, isWatched: isWatched(namespace, discoverySelectors) };
    });
  });
  return reading.recall(
    'namespaces of',
    cluster,
    namespaces,
    () => new Map(namespaces.map((namespace) => [namespace.name, namespace])),
  );
}

/** A namespace of which nothing is known but that something is in it that makes pods. */
export function unknownNamespace(cluster: string, name: string): Namespace {
  return { cluster, name, labels: {}, annotations: {}, object: undefined, isWatched: undefined };
}

/** A namespace is watched that one of the selectors selects, and each is where there are none. */
function isWatched({ object, labels }: Unwatched, selectors: readonly LabelSelector[]): boolean | undefined {
  if (selectors.length === 0) return true;
  return object === undefined ? undefined : selectors.some((selector) => matchesSelector(selector, labels));
}

type Unwatched = Omit<Namespace, 'isWatched'>;

function readNamespace(cluster: string, name: string, object: ManifestObject | undefined, report: Report): Unwatched {
  const labels = object === undefined ? {} : labelsAt(object, ['metadata', 'labels'], report);
  const annotations = object === undefined ? {} : labelsAt(object, ['metadata', 'annotations'], report);
  return { cluster, name, labels: { ...labels, [label.namespaceName]: name }, annotations, object };
}
