import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, SourceFile } from '../diagnostics/diagnostic.js';
import { endOfLine, trimEnd } from './blank.js';

/** The text of one document in its file, without the line that separates it from the one before. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** The rest of the separator's line, where it holds more than a comment. */
  readonly glued: { readonly start: number; readonly end: number } | undefined;
}

/**
 * Cuts a stream before every line that begins with `---`, whatever the text around it means: kubectl cuts first and
 * reads YAML after, and so one broken document does not hide the others.
 */
export function splitStream(text: string): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let glued: Piece['glued'];
  for (let line = 0; line !== -1; line = nextLine(text, line)) {
    if (!text.startsWith('---', line)) continue;
    pieces.push({ start: skipByteOrderMark(text, start), end: line, glued });
    const end = endOfLine(text, line);
    glued = textOnSeparator(text, line + '---'.length, end);
    start = Math.min(end + 1, text.length);
  }
  pieces.push({ start: skipByteOrderMark(text, start), end: text.length, glued });
  return pieces;
}

/** What is wrong with the separator before a piece: kubectl accepts a comment beside it and nothing else. */
export function checkSeparator(file: SourceFile, { glued }: Piece): Diagnostic[] {
  if (!glued) return [];
  const span = { file, start: glued.start, end: glued.end };
  return [diagnostic('text-after-separator', { text: file.text.slice(glued.start, glued.end) }, span)];
}

/** Where the next line begins that may be a separator. */
function nextLine(text: string, from: number): number {
  const found = text.indexOf('\n---', from);
  return found === -1 ? -1 : found + 1;
}

function textOnSeparator(text: string, from: number, lineEnd: number): Piece['glued'] {
  const end = trimEnd(text, from, lineEnd);
  const start = end - text.slice(from, end).trimStart().length;
  return start === end || text.charAt(start) === '#' ? undefined : { start, end };
}

function skipByteOrderMark(text: string, start: number): number {
  let position = start;
  while (text.charAt(position) === '\uFEFF') position++;
  return position;
}
