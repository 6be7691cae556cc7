import type { JsonValue } from '../../../src/parse/document.js';

/** The part of a CRD's openAPIV3Schema that is read here by name; every other keyword goes to ajv as it is. */
export interface CrdSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, CrdSchema>>;
  readonly items?: CrdSchema;
  readonly additionalProperties?: CrdSchema | boolean;
  readonly default?: JsonValue;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'map' | 'set';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly CelRule[];
  readonly [keyword: string]: unknown;
}

export interface CelRule {
  readonly rule: string;
  readonly message?: string;
}

/** The schema of a property, a map's value or a list's item. */
export function childSchema(schema: CrdSchema, key: string | number): CrdSchema | undefined {
  if (typeof key === 'number') return schema.items;
  const property = schema.properties?.[key];
  if (property !== undefined) return property;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

/** Calls `visit` for a value and everything below it that its schema knows, each with its path. */
export function walk(
  value: JsonValue,
  schema: CrdSchema,
  path: string,
  visit: (value: JsonValue, schema: CrdSchema, path: string) => void,
): void {
  if (value === null) return;
  visit(value, schema, path);
  if (typeof value !== 'object') return;
  const list = Array.isArray(value);
  for (const [key, child] of Object.entries(value)) {
    const below = childSchema(schema, list ? Number(key) : key);
    if (below !== undefined) walk(child, below, list ? `${path}[${key}]` : join(path, key), visit);
  }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
