import type { SourceFile, Span } from '../diagnostics/diagnostic.js';

/** The way to a node: mapping keys and sequence indexes from the document's root. */
export type Path = ReadonlyArray<string | number>;

/** Whether one place of a document lies within another, or is the same. */
export function isWithin(inner: Path, outer: Path): boolean {
  return outer.every((step, depth) => inner[depth] === step);
}

/**
 * One YAML document of a stream. Values are read eagerly, positions only when asked for: a manifest of a large mesh
 * is read for its values, and almost never pointed at.
 */
export interface Document {
  readonly file: SourceFile;
  /** Offsets of the document's own text in the file. */
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
  /**
   * Where the node at `path` is written; `key` for the key that leads to it. A path that is not in the text
   * (an absent field) answers with its nearest written ancestor.
   */
  spanOf(path: Path, part?: 'key' | 'value'): Span;
  /** The way to the innermost field or item that holds a part of the document's text. */
  pathOf(part: Span): Path;
  /** All that begins in a part of the document's text, to its end. */
  extentOf(part: Span): Span;
}

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** One Kubernetes-shaped object: a document's root, or an item of a `List`. */
export interface ManifestObject {
  readonly document: Document;
  /** From the document's root to this object: empty, or `['items', n]`. */
  readonly path: Path;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** As written; absent for cluster-scoped objects and where the manifest leaves it to `kubectl -n`. */
  readonly namespace: string | undefined;
  readonly value: JsonObject;
}

/** The place of a field of an object, e.g. `spanIn(service, ['spec', 'ports', 0])`. */
export function spanIn(object: ManifestObject, path: Path = [], part: 'key' | 'value' = 'value'): Span {
  return object.document.spanOf([...object.path, ...path], part);
}

/** Whether Ambit wrote an object, as its label says: what it wrote it may replace, and nothing else. */
export function isManaged({ value }: Pick<ManifestObject, 'value'>): boolean {
  return Object(Object(value.metadata).labels)['app.kubernetes.io/managed-by'] === 'ambit';
}

/** The annotation of a route by which Ambit says that a rollout controller changes its weights. */
export const externalWeights = { 'ambit.dev/weights': 'External' } as const;

/** Whether the weights of a route are those to start with alone, as its annotation says. */
export function saysExternalWeights({ value }: ManifestObject): boolean {
  const annotations = Object(Object(value.metadata).annotations);
  return Object.entries(externalWeights).every(([key, said]) => annotations[key] === said);
}
