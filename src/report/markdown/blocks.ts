/** A part of a Markdown page, as far as our own pages use it. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly rows: ReadonlyArray<readonly string[]> }
  | { readonly kind: 'code'; readonly lines: readonly string[] };

/** The blocks of a page in their order; lines that were only wrapped are one text again. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let lines = markdown.split('\n');
  while (lines.length > 0) {
    const [first = ''] = lines;
    if (first.trim() === '') lines = lines.slice(1);
    else {
      const [block, length] = nextBlock(first, lines);
      blocks.push(block);
      lines = lines.slice(length);
    }
  }
  return blocks;
}

/** The block that begins here, and how many lines it takes. */
function nextBlock(first: string, lines: readonly string[]): [Block, number] {
  const [, marks, title] = /^(#+) (.*)$/.exec(first) ?? [];
  if (marks !== undefined && title !== undefined) return [{ kind: 'heading', level: marks.length, text: title }, 1];
  if (first.startsWith('```')) {
    const end = lines.indexOf('```', 1);
    const length = end < 0 ? lines.length : end;
    return [{ kind: 'code', lines: lines.slice(1, length) }, length + 1];
  }
  const end = lines.findIndex((line, index) => index > 0 && !continues(first, line));
  const own = end < 0 ? lines : lines.slice(0, end);
  return [textBlock(first, own), own.length];
}

function continues(first: string, line: string): boolean {
  return line.trim() !== '' && !line.startsWith('```') && (first.startsWith('- ') || !line.startsWith('- '));
}

function textBlock(first: string, lines: readonly string[]): Block {
  if (first.startsWith('|')) return { kind: 'table', rows: lines.filter(isRow).map(cellsOf) };
  if (!first.startsWith('- ')) return { kind: 'paragraph', text: joined(lines) };
  return {
    kind: 'list',
    items: joined(lines, '\n')
      .split(/\n(?=- )/)
      .map(itemText),
  };
}

function itemText(item: string): string {
  return joined(item.slice('- '.length).split('\n'));
}

function joined(lines: readonly string[], separator = ' '): string {
  return lines.map((line) => line.trim()).join(separator);
}

/** Not the line of dashes below the head of a table. */
function isRow(line: string): boolean {
  return !/^\|[\s|:-]+$/.test(line);
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replace(/\\\|/g, '|'));
}
