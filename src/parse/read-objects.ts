import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result, Span } from '../diagnostics/diagnostic.js';
import type { Document, JsonObject, JsonValue, ManifestObject, Path } from './document.js';

type Objects = Result<readonly ManifestObject[]>;

/** One mapping of a document that is meant as an object, or as a list of them. */
interface Place {
  readonly document: Document;
  readonly path: Path;
  readonly value: JsonObject;
}

type Field =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'wrong'; readonly diagnostic: Diagnostic };

/**
 * The Kubernetes objects of the documents, lists taken apart: `kubectl get` answers with one `List`, the API server
 * with a `ServiceList` whose items leave out what the list already says.
 */
export function readObjects(documents: readonly Document[]): Objects {
  return concatenate(documents.map((document) => readValue(document, [], document.value as JsonValue, {})));
}

function readValue(document: Document, path: Path, value: JsonValue, inherited: JsonObject): Objects {
  if (!isObject(value)) return failed([wrongField(document, path, `items[${path.at(-1)}]`, 'a mapping', value)]);
  const hasOwnType = value.kind !== undefined || inherited.kind === undefined;
  const place = { document, path, value: hasOwnType ? value : { ...inherited, ...value } };
  return isList(place.value) ? readItems(place) : readObject(place);
}

function readItems({ document, path, value }: Place): Objects {
  const items = value.items ?? [];
  if (!isSequence(items)) return failed([wrongField(document, [...path, 'items'], 'items', 'a sequence', items)]);
  const inherited = typeOfItems(value);
  return concatenate(items.map((item, index) => readValue(document, [...path, 'items', index], item, inherited)));
}

function readObject(place: Place): Objects {
  const { document, path, value } = place;
  const metadata = value.metadata ?? {};
  if (!isObject(metadata)) {
    return failed([wrongField(document, [...path, 'metadata'], 'metadata', 'a mapping', metadata)]);
  }
  const apiVersion = required(place, 'apiVersion', readField(place, ['apiVersion']));
  const kind = required(place, 'kind', readField(place, ['kind']));
  const given = readField(place, ['metadata', 'name']);
  const name = required(place, 'metadata.name', given.kind === 'absent' ? generatedName(place) : given);
  const namespace = readField(place, ['metadata', 'namespace']);
  if (apiVersion.kind === 'text' && kind.kind === 'text' && name.kind === 'text' && namespace.kind !== 'wrong') {
    const names = { apiVersion: apiVersion.value, kind: kind.value, name: name.value };
    const inNamespace = namespace.kind === 'text' ? namespace.value : undefined;
    return { value: [{ document, path, ...names, namespace: inNamespace, value }], diagnostics: [] };
  }
  return failed(
    [apiVersion, kind, name, namespace].flatMap((field) => (field.kind === 'wrong' ? [field.diagnostic] : [])),
  );
}

/**
 * The API server completes such a name when it creates the object; until then the prefix is all there is. A
 * kustomization lies among manifests, is for kustomize alone, and has no name.
 */
function generatedName(place: Place): Field {
  const { apiVersion } = place.value;
  const isKustomization = typeof apiVersion === 'string' && apiVersion.startsWith('kustomize.config.k8s.io/');
  return isKustomization ? { kind: 'text', value: 'kustomization' } : readField(place, ['metadata', 'generateName']);
}

/** A text field. Null and the empty text count as absent, as in Kubernetes' own types. */
function readField({ document, path, value }: Place, field: readonly string[]): Field {
  const written = field.reduce<JsonValue | undefined>((at, key) => (isObject(at) ? at[key] : undefined), value);
  if (written === undefined || written === null || written === '') return { kind: 'absent' };
  if (typeof written === 'string') return { kind: 'text', value: written };
  return { kind: 'wrong', diagnostic: wrongField(document, [...path, ...field], field.join('.'), 'text', written) };
}

function required(place: Place, name: string, field: Field): Field {
  if (field.kind !== 'absent') return field;
  return { kind: 'wrong', diagnostic: diagnostic('missing-object-field', { field: name }, nameplate(place)) };
}

/** The key that best stands for a whole object, which may be many lines long. */
function nameplate({ document, path, value }: Place): Span {
  const key = ['metadata', 'kind', 'apiVersion'].find((candidate) => candidate in value);
  return document.spanOf(key === undefined ? path : [...path, key], 'key');
}

function wrongField(document: Document, path: Path, field: string, expected: string, value: JsonValue): Diagnostic {
  const help = expected === 'text' ? { help: 'put the value between quotes' } : {};
  const found = describe(value);
  return diagnostic('wrong-object-field', { field, expected, found }, document.spanOf(path), help);
}

function isList(value: JsonObject): boolean {
  const { kind } = value;
  return typeof kind === 'string' && (kind === 'List' || (kind.endsWith('List') && 'items' in value));
}

/** What the items of a typed list need not say themselves. */
function typeOfItems({ apiVersion, kind }: JsonObject): JsonObject {
  if (apiVersion === undefined || typeof kind !== 'string' || kind === 'List') return {};
  return { apiVersion, kind: kind.slice(0, -'List'.length) };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isSequence(value);
}

function isSequence(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function describe(value: JsonValue): string {
  if (value === null) return 'null';
  if (isSequence(value)) return 'a sequence';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'text' : `a ${typeof value}`;
}

function failed(diagnostics: readonly Diagnostic[]): Objects {
  return { value: [], diagnostics };
}

function concatenate(results: readonly Objects[]): Objects {
  return {
    value: results.flatMap(({ value }) => value),
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
  };
}
