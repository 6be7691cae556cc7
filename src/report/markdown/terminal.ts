import type { ChalkInstance } from 'chalk';
import { displayWidth } from '../display-width.js';
import { type Block, blocksOf } from './blocks.js';
import { wrapped } from './inline.js';

interface Page {
  readonly chalk: ChalkInstance;
  /** How many cells a line may take. */
  readonly width: number;
}

const margin = '  ';
const gap = 2;

/** A Markdown page as a terminal shows it: headings stand out, texts are wrapped, code stays as it is. */
export function markdownToText(markdown: string, page: Page): string {
  const blocks = blocksOf(markdown).map((block) => linesOf(block, page).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

function linesOf(block: Block, { chalk, width }: Page): string[] {
  const room = width - margin.length;
  switch (block.kind) {
    case 'heading':
      return wrapped(block.text, width, chalk).map((line) => (block.level === 1 ? chalk.bold : chalk.bold.blue)(line));
    case 'paragraph':
      return indented(wrapped(block.text, room, chalk));
    case 'list':
      return indented(block.items.flatMap((item) => wrapped(`- ${item}`, room, chalk, margin)));
    case 'table':
      return indented(tableLines(block.rows, room, chalk));
    case 'code':
      return block.lines.map((line) => (line === '' ? '' : `${margin}${margin}${line}`));
  }
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `${margin}${line}`);
}

/** In columns where they fit; else a list, where each cell stands below its row's first, with the name of its column. */
function tableLines(rows: ReadonlyArray<readonly string[]>, width: number, chalk: ChalkInstance): string[] {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))));
  const fits = widths.reduce((sum, each) => sum + each + gap, -gap) <= width;
  if (fits) return rows.map((row, index) => columnsLine(row, widths, index === 0 ? chalk.bold : String));
  return body.flatMap(([first = '', ...rest]) => [
    ...wrapped(first, width, chalk),
    ...rest.flatMap((cell, index) =>
      wrapped(`- ${head[index + 1] ?? ''}: ${cell}`, width - margin.length, chalk, margin).map((line) => margin + line),
    ),
  ]);
}

function columnsLine(row: readonly string[], widths: readonly number[], paint: (text: string) => string): string {
  const cells = row.map((cell, column) => `${paint(cell)}${' '.repeat((widths[column] ?? 0) - displayWidth(cell))}`);
  return cells.join(' '.repeat(gap)).trimEnd();
}
