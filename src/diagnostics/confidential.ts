import { oncePerObject } from '../util/once.js';
import type { SourceFile, Span } from './diagnostic.js';
import { lineText, rangeOf } from './position.js';

/** How much of a line is looked at before and after what a diagnostic points at: more than is ever shown. */
const around = 500;

/**
 * Whether a place of a file, with what stands around it on its lines, may hold what nobody should read in a log: anything
 * of a Secret, and what looks like a key, a token or a password wherever it stands. It is looked for in the text, since a
 * file that cannot be parsed is shown too. Nothing is counted unless the file has a Secret at all.
 */
export function isConfidential(span: Span): boolean {
  const { file, start, end } = span;
  const before = file.text.slice(Math.max(0, start - around), start);
  const after = file.text.slice(end, end + around);
  const from = start - before.length + before.lastIndexOf('\n') + 1;
  const lineEnd = after.indexOf('\n');
  const to = Math.min(end + (lineEnd < 0 ? after.length : lineEnd), start + 10 * around);
  if (looksConfidential(file.text.slice(from, to))) return true;
  return secretLines(file).length > 0 && isOfSecret(file, rangeOf(span).start.line);
}

/** The same of a line as it is shown. */
export function isConfidentialLine(file: SourceFile, line: number, shown: string): boolean {
  if (looksConfidential(shown) || isOfSecret(file, line)) return true;
  return isValueOfEnvironment.test(shown) && namesOfSecrets.test(lineText(file, line - 1).slice(-around));
}

function looksConfidential(text: string): boolean {
  return confidential.some((pattern) => pattern.test(text)) || (text.match(longWord) ?? []).some(isEncoded);
}

const longWord = /[A-Za-z0-9+/]{40,}/g;

/** Bytes in base64 have digits and letters of both cases; paths and names have not. */
function isEncoded(word: string): boolean {
  return /\d/.test(word) && /[A-Z]/.test(word) && /[a-z]/.test(word);
}

function isOfSecret(file: SourceFile, line: number): boolean {
  return secretLines(file).some(([first, last]) => line >= first && line <= last);
}

const secretWords = '(?:password|passwd|secret|token|api[-_]?key|private[-_]?key|authorization)';

const confidential: readonly RegExp[] = [
  /-----(?:BEGIN|END) /,
  /\beyJ[\w-]{10,}/, // a JSON Web Token
  /\bjwks["']?\s*:/,
  /["']?\b(?:k|d|p|q|dp|dq|qi|n|x|y|x5c)["']?\s*:\s*(?:["[]|[\w-]{16})/, // a JSON Web Key
  /\bbearer\s+[\w.~+/=-]{8,}/i,
  new RegExp(
    `${secretWords}["']?\\s*:\\s*(?!(?:true|false|null|Required|Absent)(?:[\\s,}\\]]|$))["']?[^\\s"'{[|>&*#!]`,
    'i',
  ),
  new RegExp(`name["']?\\s*:\\s*["']?[\\w.-]*${secretWords}[\\w.-]*["']?\\s*,\\s*["']?value`, 'i'),
];

const isValueOfEnvironment = /^\s*(?:-\s+)?["']?value["']?\s*:/;
const namesOfSecrets = new RegExp(`name["']?\\s*:\\s*["']?[\\w.-]*${secretWords}`, 'i');

type Lines = readonly [first: number, last: number];

const isSecret = /["']?kind["']?\s*:\s*["']?\w*Secret(?:List)?\b/;

/** The lines of every Secret: of its document, or of its item where the document is a list. */
const secretLines = oncePerObject(({ text }: SourceFile): readonly Lines[] => {
  if (!isSecret.test(text)) return [];
  const lines = text.split(/\r\n|\n|\r/);
  return cut(lines, 1, (line) => line.startsWith('---')).flatMap(([first, last]) => {
    const own = lines.slice(first - 1, last);
    return cutIntoItems(own, first).filter(([from, to]) => isSecret.test(lines.slice(from - 1, to).join('\n')));
  });
});

/** An item begins like the first one after `items:` does, in the same column. */
function cutIntoItems(lines: readonly string[], first: number): readonly Lines[] {
  const items = lines.findIndex((line) => /^\s*["']?items["']?\s*:\s*\[?\s*$/.test(line));
  const opening = items < 0 ? undefined : lines.slice(items + 1).find((line) => /^\s*(?:-\s|\{\s*$)/.test(line));
  if (opening === undefined) return [[first, first + lines.length - 1]];
  const begin = /^\s*(?:-\s|\{)/.exec(opening)?.[0] ?? '';
  return cut(lines, first, (line) => line.startsWith(begin));
}

/** Runs of lines, each of which begins where `isFirst` says. */
function cut(lines: readonly string[], first: number, isFirst: (line: string) => boolean): readonly Lines[] {
  const starts = [first, ...lines.flatMap((line, index) => (index > 0 && isFirst(line) ? [first + index] : []))];
  return starts.map((start, index) => [start, (starts[index + 1] ?? first + lines.length) - 1]);
}
