import type { Diagnostic, SourceFile, Span } from '../diagnostics/diagnostic.js';
import type { JsonObject, JsonValue, ManifestObject, Path } from '../parse/document.js';
import { isWithin } from '../parse/document.js';
import { readObjects } from '../parse/read-objects.js';
import { readYaml } from '../parse/read-yaml.js';
import { oncePerObject } from '../util/once.js';
import { compareText } from '../util/order.js';

/** Where a finding is, in words that no other line of the file can change. */
export interface Place {
  /** `Kind/namespace/name`; `undefined` where the finding is about no object of a file. */
  readonly object: string | undefined;
  readonly namespace: string | undefined;
  /** `spec.rules[].to[].operation.methods`; items are known by their name, if they have one. */
  readonly field: string;
  /** What is written there, as far as it belongs to the finding alone: an item without a name, or a single value. */
  readonly text: string;
}

const nowhere: Place = { object: undefined, namespace: undefined, field: '', text: '' };

export function placeOf({ span }: Pick<Diagnostic, 'span'>): Place {
  if (span === null) return nowhere;
  const object = objectAt(span);
  if (object === undefined) return nowhere;
  const path = object.document.pathOf(span).slice(object.path.length);
  return {
    object: nameOf(object),
    namespace: object.kind === 'Namespace' ? object.name : object.namespace,
    field: fieldOf(object.value, path),
    text: textOf(object.value, path),
  };
}

function nameOf({ kind, namespace, name }: Pick<ManifestObject, 'kind' | 'namespace' | 'name'>): string {
  return [kind, ...(namespace === undefined ? [] : [namespace]), name].join('/');
}

function objectAt(span: Span): ManifestObject | undefined {
  return objectsOf(span.file).find(({ document, path }) => {
    if (span.start < document.start || span.start >= document.end) return false;
    return path.length === 0 || isWithin(document.pathOf(span), path);
  });
}

/** A file is read once more, and only where somebody asks for the place of a finding. */
const objectsOf = oncePerObject((file: SourceFile) => readObjects(readYaml(file, 'manifest').value).value);

/** The values on the way to a field, each with the step that leads to it. */
function stepsTo(
  value: JsonValue,
  path: Path,
): ReadonlyArray<{ readonly step: string | number; readonly to: JsonValue }> {
  let node: JsonValue = value;
  return path.map((step) => {
    node = Object(node)[step] ?? null;
    return { step, to: node };
  });
}

function fieldOf(object: JsonValue, path: Path): string {
  const steps = stepsTo(object, path).map(({ step, to }) =>
    typeof step === 'number' ? `[${itemName(to) ?? ''}]` : `.${step}`,
  );
  return steps.join('').replace(/^\./, '');
}

function textOf(object: JsonValue, path: Path): string {
  const steps = stepsTo(object, path);
  const item = steps.find(({ step, to }) => typeof step === 'number' && itemName(to) === undefined);
  const last = steps.at(-1)?.to ?? null;
  if (item !== undefined) return canonical(item.to);
  return typeof last === 'object' ? '' : canonical(last);
}

function itemName(item: JsonValue): string | undefined {
  const name: unknown = Object(item).name;
  return typeof name === 'string' ? name : undefined;
}

/** The same text for the same value, in whatever order its fields are written. */
function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_, inner: JsonValue) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner as JsonObject).sort(([left], [right]) => compareText(left, right)));
  });
}
