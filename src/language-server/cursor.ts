import type { Path } from '../parse/document.js';
import { readYaml } from '../parse/read-yaml.js';
import { splitStream } from '../parse/split-stream.js';

/** Where something is to be written: the document as it would be, and the path to it. */
export interface Cursor {
  readonly document: unknown;
  /** To the object that gets a field, or to the value. */
  readonly path: Path;
  readonly part: 'key' | 'value';
  /** The word in which the cursor stands, by its offsets. */
  readonly start: number;
  readonly end: number;
}

/** No text of anybody holds it. */
export const marker = 'ambitCursorStandsHere';

/**
 * What may be written at an offset: a field, a value, or either. A text in which somebody writes is seldom whole, so a word is put
 * there, brackets are closed, and what stands below is left out where nothing can be read with it.
 */
export function cursorsAt(text: string, offset: number): readonly Cursor[] {
  const piece = splitStream(text).find(({ start, end }) => start <= offset && offset <= end);
  if (piece === undefined) return [];
  const start = offset - lengthOf(/[^\s,{}[\]"']*$/, text.slice(piece.start, offset));
  const end = offset + lengthOf(/^[^\s,:{}[\]"'#]*/, text.slice(offset, piece.end));
  const before = text.slice(piece.start, start);
  const after = text.slice(end, piece.end);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (/(?:^|\s)#/.test(line)) return [];
  const isAtField = /^[\s-]*$|[{,]\s*$/.test(line);
  const words = isAtField && !/^[ \t]*:/.test(after) ? [`${marker}: `, marker] : [marker];
  const found = words.flatMap((word) => readWith(before, word, after) ?? []);
  return found.map(({ document, path, part }) => ({ document, path, part, start, end }));
}

function lengthOf(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}

type Found = Pick<Cursor, 'document' | 'path' | 'part'>;

function readWith(before: string, word: string, after: string): Found | undefined {
  const [rest = '', ...below] = after.split(/(?=\n)/);
  const closed = `${word}${rest.trimEnd()}${closersOf(`${before}${word}${rest}`)}`;
  const texts = [
    `${before}${word}${after}`,
    `${before}${closed}${below.join('')}`,
    `${before}${closed}`,
    `${before}${word}${closersOf(before)}`,
  ];
  for (const text of texts) {
    const [document] = readYaml({ path: '', text }, 'manifest').value;
    const found = document && find(document.value, []);
    if (document && found) return { document: document.value, ...found };
  }
  return undefined;
}

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/** The brackets and the quotes that the last line of a text leaves open, closed. */
function closersOf(text: string): string {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  const open: string[] = [];
  for (const bracket of line.match(/[[\]{}]/g) ?? []) {
    const closer = closing[bracket];
    if (closer === undefined) open.pop();
    else open.unshift(closer);
  }
  const quote = (line.match(/"/g) ?? []).length % 2 === 1 ? '"' : '';
  return quote + open.join('');
}

function find(value: unknown, path: Path): Pick<Cursor, 'path' | 'part'> | undefined {
  if (typeof value === 'string') return value.includes(marker) ? { path, part: 'value' } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, each] of Object.entries(value)) {
    if (key.includes(marker)) return { path, part: 'key' };
    const found = find(each, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
