import type { Diagnostic, Result, Span } from '../diagnostics/diagnostic.js';
import { type JsonObject, type ManifestObject, type Path, spanIn } from './document.js';
import { readYaml } from './read-yaml.js';

/**
 * The YAML that a text of an object holds, as an object of its own whose places lie in the outer file. `undefined` where
 * the text is empty or cannot be read.
 */
export function readEmbedded(outer: ManifestObject, path: Path, kind: string): Result<ManifestObject | undefined> {
  const text = textIn(outer, path);
  const { value, diagnostics } = readYaml({ path: outer.document.file.path, text }, 'manifest');
  const moved = (span: Span): Span => outerSpan(outer, path, text, span);
  const [document] = value;
  const { name, namespace, apiVersion } = outer;
  return {
    value: document && {
      document: {
        ...document,
        file: outer.document.file,
        spanOf: (inner, part) => moved(document.spanOf(inner, part)),
        pathOf: () => [],
        extentOf: (part) => part,
      },
      path: [],
      apiVersion,
      kind,
      name,
      namespace,
      value: document.value as JsonObject,
    },
    diagnostics: diagnostics.map((found): Diagnostic => ({ ...found, span: found.span && moved(found.span) })),
  };
}

function textIn({ value }: ManifestObject, path: Path): string {
  const text = path.reduce<unknown>((at, key) => Object(at)[key], value);
  return typeof text === 'string' ? text : '';
}

/** A part of an embedded text where it stands in its file; the whole text where its notation hides which part that is. */
function outerSpan(outer: ManifestObject, path: Path, text: string, { start, end }: Span): Span {
  const whole = spanIn(outer, path);
  const written = whole.file.text.slice(whole.start, whole.end);
  const offset = offsetsInBlock(written, text) ?? offsetsInQuotes(written, text);
  if (offset === undefined) return whole;
  return { file: whole.file, start: whole.start + offset(start), end: whole.start + offset(end) };
}

type Offsets = (inner: number) => number;

/** A literal block holds the lines of its text, each behind the same margin. */
function offsetsInBlock(written: string, text: string): Offsets | undefined {
  if (!/^\|[-+0-9]*[ \t]*(?:#.*)?\n/.test(written)) return undefined;
  const first = written.indexOf('\n') + 1;
  const lines = text.replace(/\n+$/, '').split('\n');
  const rows = written.slice(first).split('\n');
  const margin = Math.max(...lines.map((line, index) => (line === '' ? 0 : (rows[index] ?? '').length - line.length)));
  const isSame = lines.every((line, index) => line === (rows[index] ?? '').slice(margin));
  if (!isSame) return undefined;
  return (inner) => {
    const before = text.slice(0, inner).split('\n').length - 1;
    const start = rows.slice(0, before).reduce((sum, row) => sum + row.length + 1, first);
    const column = inner - (text.lastIndexOf('\n', inner - 1) + 1);
    return Math.min(start + Math.min(margin, (rows[before] ?? '').length) + column, written.length);
  };
}

/** JSON and double-quoted YAML write some characters as escapes. */
function offsetsInQuotes(written: string, text: string): Offsets | undefined {
  if (!written.startsWith('"')) return undefined;
  const starts: number[] = [];
  let decoded = '';
  for (const { 0: piece, index } of written.slice(1, -1).matchAll(/\\u[0-9a-fA-F]{4}|\\.|[^\\]/gsu)) {
    const characters = piece.startsWith('\\') ? unescaped(piece) : piece;
    for (const _ of characters.split('')) starts.push(index + 1);
    decoded += characters;
  }
  return decoded === text ? (inner) => starts[inner] ?? written.length - 1 : undefined;
}

function unescaped(written: string): string {
  try {
    return JSON.parse(`"${written}"`) as string;
  } catch {
    return written;
  }
}
