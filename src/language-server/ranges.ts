import type { Range } from 'vscode-languageserver';
import type { Span } from '../diagnostics/diagnostic.js';
import { exactRangeOf, type Position, rangeOf } from '../diagnostics/position.js';

/** Where a span is shown: lines and columns count from 0 in the protocol, columns in UTF-16 units as here. */
export function shownRange(span: Span): Range {
  return counted(rangeOf(span));
}

/** What a span holds to its last character, for whoever replaces it. */
export function exactRange(span: Span): Range {
  return counted(exactRangeOf(span));
}

/** The beginning of a line, counted from 0. */
export function lineRange(line: number): Range {
  return { start: { line, character: 0 }, end: { line, character: 0 } };
}

export function overlap(left: Range, right: Range): boolean {
  return !isBefore(left.end, right.start) && !isBefore(right.end, left.start);
}

function isBefore(left: Range['start'], right: Range['start']): boolean {
  return left.line < right.line || (left.line === right.line && left.character < right.character);
}

function counted({ start, end }: { readonly start: Position; readonly end: Position }): Range {
  return { start: fromZero(start), end: fromZero(end) };
}

function fromZero({ line, column }: Position): Range['start'] {
  return { line: line - 1, character: column - 1 };
}
