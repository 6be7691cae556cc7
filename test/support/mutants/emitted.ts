import { dump, load } from 'js-yaml';
import type { AppliedFile } from '../../../src/mesh/applied.js';
import type { JsonObject, JsonValue } from '../../../src/parse/document.js';

/** One object that Ambit emits, ready to be changed. */
export interface Emitted {
  readonly path: string;
  readonly text: string;
  readonly value: JsonObject;
}

export function emittedOf({ path, text }: AppliedFile): Emitted {
  return { path, text, value: load(text) as JsonObject };
}

/** The same file with another object in it. */
export function withValue({ path }: Emitted, value: JsonObject): Emitted {
  return { path, text: dump(value, { noRefs: true, lineWidth: -1 }), value };
}

export type Way = ReadonlyArray<string | number>;

/** The value at a place; `undefined` where there is none. */
export function at(value: JsonValue | undefined, way: Way): JsonValue | undefined {
  return way.reduce<JsonValue | undefined>((found, key) => childOf(found, key), value);
}

function childOf(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Array.isArray(value) ? value[Number(key)] : objectOf(value)[key];
}

/** A copy with another value at a place, whose parents are made where they are missing. */
export function put(value: JsonValue | undefined, way: Way, replacement: JsonValue | undefined): JsonValue {
  const [key, ...rest] = way;
  if (key === undefined) return replacement ?? null;
  const child = rest.length === 0 ? replacement : put(childOf(value, key), rest, replacement);
  if (Array.isArray(value)) {
    return value.flatMap((item: JsonValue, index) => (index === key ? (child === undefined ? [] : [child]) : [item]));
  }
  const { [key]: _, ...others } = objectOf(value);
  return child === undefined ? others : { ...objectOf(value), [key]: child };
}

/** A copy without the value at a place. */
export function cut(value: JsonValue, way: Way): JsonValue {
  return put(value, way, undefined);
}

export function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

export function textsOf(value: JsonValue | undefined): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

export function kindOf({ value }: Emitted): string {
  return String(value.kind);
}

export function nameOf({ value }: Emitted): string {
  return String(at(value, ['metadata', 'name']));
}

export function namespaceOf({ value }: Emitted): string {
  return String(at(value, ['metadata', 'namespace']));
}

export function clusterOf({ path }: Emitted): string {
  return path.slice(0, path.indexOf('/'));
}
