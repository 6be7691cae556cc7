import type { SourceFile } from '../diagnostics/diagnostic.js';
import type { Document, Path } from '../parse/document.js';
import { readYaml } from '../parse/read-yaml.js';

/** Where somebody stands in a text. */
export interface Spot {
  readonly document: Document;
  /** To the innermost field or item. */
  readonly path: Path;
  /** Whether it is in the name of the field, or in what the field says. */
  readonly part: 'key' | 'value';
}

/** `undefined` where nothing stands, and in a document that cannot be read. */
export function spotAt(file: SourceFile, offset: number): Spot | undefined {
  const documents = readYaml(file, 'manifest').value;
  const document = documents.find(({ start, end }) => start <= offset && offset <= end);
  const path = document?.pathOf({ file, start: offset, end: offset });
  if (document === undefined || path === undefined || path.length === 0) return undefined;
  const key = document.spanOf(path, 'key');
  const isInKey = typeof path.at(-1) === 'string' && key.start <= offset && offset <= key.end;
  return { document, path, part: isInKey ? 'key' : 'value' };
}

/** The value at a path of a document. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (below, step) => (Object.hasOwn(Object(below), step) ? Object(below)[step] : undefined),
    value,
  );
}

/** The name of the innermost field on a path. */
export function fieldOf(path: Path): string | undefined {
  return path.findLast((step) => typeof step === 'string');
}

export function textAt(value: unknown, path: Path): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : undefined;
}
