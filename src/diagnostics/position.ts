import { oncePerObject } from '../util/once.js';
import type { SourceFile, Span } from './diagnostic.js';

/** A place as editors count it: lines from 1, columns from 1 in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Range {
  readonly start: Position;
  /** Just after the last character. */
  readonly end: Position;
}

const lineBreak = /\r\n|\n|\r/g;

/** The text of a line, counted from 1, without its line break. */
export function lineText(file: SourceFile, line: number): string {
  const starts = lineStarts(file);
  const text = file.text.slice(starts[line - 1] ?? file.text.length, starts[line] ?? file.text.length);
  return text.replace(/[\r\n]+$/, '');
}

/** What a line says, counted from 1; `undefined` where the text has no such line. */
export function lineSpan(file: SourceFile, line: number): Span | undefined {
  const start = lineStarts(file)[line - 1];
  if (start === undefined) return undefined;
  const text = lineText(file, line);
  return { file, start: start + text.search(/\S|$/), end: start + text.length };
}

/** Where a span begins and ends. White space and line breaks at its end belong to nobody and are left out. */
export function rangeOf({ file, start, end }: Span): Range {
  const trimmed = start + file.text.slice(start, end).trimEnd().length;
  return { start: positionAt(file, start), end: positionAt(file, trimmed) };
}

/** The same to the last character, for whoever replaces the text. */
export function exactRangeOf({ file, start, end }: Span): Range {
  return { start: positionAt(file, start), end: positionAt(file, end) };
}

function positionAt(file: SourceFile, offset: number): Position {
  const starts = lineStarts(file);
  const place = Math.min(Math.max(offset, 0), file.text.length);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: place - (starts[low] ?? 0) + 1 };
}

const lineStarts = oncePerObject(({ text }: SourceFile): readonly number[] => {
  return [0, ...[...text.matchAll(lineBreak)].map((match) => match.index + match[0].length)];
});

/** Whether one place is part of another. */
export function isWithin(inner: Span, outer: Span): boolean {
  return inner.file.path === outer.file.path && outer.start <= inner.start && inner.end <= outer.end;
}
