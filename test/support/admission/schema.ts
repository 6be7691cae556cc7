import { isIP } from 'node:net';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { JsonObject, JsonValue } from '../../../src/parse/document.js';
import type { CrdSchema } from './crd-schema.js';
import { isList, isObject } from './json.js';

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  formats: {
    int32: { type: 'number', validate: (value) => Math.abs(value) <= 2 ** 31 && value !== 2 ** 31 },
    int64: { type: 'number', validate: Number.isInteger },
    double: true,
    float: true,
    byte: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'date-time': /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/,
    ipv4: (text: string) => isIP(text) === 4,
    ipv6: (text: string) => isIP(text) === 6,
  },
});

const compiled = new WeakMap<CrdSchema, ValidateFunction>();

/** An object fits its CRD's schema, and has no field that the schema does not know. Compiled on a kind's first use. */
export function checkSchema(object: JsonObject, schema: CrdSchema): readonly string[] {
  const validate = compiled.get(schema) ?? ajv.compile(rootSchema(schema));
  compiled.set(schema, validate);
  return validate(object) ? [] : (validate.errors ?? []).map(describeError);
}

function describeError({ instancePath, message, params }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  const field = 'additionalProperty' in params ? ` \`${params.additionalProperty}\`` : '';
  return `${path}: ${message}${field}`;
}

/** Every object has these three, whether its CRD says so or not; `metadata` is checked by checkMetadata. */
function rootSchema(schema: CrdSchema): Record<string, unknown> {
  const converted = toJsonSchema(schema, true);
  const properties = { ...(converted.properties as object), apiVersion: {}, kind: {}, metadata: {} };
  return { ...converted, properties };
}

const dropped = new Set(['description', 'default', 'nullable', 'title', 'externalDocs', 'example']);
const schemaMaps = new Set(['properties']);
const schemaLists = new Set(['allOf', 'anyOf', 'oneOf']);

/** `structural` parts close their objects; parts below `anyOf`, `not` and the like only add constraints. */
function toJsonSchema(schema: CrdSchema, structural: boolean): Record<string, unknown> {
  const kept = Object.entries(schema).filter(([key]) => !dropped.has(key) && !key.startsWith('x-kubernetes-'));
  const converted = Object.fromEntries(kept.map(([key, value]) => [key, convertKeyword(key, value, structural)]));
  return {
    ...converted,
    ...(schema.nullable && schema.type !== undefined && { type: [schema.type, 'null'] }),
    ...(schema['x-kubernetes-int-or-string'] && { anyOf: [{ type: 'integer' }, { type: 'string' }] }),
    ...(structural && isClosed(schema) && { additionalProperties: false }),
  };
}

function convertKeyword(key: string, value: unknown, structural: boolean): unknown {
  if (schemaMaps.has(key)) return mapValues(value as Record<string, CrdSchema>, (one) => toJsonSchema(one, structural));
  if (schemaLists.has(key)) return (value as CrdSchema[]).map((one) => toJsonSchema(one, false));
  if (key === 'not') return toJsonSchema(value as CrdSchema, false);
  if (key === 'items') return toJsonSchema(value as CrdSchema, structural);
  if (key === 'additionalProperties' && typeof value === 'object') return toJsonSchema(value as CrdSchema, structural);
  return value;
}

function isClosed(schema: CrdSchema): boolean {
  return (
    schema.type === 'object' &&
    schema.additionalProperties === undefined &&
    schema['x-kubernetes-preserve-unknown-fields'] !== true
  );
}

/** Fills in the `default`s of absent fields, outermost first, as the API server does before it validates. */
export function withDefaults(value: JsonValue, schema: CrdSchema): JsonValue {
  if (isList(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => withDefaults(item, items));
  }
  if (!isObject(value)) return value;
  const { properties = {}, additionalProperties } = schema;
  const absent = Object.entries(properties).filter(([key, one]) => one.default !== undefined && !(key in value));
  const filled = { ...value, ...Object.fromEntries(absent.map(([key, one]) => [key, one.default as JsonValue])) };
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return mapValues(filled, (child, key) => {
    const below = properties[key] ?? others;
    return below === undefined ? child : withDefaults(child, below);
  });
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
