import { hidesKeys } from './hidden-keys.js';

/** What a document is about, read off its text. */
export interface Outline {
  readonly kind: string;
  /** Where the object lives, or what it is called if it is a namespace itself; empty where the document does not say. */
  readonly namespace: string;
  readonly name: string;
}

/** Whether a document with this outline is worth its parsing. One without an outline always is. */
export type Wanted = (outline: Outline) => boolean;

/**
 * The outline of a document in block style with plain keys, as machines and most people write them. It is certain: a
 * text from which a YAML reader may take anything else has none.
 */
export function outlineOf(text: string, start: number, end: number): Outline | undefined {
  const root = readBlock(text, start, end, 0);
  const kind = root && wordOf(root, 'kind:');
  const metadata = root && innerBlock(root, 'metadata:');
  const namespace = metadata && wordOf(metadata, kind === 'Namespace' ? 'name:' : 'namespace:');
  const name = metadata && wordOf(metadata, 'name:');
  return kind && namespace !== undefined && name !== undefined ? { kind, namespace, name } : undefined;
}

/** A mapping in block style: where each of its keys stands, and where it ends. */
interface Block {
  readonly text: string;
  readonly keys: readonly number[];
  readonly margin: number;
  readonly end: number;
}

/** `undefined` where a line at the margin is no plain key. */
function readBlock(text: string, start: number, end: number, margin: number): Block | undefined {
  const keys: number[] = [];
  for (let line = start; line < end; line = text.indexOf('\n', line) + 1 || end) {
    const at = line + margin;
    const first = text.charCodeAt(at);
    if (first === 0x20 && margin === 0) continue;
    const indent = skipSpaces(text, line) - line;
    if (indent > margin || line + indent >= end || isPassedOver(text.charCodeAt(line + indent))) continue;
    if (indent < margin || !isPlainKey(text, at)) return undefined;
    keys.push(at);
  }
  return { text, keys, margin, end };
}

function skipSpaces(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === 0x20) at++;
  return at;
}

/** An empty line, a comment, or an item of a sequence. */
function isPassedOver(first: number): boolean {
  return first === lineFeed || first === 0x23 || first === 0x2d;
}

/** Letters and a colon that ends the word. */
function isPlainKey(text: string, start: number): boolean {
  let at = start;
  while (isLetter(text.charCodeAt(at))) at++;
  if (at === start || text.charCodeAt(at) !== 0x3a) return false;
  const next = text.charCodeAt(at + 1);
  return next === 0x20 || next === lineFeed || Number.isNaN(next);
}

function isLetter(character: number): boolean {
  return (character >= 0x61 && character <= 0x7a) || (character >= 0x41 && character <= 0x5a);
}

/** The mapping below a key that stands alone on its line, and once. */
function innerBlock(block: Block, key: string): Block | undefined {
  const { text, keys, end } = block;
  const index = placeOf(block, key);
  const start = (keys[index] ?? end) + key.length + 1;
  if (index < 0 || text.charAt(start - 1) !== '\n') return undefined;
  const stop = keys[index + 1] ?? end;
  const margin = skipSpaces(text, start) - start;
  return margin === 0 || hidesKeys(text.slice(start, stop)) ? undefined : readBlock(text, start, stop, margin);
}

/**
 * The value of a key: empty where there is no such key, and `undefined` unless it is a word that every YAML reader takes
 * for this text, with the next key right below it.
 */
function wordOf(block: Block, key: string): string | undefined {
  const { text, keys, margin, end } = block;
  const index = placeOf(block, key);
  if (index < 0) return index === absent ? '' : undefined;
  const next = keys[index + 1];
  return wordIn(text, (keys[index] ?? end) + key.length, next === undefined ? end : next - margin);
}

/** The one word of a line, which may be quoted. */
function wordIn(text: string, start: number, end: number): string | undefined {
  const open = skipSpaces(text, start);
  const quote = isQuote(text.charCodeAt(open)) ? 1 : 0;
  let close = open + quote;
  while (isWordly(text.charCodeAt(close))) close++;
  const value = text.slice(open + quote, close);
  if (quote === 1 && text.charCodeAt(open) !== text.charCodeAt(close)) return undefined;
  const rest = skipSpaces(text, close + quote);
  const isWhole = rest === end || (rest === end - 1 && text.charCodeAt(rest) === lineFeed);
  if (!isWhole || open === start || value === '') return undefined;
  return quote === 1 || (isLetter(value.charCodeAt(0)) && !otherValue.test(value)) ? value : undefined;
}

function isQuote(character: number): boolean {
  return character === 0x22 || character === 0x27;
}

/** A letter, a digit, a dash or a dot: what the names of Kubernetes are made of. */
function isWordly(character: number): boolean {
  return isLetter(character) || (character >= 0x30 && character <= 0x39) || character === 0x2d || character === 0x2e;
}

/** Which of a block's keys this one is. */
function placeOf({ text, keys }: Block, key: string): number {
  let found = absent;
  for (let index = 0; index < keys.length; index++) {
    if (!text.startsWith(key, keys[index])) continue;
    if (found !== absent) return repeated;
    found = index;
  }
  return found;
}

const lineFeed = 0x0a;

const absent = -1;
const repeated = -2;

/** Words that are no texts unless they are quoted. */
const otherValue = /^(?:y|yes|on|true|n|no|off|false|null)$/i;
