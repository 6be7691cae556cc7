import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, SourceFile } from '../diagnostics/diagnostic.js';
import { endOfLine, startOfLine, trimEnd } from './blank.js';
import { type Loaded, maximumDepth, maximumNodes } from './load-yaml.js';
import { innermostOpenNode, type Range } from './positions.js';

type Failure = Extract<Loaded, { kind: 'failure' }>;

/** A document that cannot be read: its text, and where that begins in the file. */
interface Unreadable {
  readonly file: SourceFile;
  readonly offset: number;
  readonly text: string;
}

/** Says why the text of a document cannot be read, on the smallest part of it that shows the fault. */
export function syntaxErrors(unreadable: Unreadable, { reason, position }: Failure): readonly Diagnostic[] {
  const { text } = unreadable;
  const glued = gluedSeparators(text, position);
  if (glued.length > 0) return glued.map((range) => diagnostic('glued-separator', {}, spanOf(unreadable, range)));
  const indentation = tabIndentation(text, position);
  if (indentation) return [diagnostic('tab-indentation', {}, spanOf(unreadable, indentation))];
  return [explain(unreadable, reason, position)];
}

function explain(unreadable: Unreadable, reason: string, position: number): Diagnostic {
  const { text } = unreadable;
  const fault = spanOf(unreadable, tokenAt(text, position));
  const anchor = /^unidentified alias "(.*)"$/s.exec(reason)?.[1];
  if (anchor !== undefined) {
    const alias = { start: position - anchor.length - '*'.length, end: position };
    return diagnostic('unknown-anchor', { name: anchor }, spanOf(unreadable, alias));
  }
  if (reason.startsWith('unknown tag ')) return unsupportedTag(unreadable);
  if (reason.startsWith('nesting exceeded ')) return diagnostic('nested-too-deeply', { limit: maximumDepth }, fault);
  if (reason.startsWith('merge keys exceeded ') || reason === 'abnormal merge sequence size') {
    return diagnostic('excessive-aliases', { limit: maximumNodes }, fault);
  }
  if (!reason.startsWith('unexpected end of the ')) {
    const { reason: cause, ...help } = usualCause(text, position, reason);
    return diagnostic('invalid-yaml', { reason: cause }, fault, help);
  }
  const opened = tokenAt(text, innermostOpenNode(text));
  const first = { start: opened.start, end: opened.start + 1 };
  return diagnostic('invalid-yaml', { reason }, spanOf(unreadable, first), { label: 'begins here and never ends' });
}

/** The parser's reasons that speak of its own inside, in words of the text. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['end of the stream or a document separator is expected', 'the document has already ended here'],
  [
    'can not read a block mapping entry; a multiline key may not be an implicit key',
    'a colon is missing after the key',
  ],
  ['can not read an implicit mapping pair; a colon is missed', 'a colon is missing after the key'],
  [
    'incomplete explicit mapping pair; a key node is missed; or followed by a non-tabulated empty line',
    'a key is missing before the colon',
  ],
  ['missed comma between flow collection entries', 'a comma is missing'],
  ["expected the node content, but found ','", 'a value is missing before the comma'],
]);

/** The usual cause, told from the character where reading stopped, and the one change that mends it. */
function usualCause(text: string, position: number, reason: string): { reason: string; help?: string } {
  const character = text.charAt(position);
  if (/\{\{-?\s*[.$\w"(/]/.test(text)) {
    return {
      reason: reasons.get(reason) ?? reason,
      help: 'if this is a Helm template, render it first: `helm template`',
    };
  }
  if (/[@`%]/.test(character)) {
    return { reason: 'bare text cannot begin with this character', help: 'put the value between quotes' };
  }
  if (character === ':' && /: /.test(text.slice(startOfLine(text, position), position))) {
    return { reason: 'bare text cannot hold a colon and a space', help: 'put the value between quotes' };
  }
  return { reason: reasons.get(reason) ?? reason };
}

function unsupportedTag(unreadable: Unreadable): Diagnostic {
  const { text } = unreadable;
  const start = Math.max(text.indexOf('!', innermostOpenNode(text)), 0);
  const tag = /^![^\s,[\]{}]*/.exec(text.slice(start, start + 200))?.[0] ?? '';
  return diagnostic('unsupported-tag', { tag }, spanOf(unreadable, { start, end: start + tag.length }));
}

/** Every `---` that ends a line of content instead of beginning one, where the first of them is the fault. */
function gluedSeparators(text: string, position: number): Range[] {
  if (!text.startsWith('---', position)) return [];
  return [...text.matchAll(/---(?=[ \t\r]*$)/gm)]
    .map(({ index }) => ({ start: index, end: index + '---'.length }))
    .filter(({ start }) => start === position || (start > position && /[\]}]/.test(text.charAt(start - 1))));
}

/** The first tab in the indentation of the line where reading stopped. */
function tabIndentation(text: string, position: number): Range | undefined {
  const line = startOfLine(text, position);
  const tab = /^ *\t/.exec(text.slice(line, Math.max(position, line) + 1))?.[0].length;
  return tab === undefined ? undefined : { start: line + tab - 1, end: line + tab };
}

/** The run of text at a position, or before it where the position is the end of a line. */
function tokenAt(text: string, position: number): Range {
  const start = /\s|^$/.test(text.charAt(position)) ? Math.max(trimEnd(text, 0, position) - 1, 0) : position;
  const length = text.slice(start, endOfLine(text, start)).search(/\s|$/);
  return { start, end: Math.min(start + Math.max(length, 1), text.length) };
}

function spanOf({ file, offset }: Unreadable, { start, end }: Range) {
  return { file, start: offset + start, end: offset + end };
}
