import type { ManifestObject } from '../parse/document.js';
import { compareText } from '../util/order.js';
import { labelsAt, type Report } from './fields.js';
import { label } from './labels.js';
import type { Namespace } from './model.js';

/**
 * Every namespace that is declared or used, sorted by name. Each carries the label that the API server adds to it,
 * because selectors of `allowedRoutes` and NetworkPolicy are usually written against that one.
 */
export function readNamespaces(
  cluster: string,
  declared: readonly ManifestObject[],
  used: Iterable<string>,
  report: Report,
): ReadonlyMap<string, Namespace> {
  const objects = new Map(declared.map((object) => [object.name, object]));
  const names = [...new Set([...objects.keys(), ...used])].sort(compareText);
  return new Map(names.map((name) => [name, readNamespace(cluster, name, objects.get(name), report)]));
}

function readNamespace(cluster: string, name: string, object: ManifestObject | undefined, report: Report): Namespace {
  const labels = object === undefined ? {} : labelsAt(object, ['metadata', 'labels'], report);
  const annotations = object === undefined ? {} : labelsAt(object, ['metadata', 'annotations'], report);
  return { cluster, name, labels: { ...labels, [label.namespaceName]: name }, annotations, object };
}
