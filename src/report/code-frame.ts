import type { Span } from '../diagnostics/diagnostic.js';
import { lineText, type Range, rangeOf } from '../diagnostics/position.js';
import { displayWidth, printable } from './display-width.js';

/** How the parts of a frame are set off: identity functions where there is no colour. */
export interface FrameStyle {
  readonly gutter: (text: string) => string;
  readonly marker: (text: string) => string;
}

interface FrameOptions {
  readonly label: string | undefined;
  readonly gutterWidth: number;
  readonly style: FrameStyle;
}

const longestLine = 140;
const shownAround = 60;
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

function singleLine(span: Span, { start, end }: Range, options: FrameOptions): string[] {
  const text = lineText(span.file, start.line);
  const { before, marked, after } = window(text, start.column - 1, Math.max(end.column, start.column) - 1);
  const carets = '^'.repeat(Math.max(1, displayWidth(marked)));
  const marker = options.style.marker(withLabel(carets, options.label));
  return [
    numbered(start.line, `${before}${marked}${after}`.trimEnd(), options),
    `${emptyGutter(options)} ${' '.repeat(displayWidth(before))}${marker}`,
  ];
}

/** The part of a line that is drawn: all of it, or what surrounds the marked text when the line is very long. */
function window(text: string, start: number, end: number): { before: string; marked: string; after: string } {
  const before = printable(text.slice(0, start));
  const marked = printable(text.slice(start, end));
  const after = printable(text.slice(end));
  if (before.length + marked.length + after.length <= longestLine) return { before, marked, after };
  return {
    before: before.length > shownAround ? `…${lastCharacters(before, shownAround)}` : before,
    marked: marked.length > longestLine ? `${firstCharacters(marked, longestLine)}…` : marked,
    after: after.length > shownAround ? `${firstCharacters(after, shownAround)}…` : after,
  };
}

function severalLines(span: Span, { start, end }: Range, options: FrameOptions): string[] {
  const { gutter, marker } = options.style;
  const lines = lineNumbers(start.line, end.line).map((line) => {
    if (line === 'gap') return `${gutter('.'.repeat(3).padEnd(options.gutterWidth + 2))} ${marker('|')}`;
    const text = clipped(printable(lineText(span.file, line)));
    return numbered(line, `${marker(line === start.line ? '/' : '|')} ${text}`.trimEnd(), options);
  });
  const last = clipped(printable(lineText(span.file, end.line).slice(0, end.column - 1)));
  const underline = `|${'_'.repeat(Math.max(1, displayWidth(last)))}^`;
  return [...lines, `${emptyGutter(options)} ${marker(withLabel(underline, options.label))}`];
}

/** The lines of a block that are drawn: its beginning and its last line, when there are many. */
function lineNumbers(first: number, last: number): ReadonlyArray<number | 'gap'> {
  const count = last - first + 1;
  const all = Array.from({ length: Math.min(count, shownLines) }, (_, index) => first + index);
  return count <= shownLines ? all : [...all.slice(0, shownLines - 2), 'gap', last];
}

function clipped(text: string): string {
  return text.length <= longestLine ? text : `${firstCharacters(text, longestLine)}…`;
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

function withLabel(marks: string, label: string | undefined): string {
  return label === undefined ? marks : `${marks} ${printable(label)}`;
}
