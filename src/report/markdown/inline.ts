import type { ChalkInstance } from 'chalk';
import { displayWidth } from '../display-width.js';
import { type Page, type Painted, plain } from '../layout.js';

/** What is never broken: what stands between two blanks, in its looks. */
type Word = readonly Painted[];

const spans = /`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]+)\]\([^)]+\)/g;

/** The lines of a text in Markdown, none wider than the page unless a word is. Later lines are indented. */
export function wrapped(text: string, { columns, pen }: Page, indent = ''): string[] {
  const lines: Word[][] = [];
  let room = 0;
  for (const word of wordsOf(text, pen)) {
    const needed = widthOf(word) + 1;
    if (lines.length === 0 || needed > room) {
      lines.push([word]);
      room = columns - (lines.length === 1 ? 0 : indent.length) - widthOf(word);
    } else {
      lines.at(-1)?.push(word);
      room -= needed;
    }
  }
  return lines.map((words, index) => `${index === 0 ? '' : indent}${words.map(painted).join(' ')}`);
}

function widthOf(word: Word): number {
  return word.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

function painted(word: Word): string {
  return word.map(({ text, paint }) => paint(text)).join('');
}

function wordsOf(text: string, pen: ChalkInstance): Word[] {
  const words: Painted[][] = [[]];
  for (const { text: run, paint } of piecesOf(text, pen)) {
    run.split(/\s+/).forEach((part, index) => {
      if (index > 0) words.push([]);
      if (part !== '') words.at(-1)?.push({ text: part, paint });
    });
  }
  return words.filter((word) => word.length > 0);
}

/** Without colour, the backticks say what is code. */
function piecesOf(text: string, pen: ChalkInstance): Painted[] {
  const pieces: Painted[] = [];
  let end = 0;
  for (const match of text.matchAll(spans)) {
    const [whole, code, strong, link] = match;
    pieces.push({ text: text.slice(end, match.index), paint: plain });
    if (code !== undefined) pieces.push({ text: pen.level === 0 ? whole : code, paint: pen.cyan });
    else pieces.push({ text: strong ?? link ?? '', paint: strong === undefined ? plain : pen.bold });
    end = match.index + whole.length;
  }
  return [...pieces, { text: text.slice(end), paint: plain }];
}
