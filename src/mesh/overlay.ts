import type { JsonObject, JsonValue, ManifestObject } from '../parse/document.js';
import type { ClusterObject } from '../topology/build-topology.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';
import { asObject } from './json.js';

/**
 * Applies objects over others as a server-side apply does: an object that exists keeps the fields of which the emitted
 * one does not speak, so a Service of labels alone adds its labels. Gateways and policies are wholly of who emits
 * them, and are replaced.
 */
export function overlay(
  given: readonly ClusterObject[],
  emitted: readonly ClusterObject[],
  recall: Recall = computeAnew,
): readonly ClusterObject[] {
  // Pods are most of a live cluster, and nothing is written over them: only kinds that are emitted are looked up.
  const kinds = new Set(emitted.map(({ object }) => object.kind));
  const objects = new Map(given.filter(({ object }) => kinds.has(object.kind)).map((each) => [keyOf(each), each]));
  for (const each of emitted) {
    const key = keyOf(each);
    const known = objects.get(key);
    const inputs = [known?.object, each.object];
    objects.set(key, known ? recall(`overlaid ${key}`, inputs, () => apply(known, each)) : each);
  }
  return [...given.filter(({ object }) => !kinds.has(object.kind)), ...objects.values()];
}

/** Kinds that nobody else writes into. */
const replaced: ReadonlySet<string> = new Set([
  'Gateway',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
]);

function apply(existing: ClusterObject, emitted: ClusterObject): ClusterObject {
  if (replaced.has(emitted.object.kind)) return emitted;
  const value = merge(existing.object.value, emitted.object.value);
  return { ...existing, object: { ...existing.object, value } };
}

/** Mappings are merged field by field; anything else is taken from the emitted object. */
function merge(existing: JsonObject, emitted: JsonObject): JsonObject {
  const fields = Object.entries(emitted).map(([key, value]): [string, JsonValue] => {
    const [before, after] = [asObject(existing[key]), asObject(value)];
    return [key, before !== undefined && after !== undefined ? merge(before, after) : value];
  });
  return { ...existing, ...Object.fromEntries(fields) };
}

/** One object whatever the version of its API group that a manifest was written for. */
const keyOf = oncePerObject(({ cluster, object }: ClusterObject): string => {
  const { apiVersion, kind, name } = object;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return [cluster, group, kind, namespaceOf(object), name].join('\n');
});

/** Cluster-scoped kinds have none; elsewhere an absent namespace is `default`. */
function namespaceOf({ kind, namespace }: ManifestObject): string {
  return namespace ?? (kind === 'Namespace' || kind === 'GatewayClass' ? '' : 'default');
}
