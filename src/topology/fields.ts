import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type JsonObject, type JsonValue, type ManifestObject, type Path, spanIn } from '../parse/document.js';
import type { Labels } from './model.js';

/** Where a reader says what is wrong with the text it reads. */
export type Report = (diagnostic: Diagnostic) => void;

/** For a second look at a field: what is wrong with it was said when it was first read. */
export const alreadyReported: Report = () => {};

/** An object's namespace; `default` where the manifest names none, as `kubectl apply` without `-n` would do. */
export function namespaceOf(object: ManifestObject): string {
  return object.namespace ?? 'default';
}

/** How messages name an object: "Service `shop/web`". */
export function describe(object: ManifestObject): string {
  const name = object.namespace === undefined ? object.name : `${object.namespace}/${object.name}`;
  return `${object.kind} \`${name}\``;
}

/**
 * The value at `path`; `undefined` where the manifest is silent. A step through something that is neither mapping
 * nor list is a wrong-typed manifest, which the API server would refuse.
 */
function valueAt(object: ManifestObject, path: Path, report: Report): JsonValue | undefined {
  let value: JsonValue | undefined = object.value;
  for (let depth = 0; depth < path.length; depth++) {
    const step = path[depth];
    if (value === null || value === undefined || step === undefined) return undefined;
    if (typeof step === 'number' && isList(value)) value = value[step];
    else if (typeof step === 'string' && isMapping(value)) value = value[step];
    else {
      reportWrongType(object, path.slice(0, depth), typeof step === 'number' ? 'a list' : 'a mapping', value, report);
      return undefined;
    }
  }
  return value ?? undefined;
}

/** The text at `path`; anything else there is a wrong type. Likewise below. */
export function textAt(object: ManifestObject, path: Path, report: Report): string | undefined {
  return checkedAt(object, path, 'text', isText, report);
}

export function booleanAt(object: ManifestObject, path: Path, report: Report): boolean | undefined {
  return checkedAt(object, path, 'true or false', isBoolean, report);
}

export function integerAt(object: ManifestObject, path: Path, report: Report): number | undefined {
  return checkedAt(object, path, 'a whole number', isInteger, report);
}

/** A port given by number or by name, as `targetPort` may be. */
export function portAt(object: ManifestObject, path: Path, report: Report): number | string | undefined {
  return checkedAt(object, path, 'a whole number or text', isPort, report);
}

/** The paths of a list's items; none where the list is absent. */
export function itemsAt(object: ManifestObject, path: Path, report: Report): readonly Path[] {
  const list = checkedAt(object, path, 'a list', isList, report);
  return list === undefined ? [] : list.map((_, index) => [...path, index]);
}

export function textsAt(object: ManifestObject, path: Path, report: Report): readonly string[] {
  return itemsAt(object, path, report).flatMap((item) => textAt(object, item, report) ?? []);
}

export function mappingAt(object: ManifestObject, path: Path, report: Report): JsonObject | undefined {
  return checkedAt(object, path, 'a mapping', isMapping, report);
}

/** A mapping of text to text: labels, annotations, selectors. */
export function labelsAt(object: ManifestObject, path: Path, report: Report): Labels {
  const mapping = mappingAt(object, path, report);
  if (mapping === undefined) return {};
  if (Object.values(mapping).every(isText)) return mapping as Labels;
  return Object.fromEntries(
    Object.keys(mapping).flatMap((key) => {
      const text = textAt(object, [...path, key], report);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

function checkedAt<T extends JsonValue>(
  object: ManifestObject,
  path: Path,
  expected: string,
  matches: (value: JsonValue) => value is T,
  report: Report,
): T | undefined {
  const value = valueAt(object, path, report);
  if (value === undefined) return undefined;
  if (matches(value)) return value;
  reportWrongType(object, path, expected, value, report);
  return undefined;
}

function reportWrongType(
  object: ManifestObject,
  path: Path,
  expected: string,
  actual: JsonValue,
  report: Report,
): void {
  const parameters = { field: path.join('.'), object: describe(object), expected, actual: typeName(actual) };
  report(diagnostic('wrong-field-type', parameters, spanIn(object, path)));
}

function typeName(value: JsonValue): string {
  if (value === null) return 'empty';
  if (isList(value)) return 'a list';
  if (isMapping(value)) return 'a mapping';
  if (isText(value)) return 'text';
  return isBoolean(value) ? 'true or false' : 'a number';
}

function isText(value: JsonValue): value is string {
  return typeof value === 'string';
}

function isBoolean(value: JsonValue): value is boolean {
  return typeof value === 'boolean';
}

function isInteger(value: JsonValue): value is number {
  return Number.isInteger(value);
}

function isPort(value: JsonValue): value is number | string {
  return isText(value) || isInteger(value);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isMapping(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
