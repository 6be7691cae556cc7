import type { ChalkInstance } from 'chalk';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { compareText } from '../util/order.js';

/** Texts by path. */
export type Tree = ReadonlyMap<string, string>;

/** The unified diff that turns one tree of files into another, file by file in order of path; empty when they agree. */
export function diffTrees(before: Tree, after: Tree): string {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  return paths.map((path) => diffFile(path, before.get(path), after.get(path))).join('');
}

function diffFile(path: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return '';
  const oldName = before === undefined ? '/dev/null' : `a/${path}`;
  const newName = after === undefined ? '/dev/null' : `b/${path}`;
  return unifiedDiff(oldName, newName, before ?? '', after ?? '');
}

/** A unified diff as it is known from the terminal: what comes in green, what goes in red. */
export function paintDiff(difference: string, pen: ChalkInstance): string {
  const paint = (line: string): string => {
    if (/^(?:\+\+\+|---) /.test(line)) return pen.bold(line);
    if (line.startsWith('@@')) return pen.cyan(line);
    return line.startsWith('+') ? pen.green(line) : line.startsWith('-') ? pen.red(line) : line;
  };
  return pen.level === 0 ? difference : difference.split('\n').map(paint).join('\n');
}

/** The unified diff of two texts, with three lines around each change. */
export function unifiedDiff(oldName: string, newName: string, before: string, after: string): string {
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(oldName, newName, before, after, undefined, undefined, options);
}
