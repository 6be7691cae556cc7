import { displayWidth } from '../display-width.js';
import { type Page, pad, plain } from '../layout.js';
import { type Block, blocksOf } from './blocks.js';
import { wrapped } from './inline.js';

const margin = '  ';
const gap = 2;

/** A Markdown page as a terminal shows it: headings stand out, texts are wrapped, code stays as it is. */
export function markdownToText(markdown: string, page: Page): string {
  const blocks = blocksOf(markdown).map((block) => linesOf(block, page).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

function linesOf(block: Block, page: Page): string[] {
  const { pen } = page;
  const inner = indentedPage(page);
  switch (block.kind) {
    case 'heading':
      return wrapped(block.text, page).map(
        block.level === 1 ? (line) => pen.bold(line) : (line) => pen.bold.blue(line),
      );
    case 'paragraph':
      return indented(wrapped(block.text, inner));
    case 'list':
      return indented(block.items.flatMap((item) => wrapped(`- ${item}`, inner, margin)));
    case 'table':
      return indented(tableLines(block.rows, inner));
    case 'code':
      return block.lines.map((line) => (line === '' ? '' : `${margin}${margin}${line}`));
  }
}

function indentedPage({ columns, pen }: Page): Page {
  return { columns: columns - margin.length, pen };
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `${margin}${line}`);
}

/** In columns where they fit; else a list, where each cell stands below its row's first, with the name of its column. */
function tableLines(rows: ReadonlyArray<readonly string[]>, page: Page): string[] {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))));
  const width = widths.reduce((sum, each) => sum + each + gap, -gap);
  if (width <= page.columns)
    return rows.map((row, index) => columnsLine(row, widths, index === 0 ? page.pen.bold : plain));
  return body.flatMap(([first = '', ...rest]) => [
    ...wrapped(first, page),
    ...indented(
      rest.flatMap((cell, index) => wrapped(`- ${head[index + 1] ?? ''}: ${cell}`, indentedPage(page), margin)),
    ),
  ]);
}

function columnsLine(row: readonly string[], widths: readonly number[], paint: (text: string) => string): string {
  const cells = row.map((cell, column) => paint(pad(cell, widths[column] ?? 0)));
  return cells.join(' '.repeat(gap)).trimEnd();
}
