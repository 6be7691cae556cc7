import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, SourceFile, Span } from '../diagnostics/diagnostic.js';
import { endOfLine, skipBlank, trimEnd } from './blank.js';
import type { Range } from './positions.js';

/** Where the part of a text ends that kubectl reads, and what is wrong with the text before any of it is read. */
interface TextHazards {
  readonly end: number;
  /** Whether the text must not be read at all. */
  readonly unreadable: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

// Every control character but tab, line feed, carriage return and the line break U+0085.
const forbidden = /[^\P{Cc}\t\n\r\x85]|[\uFFFE\uFFFF]|\p{Surrogate}/u;
const lineBreak = /[\x85\u2028\u2029]/;
// A document ends here for kubectl; a `---` that it would cut at is not in the text any more.
const documentEnd = /^(?:\.\.\.|---)(?!\S)/m;

/** Finds what kubectl and other readers take differently, or not at all, whatever the YAML around it says. */
export function findTextHazards(file: SourceFile, { start, end }: Range): TextHazards {
  const text = file.text.slice(start, end);
  const unreadable = [
    ...findCharacter(file, start, text, forbidden, 'control-character'),
    ...findCharacter(file, start, text, lineBreak, 'ambiguous-line-break'),
    ...findDirective(file, start, text),
  ];
  if (unreadable.length > 0) return { end, unreadable: true, diagnostics: unreadable };
  return { unreadable: false, ...findDocumentEnd(file, { start, end }, text) };
}

function findCharacter(
  file: SourceFile,
  offset: number,
  text: string,
  pattern: RegExp,
  name: 'control-character' | 'ambiguous-line-break',
): Diagnostic[] {
  const match = pattern.exec(text);
  if (!match) return [];
  const hexadecimal = text.charCodeAt(match.index).toString(16).toUpperCase().padStart(4, '0');
  const parameters = { character: `U+${hexadecimal}`, escape: `\\u${hexadecimal}` };
  return [diagnostic(name, parameters, spanAt(file, offset + match.index, 1))];
}

/** kubectl cuts a stream at `---`, and so no directive is ever in one piece with its document. */
function findDirective(file: SourceFile, offset: number, text: string): Diagnostic[] {
  const position = skipBlank(text, 0);
  if (text.charAt(position) !== '%') return [];
  const end = trimEnd(text, position, endOfLine(text, position));
  const span = spanAt(file, offset + position, end - position);
  return [diagnostic('yaml-directive', { directive: text.slice(position, end) }, span)];
}

function findDocumentEnd(file: SourceFile, { start, end }: Range, text: string): Omit<TextHazards, 'unreadable'> {
  const match = documentEnd.exec(text);
  if (!match) return { end, diagnostics: [] };
  const rest = skipBlank(text, match.index + match[0].length);
  const restEnd = trimEnd(text, rest, endOfLine(text, rest));
  const diagnostics =
    rest === text.length ? [] : [diagnostic('text-after-end', {}, spanAt(file, start + rest, restEnd - rest))];
  return { end: start + match.index, diagnostics };
}

function spanAt(file: SourceFile, start: number, length: number): Span {
  return { file, start, end: start + length };
}
