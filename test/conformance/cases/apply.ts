import { parseAllDocuments } from 'yaml';
import type { JsonObject, JsonValue } from '../../../src/parse/document.js';

/*
 * What stands in a cluster after an output is applied, said a second time: neither YAML nor the merge is taken from the
 * code that is judged.
 */

/** The objects of a stream, those of lists one by one. */
export function objectsOf(text: string): JsonObject[] {
  return parseAllDocuments(text, { merge: true }).flatMap((document) => itemsOf(document.toJS() as JsonValue));
}

function itemsOf(value: JsonValue): JsonObject[] {
  if (!isObject(value) || typeof value.kind !== 'string') return [];
  const { kind, apiVersion, items } = value;
  if (!kind.endsWith('List') || !Array.isArray(items)) return [value];
  return items.flatMap((item) => itemsOf({ apiVersion: apiVersion ?? null, kind: kind.slice(0, -4), ...item }));
}

/** Applies emitted objects over given ones; what Ambit wrote before and would no longer write is pruned first. */
export function applied(given: readonly JsonObject[], emitted: readonly JsonObject[]): readonly JsonObject[] {
  const kept = given.filter((object) => !(pruned.has(String(object.kind)) && isManaged(object)));
  const objects = new Map<string, JsonObject>();
  for (const object of [...kept, ...emitted]) {
    const before = objects.get(keyOf(object));
    objects.set(keyOf(object), before === undefined ? object : (merge(before, object) as JsonObject));
  }
  return [...objects.values()];
}

const pruned: ReadonlySet<string> = new Set(['AuthorizationPolicy', 'PeerAuthentication', 'Gateway']);

function isManaged({ metadata }: JsonObject): boolean {
  return Object(Object(metadata).labels)['app.kubernetes.io/managed-by'] === 'ambit';
}

const clusterScoped: ReadonlySet<string> = new Set([
  'APIService',
  'CustomResourceDefinition',
  'GatewayClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'ValidatingWebhookConfiguration',
]);

function keyOf({ apiVersion, kind, metadata }: JsonObject): string {
  const { name, namespace = 'default' } = Object(metadata);
  const group = String(apiVersion).split('/').slice(0, -1).join('/');
  return [group, kind, clusterScoped.has(String(kind)) ? '' : namespace, name].join('|');
}

/** Maps are merged, everything else is replaced. */
function merge(before: JsonValue, after: JsonValue): JsonValue {
  if (!isObject(before) || !isObject(after)) return after;
  const fields = Object.entries(after).map(([key, value]): [string, JsonValue] => {
    const old = before[key];
    return [key, old === undefined ? value : merge(old, value)];
  });
  return { ...before, ...Object.fromEntries(fields) };
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
