import type { JsonObject, JsonValue } from '../../../src/parse/document.js';
import { type CrdSchema, walk } from './crd-schema.js';
import { isList, isObject } from './json.js';

/** Items of a `map` list differ in their keys, items of a `set` list in their values. */
export function checkLists(object: JsonObject, schema: CrdSchema): readonly string[] {
  const violations: string[] = [];
  walk(object, schema, '', (value, place, path) => {
    if (isList(value)) violations.push(...duplicates(value, place, path));
  });
  return violations;
}

function duplicates(items: readonly JsonValue[], schema: CrdSchema, path: string): readonly string[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'map' && type !== 'set') return [];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const identities = items.map((item) => JSON.stringify(type === 'set' ? item : keys.map((key) => fieldOf(item, key))));
  return identities.flatMap((identity, index) =>
    identities.indexOf(identity) < index ? [`${path}[${index}]: duplicate value ${identity}`] : [],
  );
}

function fieldOf(item: JsonValue, key: string): JsonValue {
  return isObject(item) ? (item[key] ?? null) : null;
}
