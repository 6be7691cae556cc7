import { isConfidential, isConfidentialLine } from '../diagnostics/confidential.js';
import type { Span } from '../diagnostics/diagnostic.js';
import { lineText, type Range, rangeOf } from '../diagnostics/position.js';
import { displayWidth, printable } from './display-width.js';
import { wrap } from './layout.js';

/** How the parts of a frame are set off: identity functions where there is no colour. */
export interface FrameStyle {
  readonly gutter: (text: string) => string;
  readonly marker: (text: string) => string;
}

interface FrameOptions {
  readonly label: string | undefined;
  readonly gutterWidth: number;
  /** How many columns a line may have. */
  readonly columns: number;
  readonly style: FrameStyle;
}

const longestLine = 140;
const shownAround = 60;
const leastAround = 6;
const widestLabel = 60;
const shownLines = 4;

/** The digits that the frame's line numbers need. */
export function gutterWidthOf(span: Span): number {
  return String(rangeOf(span).end.line).length;
}

/** The text that a diagnostic points at, with carets below it, as lines; over several lines with a bar beside them. */
export function codeFrame(span: Span, options: FrameOptions): string[] {
  const range = rangeOf(span);
  const body =
    range.start.line === range.end.line ? singleLine(span, range, options) : severalLines(span, range, options);
  return [emptyGutter(options), ...body];
}

const notShown = '(confidential, not shown)';

function singleLine(span: Span, { start, end }: Range, options: FrameOptions): string[] {
  const text = lineText(span.file, start.line);
  const places = { start: start.column - 1, end: Math.max(end.column, start.column) - 1 };
  const { before, marked, after } = window(text, places, roomFor(options));
  if (isConfidential(span)) {
    return [numbered(start.line, notShown, options), ...(options.label === undefined ? [] : marks(0, '^', options))];
  }
  const carets = '^'.repeat(Math.max(1, displayWidth(marked)));
  return [
    numbered(start.line, `${before}${marked}${after}`.trimEnd(), options),
    ...marks(displayWidth(before), carets, options),
  ];
}

/** The cells that a line of the text may take. */
function roomFor({ columns, gutterWidth }: FrameOptions): number {
  return Math.min(longestLine, columns - gutterWidth - 3);
}

/** What marks the text above, with its label beside it or, where that has no room, below it. */
function marks(indent: number, signs: string, options: FrameOptions): readonly string[] {
  const { label, style, columns, gutterWidth } = options;
  const line = (at: number, text: string) => `${emptyGutter(options)} ${' '.repeat(at)}${style.marker(text)}`;
  if (label === undefined) return [line(indent, signs)];
  const room = columns - gutterWidth - 3;
  const text = printable(label);
  if (indent + displayWidth(`${signs} ${text}`) <= room) return [line(indent, `${signs} ${text}`)];
  const at = Math.max(0, Math.min(indent, room - Math.min(displayWidth(text), widestLabel)));
  return [line(indent, signs), ...wrap(text, room - at).map((each) => line(at, each))];
}

/** The part of a line that is drawn: all of it, or what surrounds the marked text when the line is too long. */
function window(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  room: number,
): { before: string; marked: string; after: string } {
  const before = printable(text.slice(0, start));
  const marked = printable(text.slice(start, end));
  const after = printable(text.slice(end));
  if (before.length + marked.length + after.length <= room) return { before, marked, after };
  const around = Math.min(shownAround, Math.max(leastAround, Math.floor((room - marked.length) / 2) - 1));
  const most = room - 2 * leastAround - 3;
  return {
    before: before.length > around ? `…${lastCharacters(before, around)}` : before,
    marked: marked.length > most ? `${firstCharacters(marked, most)}…` : marked,
    after: after.length > around ? `${firstCharacters(after, around)}…` : after,
  };
}

function severalLines(span: Span, { start, end }: Range, options: FrameOptions): string[] {
  const { gutter, marker } = options.style;
  const room = roomFor(options) - 2;
  const lines = lineNumbers(start.line, end.line).map((line) => {
    if (line === 'gap') return `${gutter('.'.repeat(3).padEnd(options.gutterWidth + 2))} ${marker('|')}`;
    const shown = clipped(printable(lineText(span.file, line)), room);
    const text = isConfidentialLine(span.file, line, shown) ? notShown : shown;
    return numbered(line, `${marker(line === start.line ? '/' : '|')} ${text}`.trimEnd(), options);
  });
  const last = clipped(printable(lineText(span.file, end.line).slice(0, end.column - 1)), room);
  return [...lines, ...marks(0, `|${'_'.repeat(Math.max(1, displayWidth(last)))}^`, options)];
}

/** The lines of a block that are drawn: its beginning and its last line, when there are many. */
function lineNumbers(first: number, last: number): ReadonlyArray<number | 'gap'> {
  const count = last - first + 1;
  const all = Array.from({ length: Math.min(count, shownLines) }, (_, index) => first + index);
  return count <= shownLines ? all : [...all.slice(0, shownLines - 2), 'gap', last];
}

function clipped(text: string, room: number): string {
  return text.length <= room ? text : `${firstCharacters(text, room - 1)}…`;
}

function firstCharacters(text: string, count: number): string {
  return [...text.slice(0, count * 2)].slice(0, count).join('');
}

function lastCharacters(text: string, count: number): string {
  return [...text.slice(-count * 2)].slice(-count).join('');
}

function numbered(line: number, text: string, { gutterWidth, style }: FrameOptions): string {
  return `${style.gutter(`${String(line).padStart(gutterWidth)} |`)} ${text}`.trimEnd();
}

function emptyGutter({ gutterWidth, style }: FrameOptions): string {
  return style.gutter(`${' '.repeat(gutterWidth)} |`);
}
