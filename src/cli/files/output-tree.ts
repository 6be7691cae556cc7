import { join } from 'node:path';
import type { OutputFile } from '../../pipeline.js';
import { assert } from '../../util/assert.js';
import { compareText, sortedUnique } from '../../util/order.js';
import type { FileSystem } from './host.js';
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
  const paths = sortedUnique(files.map(({ path }) => path));
  assert(paths.length === files.length, 'two output files have one path');
  for (const path of paths) assertInside(path);
  const marker = [markerComment, ...paths, ''].join('\n');
  const all = [...files, { path: markerName, text: marker }].sort((left, right) => compareText(left.path, right.path));
  return new Map(all.map(({ path, text }) => [path, text]));
}

function assertInside(path: string): void {
  const segments = path.split('/');
  const isPlain = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
  assert(
    isPlain && !/[\\\p{Cc}]/u.test(path) && path !== markerName,
    `output path ${JSON.stringify(path)} is not plain`,
  );
}

/** `undefined` where the directory does not exist. Fails with the system's error when it cannot be read. */
export function readTree(files: FileSystem, directory: string): FoundTree | undefined {
  if (!exists(files, directory)) return undefined;
  const listed = listedFiles(files, directory);
  const own = new Map<string, Uint8Array>();
  const foreign: string[] = [];
  for (const { path, isFile } of walk(files, directory, '')) {
    if (isFile && listed.has(path)) own.set(path, files.read(join(directory, path)));
    else foreign.push(path);
  }
  return { own, foreign: foreign.sort(compareText) };
}

/** The texts of what Ambit wrote, without the marker, which only repeats their names. */
export function textsOf(own: FoundTree['own']): ReadonlyMap<string, string> {
  const decoder = new TextDecoder();
  const files = [...own].filter(([path]) => path !== markerName);
  return new Map(files.map(([path, bytes]) => [path, decoder.decode(bytes)]));
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
  return [...wanted].every(([path, text]) => isSameFile(found, path, text));
}

export function isSameFile({ own }: FoundTree, path: string, text: string): boolean {
  const bytes = own.get(path);
  return bytes !== undefined && Buffer.from(text).equals(bytes);
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
