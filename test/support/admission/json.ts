import type { JsonObject, JsonValue } from '../../../src/parse/document.js';

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The object at a field; an empty one where there is none. */
export function objectAt(parent: JsonObject, field: string): JsonObject {
  const value = parent[field];
  return isObject(value) ? value : {};
}

/** The items of a field that are objects, each with the path that a message names. */
export function objectsAt(parent: JsonObject, field: string, path: string): readonly Placed<JsonObject>[] {
  return itemsAt(parent, field, path).flatMap(({ path: place, value }) =>
    isObject(value) ? [{ path: place, value }] : [],
  );
}

/** The items of a field that are text, each with the path that a message names. */
export function textsAt(parent: JsonObject, field: string, path: string): readonly Placed<string>[] {
  return itemsAt(parent, field, path).flatMap(({ path: place, value }) =>
    typeof value === 'string' ? [{ path: place, value }] : [],
  );
}

export interface Placed<T> {
  readonly path: string;
  readonly value: T;
}

function itemsAt(parent: JsonObject, field: string, path: string): readonly Placed<JsonValue>[] {
  const value = parent[field];
  if (!isList(value)) return [];
  return value.map((item, index) => ({ path: `${path}.${field}[${index}]`, value: item }));
}
