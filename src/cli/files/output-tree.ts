import { join } from 'node:path';
import type { OutputFile } from '../../pipeline.js';
import { assert } from '../../util/assert.js';
import { oncePerObject } from '../../util/once.js';
import { compareText } from '../../util/order.js';
import type { FileSystem } from './host.js';
import { isText, textOf } from './known-text.js';
import { systemErrorCode } from './system-error.js';

/** The file that makes a directory Ambit's own: it lists every other file that Ambit wrote there. */
export const markerName = '.ambit';

const markerComment = '# `ambit compile` writes and replaces this directory whole; it owns the files listed here.';

/** An output directory as it should be: texts by path, sorted, the marker among them. */
export type WantedTree = ReadonlyMap<string, string>;

/** An output directory as it is. */
export interface FoundTree {
  /** The marker and the files that it lists, as far as they exist. */
  readonly own: ReadonlyMap<string, Uint8Array>;
  /** What else lies there, sorted. */
  readonly foreign: readonly string[];
}

/** Names that would leave the directory, or two files of one name, are a bug of whoever named them. */
export function wantedTree(files: readonly OutputFile[]): WantedTree {
  const sorted = [...files].sort(inOrderOfPath);
  const outside = files.find((file) => !isInside(file));
  assert(outside === undefined, `output path ${JSON.stringify(outside?.path)} is not plain`);
  const marker = { path: markerName, text: [markerComment, ...sorted.map(({ path }) => path), ''].join('\n') };
  const wanted = new Map([...sorted, marker].sort(inOrderOfPath).map(({ path, text }) => [path, text]));
  assert(wanted.size === files.length + 1, 'two output files have one path');
  return wanted;
}

function inOrderOfPath(left: OutputFile, right: OutputFile): number {
  return compareText(left.path, right.path);
}

const isInside = oncePerObject(({ path }: OutputFile): boolean => {
  const segments = path.split('/');
  const isPlain = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return isPlain && !/[\\\p{Cc}]/u.test(path) && path !== markerName;
});

/** `undefined` where the directory does not exist. Fails with the system's error when it cannot be read. */
export function readTree(files: FileSystem, directory: string): FoundTree | undefined {
  if (!exists(files, directory)) return undefined;
  const listed = listedFiles(files, directory);
  const own = new Map<string, Uint8Array>();
  const foreign: string[] = [];
  for (const { path, isFile } of walk(files, directory, '')) {
    if (isFile && listed.has(path)) own.set(path, files.read(`${directory}/${path}`));
    else foreign.push(path);
  }
  return { own, foreign: foreign.sort(compareText) };
}

/**
 * The tree where it is exactly as it should be. It is read as far as the first difference, from those paths on where one is
 * likely.
 */
export function readSettled(
  files: FileSystem,
  directory: string,
  wanted: WantedTree,
  likely: readonly string[],
): FoundTree | undefined {
  if (!exists(files, directory)) return undefined;
  const own = new Map<string, Uint8Array>();
  const isAsWanted = (path: string) => {
    const bytes = own.get(path) ?? files.read(`${directory}/${path}`);
    own.set(path, bytes);
    return isText(bytes, wanted.get(path) ?? '');
  };
  if (!likely.every(isAsWanted)) return undefined;
  const found = [...walk(files, directory, '')];
  if (found.length !== wanted.size || !found.every(({ path, isFile }) => isFile && wanted.has(path))) return undefined;
  return [...wanted.keys()].every(isAsWanted) ? { own, foreign: [] } : undefined;
}

/** The texts of what Ambit wrote, without the marker, which only repeats their names. */
export function textsOf(own: FoundTree['own']): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [path, bytes] of own) texts.set(path, textOf(bytes));
  texts.delete(markerName);
  return texts;
}

export function exists(files: FileSystem, path: string): boolean {
  try {
    files.status(path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Whether a directory is Ambit's own output, which is never read as input. */
export function isOutputDirectory(files: FileSystem, directory: string): boolean {
  return exists(files, join(directory, markerName));
}

export function isSameTree(found: FoundTree, wanted: WantedTree): boolean {
  if (found.own.size !== wanted.size) return false;
  for (const [path, text] of wanted) if (!isSameFile(found, path, text)) return false;
  return true;
}

export function isSameFile({ own }: FoundTree, path: string, text: string): boolean {
  const bytes = own.get(path);
  return bytes !== undefined && isText(bytes, text);
}

function listedFiles(files: FileSystem, directory: string): ReadonlySet<string> {
  if (!isOutputDirectory(files, directory)) return new Set();
  const lines = new TextDecoder().decode(files.read(join(directory, markerName))).split('\n');
  return new Set([markerName, ...lines.filter((line) => line !== '' && !line.startsWith('#'))]);
}

function* walk(files: FileSystem, root: string, prefix: string): Generator<{ path: string; isFile: boolean }> {
  for (const { name, kind } of files.list(join(root, prefix))) {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    if (kind === 'directory') yield* walk(files, root, path);
    else yield { path, isFile: kind === 'file' };
  }
}
