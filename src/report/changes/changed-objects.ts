import { loadYaml } from '../../parse/load-yaml.js';
import { sortBy } from '../../util/order.js';
import type { Tree } from '../tree-diff.js';

/** `annotated`: its comments differ, and what a cluster reads is the same. */
export type Change = 'added' | 'changed' | 'annotated' | 'removed';

/** A file of the output as it will be. */
export interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

/** The object that is written to a path, as far as it is known without reading the text: a kustomization has none. */
export type ObjectAt = (path: string) => unknown;

/** What one output does to another. */
export interface Changes {
  /** The objects that it changes, in order of path. */
  readonly objects: readonly ChangedObject[];
  /** The files that stay as they are: nearly all, most of the time. */
  readonly unchanged: readonly WrittenFile[];
}

/** An object of the output, by what its file and the object itself say. */
export interface NamedObject {
  /** Below the output directory: `<cluster>/<phase>/<kind>.<namespace>.<name>.yaml`. */
  readonly path: string;
  readonly cluster: string;
  readonly phase: string;
  readonly kind: string;
  /** `undefined` for what is in no namespace, such as a kustomization. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** One that changes, and what becomes of it. */
export interface ChangedObject extends NamedObject {
  readonly change: Change;
  /** As it was, where it can be read: somebody may have edited it. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What one output does to another, object by object. */
export function changesBetween(before: Tree, after: readonly WrittenFile[], objectAt: ObjectAt): Changes {
  const isUnchanged = ({ path, text }: WrittenFile) => before.get(path) === text;
  const unchanged = after.filter(isUnchanged);
  const written = after
    .filter((file) => !isUnchanged(file))
    .map((file) => writtenObject(file, before.get(file.path), objectAt));
  const gone = unchanged.length === before.size ? [] : goneFrom(before, after);
  return { objects: sortBy([...written, ...gone], ({ path }) => path), unchanged };
}

function goneFrom(before: Tree, after: readonly WrittenFile[]): readonly ChangedObject[] {
  const kept = new Set(after.map(({ path }) => path));
  const gone = [...before].filter(([path]) => !kept.has(path));
  return gone.map(([path, text]) => {
    const was = objectIn(text);
    return { change: 'removed', ...named(path, was), before: was, after: undefined };
  });
}

function writtenObject(file: WrittenFile, before: string | undefined, objectAt: ObjectAt): ChangedObject {
  const after = objectOf(file, objectAt);
  const own = { ...named(file.path, after), after };
  if (before === undefined) return { ...own, change: 'added', before: undefined };
  const was = objectIn(before);
  const isSame = JSON.stringify(was) === JSON.stringify(objectIn(file.text));
  return { ...own, change: isSame ? 'annotated' : 'changed', before: was };
}

function objectOf({ path, text }: WrittenFile, objectAt: ObjectAt): unknown {
  return objectAt(path) ?? objectIn(text);
}

function objectIn(text: string): unknown {
  const loaded = loadYaml(text, 'last');
  return loaded.kind === 'value' ? loaded.value : undefined;
}

/** The object in a file that stays as it is. */
export function unchangedObject(file: WrittenFile, objectAt: ObjectAt): NamedObject {
  return named(file.path, objectOf(file, objectAt));
}

/** As the object says; else as its file is called. */
function named(path: string, object: unknown): NamedObject {
  const { kind, metadata } = Object(object);
  const { namespace, name } = Object(metadata);
  const segments = path.split('/');
  const [cluster = '', phase = ''] = segments.length > 2 ? segments : [segments[0], ''];
  return {
    path,
    cluster,
    phase,
    kind: textOf(kind) ?? 'file',
    namespace: textOf(namespace),
    name: textOf(name) ?? segments.slice(1).join('/'),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
