import { displayWidth, printable } from '../display-width.js';
import { hanging, type Page, pad, twoSides, wrap } from '../layout.js';

const nameWidth = 10;
const indent = 4;

/** What a block is about on the left, its state on the right edge. */
export function heading(what: string, state: string, { columns, pen }: Page): readonly string[] {
  const [left, right] = [what, state].map(printable);
  const lines = twoSides({ text: left ?? '', paint: pen.bold }, { text: right ?? '', paint: pen.cyan }, columns - 2);
  return lines.map((line) => `  ${line}`);
}

/** One named fact of a block, wrapped with its text kept in one column. */
export function field(name: string, text: string, { columns, pen }: Page): readonly string[] {
  const lines = wrap(printable(text), columns - indent - nameWidth);
  return lines.map((line, index) => named(index === 0 ? name : '', line, pen));
}

function named(name: string, text: string, pen: Page['pen']): string {
  return `${' '.repeat(indent)}${pen.dim(pad(name, nameWidth))}${text}`.trimEnd();
}

/**
 * A named fact of several rows, in columns as wide as their widest cell: beside the name, or below it where there is no
 * room. Where no line has room for all columns, each row becomes a list of its cells, behind the headings of their columns.
 */
export function table(
  name: string,
  rows: readonly (readonly string[])[],
  page: Page,
  headings: readonly string[] = [],
): readonly string[] {
  const own = rows.map((row) => row.map(printable));
  const all = headings.length > 0 ? [headings, ...own] : own;
  const widths = Array.from({ length: Math.max(0, ...all.map((row) => row.length)) }, (_, column) =>
    Math.max(...all.map((row) => displayWidth(row[column] ?? ''))),
  );
  const needed = widths.reduce((sum, width) => sum + width + gap, -gap);
  const room = page.columns - indent - nameWidth;
  const aligned = all.map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0)).join(' '.repeat(gap)));
  if (needed > room && needed <= page.columns - indent - gap) {
    return [named(name, '', page.pen), ...aligned.map((line) => `${' '.repeat(indent + gap)}${line}`.trimEnd())];
  }
  const lines = needed <= room ? aligned : own.flatMap((row) => list(row, headings, room));
  return lines.map((line, index) => named(index === 0 ? name : '', line, page.pen));
}

const gap = 2;

function list(row: readonly string[], headings: readonly string[], room: number): readonly string[] {
  if (headings.length === 0) return hanging('', row.filter((cell) => cell !== '').join(' '), room);
  const [first = '', ...cells] = row;
  const below = cells.flatMap((cell, index) => hanging(`  ${headings[index + 1] ?? ''}: `, cell, room));
  return [`${headings[0] ?? ''} ${first}`.trim(), ...below];
}
