import type { Span } from '../../diagnostics/diagnostic.js';
import { rangeOf } from '../../diagnostics/position.js';
import { parseSources, type Source } from '../../parse/parse-sources.js';
import { splitStream } from '../../parse/split-stream.js';

interface Without {
  readonly sources: readonly Source[];
  /** `SecuritySettings payments` */
  readonly names: readonly string[];
}

/**
 * The sources without a document, which is named by `file:line`, by its file, by its kind and name, or by its name; or what is
 * wrong with the name. What stands around it keeps its line.
 */
export function withoutDocuments(
  sources: readonly Source[],
  subject: string,
  displayPath: (path: string) => string,
): Without | string {
  const { intents } = parseSources(sources).value;
  const documents = intents.map(({ kind, name }) => ({ kind, name: name.value, span: name.span }));
  const found = documents.filter(({ kind, name }) => subject === name || subject === `${kind}/${name}`);
  const kinds = new Set(found.map(({ kind }) => kind));
  if (kinds.size > 1)
    return `\`${subject}\` may be ${found.map(({ kind, name }) => `\`${kind}/${name}\``).join(' or ')}`;
  const [, path = subject, line] = /^(.*?)(?::(\d+))?$/.exec(subject) ?? [];
  const inFile = documents.filter(({ span }) => [span.file.path, displayPath(span.file.path)].includes(path));
  const meant =
    found.length > 0 ? found : inFile.filter(({ span }) => line === undefined || isAtLine(span, Number(line)));
  if (meant.length === 0) return `\`${subject}\` is no document of Ambit's: name one by \`file:line\`, or by its name`;
  return {
    sources: sources.map((source) =>
      blanked(
        source,
        meant.map(({ span }) => span),
      ),
    ),
    names: meant.map(({ kind, name }) => `${kind} ${name}`),
  };
}

/** Whether a line is one of the document in which something stands. */
function isAtLine(span: Span, line: number): boolean {
  const { start, end } = pieceAround(span);
  const [first, last] = [start, end].map((at) => rangeOf({ file: span.file, start: at, end: at }).start.line);
  return first !== undefined && last !== undefined && first <= line && line <= last;
}

function pieceAround({ file, start }: Span): { readonly start: number; readonly end: number } {
  const pieces = splitStream(file.text);
  return pieces.find((piece) => piece.start <= start && start < piece.end) ?? { start, end: start };
}

function blanked(source: Source, spans: readonly Span[]): Source {
  const pieces = spans.filter(({ file }) => file.path === source.path).map(pieceAround);
  const text = pieces.reduce(
    (whole, { start, end }) =>
      whole.slice(0, start) + whole.slice(start, end).replace(/[^\n]/g, ' ') + whole.slice(end),
    source.text,
  );
  return pieces.length === 0 ? source : { ...source, text };
}
