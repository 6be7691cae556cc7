import { loadYaml } from '../../parse/load-yaml.js';
import { oncePerObject } from '../../util/once.js';
import { sortBy } from '../../util/order.js';
import type { Tree } from '../tree-diff.js';

/** `annotated`: its comments differ, and what a cluster reads is the same. */
export type Change = 'added' | 'changed' | 'annotated' | 'removed' | 'unchanged';

/** A file of the output as it will be, and the object in it; a kustomization has none. */
export interface WrittenFile {
  readonly path: string;
  readonly text: string;
  readonly object: unknown;
}

/** An object of the output, and what becomes of it. */
export interface ChangedObject {
  readonly change: Change;
  /** Below the output directory: `<cluster>/<phase>/<kind>.<namespace>.<name>.yaml`. */
  readonly path: string;
  readonly cluster: string;
  readonly phase: string;
  readonly kind: string;
  /** `undefined` for what is in no namespace, such as a kustomization. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** As it was, where it differs from what will be, and can be read: somebody may have edited it. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What one output does to another, object by object, in order of path. */
export function changedObjects(before: Tree, after: readonly WrittenFile[]): readonly ChangedObject[] {
  const kept = new Set(after.map(({ path }) => path));
  const written = after.map((file) => writtenObject(file, before.get(file.path)));
  const gone = [...before].filter(([path]) => !kept.has(path));
  const removed = gone.map(([path, text]): ChangedObject => {
    const was = objectIn(text);
    return { change: 'removed', path, ...namesOf(path, was), before: was, after: undefined };
  });
  return sortBy([...written, ...removed], ({ path }) => path);
}

function writtenObject(file: WrittenFile, before: string | undefined): ChangedObject {
  const { path, text, object } = file;
  if (before === text) return unchanged(file);
  const after = object ?? objectIn(text);
  const own = { path, ...namesOf(path, after), after };
  if (before === undefined) return { ...own, change: 'added', before: undefined };
  const was = objectIn(before);
  const isSame = JSON.stringify(was) === JSON.stringify(objectIn(text));
  return { ...own, change: isSame ? 'annotated' : 'changed', before: was };
}

const unchanged = oncePerObject(({ path, text, object }: WrittenFile): ChangedObject => {
  const after = object ?? objectIn(text);
  return { change: 'unchanged', path, ...namesOf(path, after), before: after, after };
});

function objectIn(text: string): unknown {
  const loaded = loadYaml(text, 'last');
  return loaded.kind === 'value' ? loaded.value : undefined;
}

type Names = Pick<ChangedObject, 'cluster' | 'phase' | 'kind' | 'namespace' | 'name'>;

/** As the object says; else as its file is called. */
function namesOf(path: string, object: unknown): Names {
  const { kind, metadata } = Object(object);
  const { namespace, name } = Object(metadata);
  const segments = path.split('/');
  const [cluster = '', phase = ''] = segments.length > 2 ? segments : [segments[0], ''];
  return {
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
