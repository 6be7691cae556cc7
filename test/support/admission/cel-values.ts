import type { CelInput } from '@bufbuild/cel';
import type { JsonObject, JsonValue } from '../../../src/parse/document.js';
import { type CrdSchema, childSchema } from './crd-schema.js';

/**
 * A value as CEL sees it. The schema decides, not the value: an `integer` is an int, a `number` a double, and property
 * names are escaped while the keys of a map are not.
 */
export function toCel(value: JsonValue, schema: CrdSchema | undefined): CelInput {
  if (typeof value === 'number') return isInteger(value, schema) ? BigInt(value) : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => toCel(item, schema?.items));
  const entries = Object.entries(value as JsonObject).filter(([, child]) => child !== null);
  return new Map(
    entries.map(([key, child]) => [nameOf(key, schema), toCel(child, schema && childSchema(schema, key))]),
  );
}

function isInteger(value: number, schema: CrdSchema | undefined): boolean {
  return Number.isInteger(value) && schema?.type !== 'number';
}

function nameOf(key: string, schema: CrdSchema | undefined): string {
  return schema?.properties?.[key] === undefined ? key : escapeProperty(key);
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

function escapeProperty(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name.replace(/__|[./-]/g, (part) => escapes[part] ?? part);
}
