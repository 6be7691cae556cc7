import type { Located, Span } from '../diagnostics/diagnostic.js';
import { assert } from '../util/assert.js';
import type { Document, Path } from './document.js';

/** A place in a document that its schema has already accepted: values are read without asking again. */
export interface Cursor {
  readonly value: unknown;
  /** The last step of the path, as text. */
  readonly key: string;
  readonly span: Span;
  readonly keySpan: Span;
  field(name: string): Cursor;
  /** Reads a field where it is written. */
  optional<T>(name: string, read: (field: Cursor) => T): T | undefined;
  fields(): Cursor[];
  items(): Cursor[];
  text(): Located<string>;
}

export function cursorAt(document: Document, path: Path): Cursor {
  const value = path.reduce<unknown>((node, key) => Object(node)[key], document.value);
  const at = (key: string | number) => cursorAt(document, [...path, key]);
  return {
    value,
    key: String(path.at(-1) ?? ''),
    get span() {
      return document.spanOf(path);
    },
    get keySpan() {
      return document.spanOf(path, 'key');
    },
    field: at,
    optional: (name, read) => (Object(value)[name] === undefined ? undefined : read(at(name))),
    fields: () => Object.keys(Object(value)).map(at),
    items: () => (value as readonly unknown[]).map((_, index) => at(index)),
    text: () => {
      assert(typeof value === 'string', `the schema admits text alone at ${path.join('.')}`);
      return { value, span: document.spanOf(path) };
    },
  };
}
