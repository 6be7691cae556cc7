import type { JsonObject, JsonValue, ManifestObject } from '../parse/document.js';
import type { ObjectsByCluster, ObjectsByNamespace } from '../topology/objects-by-namespace.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';
import { asObject } from './json.js';

/**
 * Applies objects over others as a server-side apply does: an object that exists keeps the fields of which the emitted
 * one does not speak, so a Service of labels alone adds its labels. Gateways and policies are wholly of who emits
 * them, and are replaced.
 */
export function overlay(
  given: ObjectsByCluster,
  emitted: ObjectsByCluster,
  recall: Recall = computeAnew,
): ObjectsByCluster {
  const clusters = new Set([...given.keys(), ...emitted.keys()]);
  return new Map(
    [...clusters].map((name) => [name, overCluster(name, given.get(name), emitted.get(name), recall)] as const),
  );
}

function overCluster(
  cluster: string,
  given: ObjectsByNamespace = new Map(),
  emitted: ObjectsByNamespace = new Map(),
  recall: Recall,
): ObjectsByNamespace {
  const applied = [...emitted].map(([namespace, objects]) => {
    const place = `${cluster}/${namespace}`;
    const before = given.get(namespace) ?? nothing;
    return [
      namespace,
      recall('applied over', place, [before, objects], () => overNamespace(place, before, objects, recall)),
    ] as const;
  });
  return new Map([...given, ...applied]);
}

const nothing: readonly ManifestObject[] = [];

function overNamespace(
  place: string,
  given: readonly ManifestObject[],
  emitted: readonly ManifestObject[],
  recall: Recall,
): readonly ManifestObject[] {
  // Pods are most of a live cluster, and nothing is written over them: only kinds that are emitted are looked up.
  const kinds = new Set(emitted.map(({ kind }) => kind));
  const objects = new Map(given.filter(({ kind }) => kinds.has(kind)).map((each) => [keyOf(each), each]));
  for (const each of emitted) {
    const key = keyOf(each);
    const known = objects.get(key);
    objects.set(key, known ? recall('overlaid in', `${place} ${key}`, [known, each], () => apply(known, each)) : each);
  }
  return [...given.filter(({ kind }) => !kinds.has(kind)), ...objects.values()];
}

/** Kinds that nobody else writes into. */
const replaced: ReadonlySet<string> = new Set([
  'Gateway',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
]);

function apply(existing: ManifestObject, emitted: ManifestObject): ManifestObject {
  if (replaced.has(emitted.kind)) return emitted;
  return { ...existing, value: merge(existing.value, emitted.value) };
}

/** Mappings are merged field by field; anything else is taken from the emitted object. */
function merge(existing: JsonObject, emitted: JsonObject): JsonObject {
  const fields = Object.entries(emitted).map(([key, value]): [string, JsonValue] => {
    const [before, after] = [asObject(existing[key]), asObject(value)];
    return [key, before !== undefined && after !== undefined ? merge(before, after) : value];
  });
  return { ...existing, ...Object.fromEntries(fields) };
}

/** One object of a namespace whatever the version of its API group that a manifest was written for. */
const keyOf = oncePerObject(({ apiVersion, kind, name }: ManifestObject): string => {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return [group, kind, name].join('\n');
});
