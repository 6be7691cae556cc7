import { basename, dirname } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { sortBy } from '../../util/order.js';
import type { DirectoryEntry, FileSystem, Host } from './host.js';
import { systemErrorCode } from './system-error.js';
import { writeFile } from './write-file.js';

/** Texts that stand for files and are not yet on the disk, by real path. */
export type Edits = ReadonlyMap<string, string>;

/** The host as it would be if the edits were written: also those of files that are not there yet. */
export function withEdits(host: Host, edits: Edits): Host {
  const { files } = host;
  const added = new Map([...edits].filter(([path]) => !isThere(files, path)));
  const edited: FileSystem = {
    ...files,
    status(path) {
      const text = added.get(path);
      return text === undefined ? files.status(path) : { kind: 'file', size: Buffer.byteLength(text) };
    },
    realPath: (path) => (added.has(path) ? path : files.realPath(path)),
    list(directory) {
      const there = files.list(directory);
      const real = added.size === 0 ? directory : files.realPath(directory);
      const own = [...added.keys()].filter((path) => dirname(path) === real);
      const entries = own.map((path): DirectoryEntry => ({ name: basename(path), kind: 'file' }));
      return entries.length === 0 ? there : sortBy([...there, ...entries], ({ name }) => name);
    },
    read(path) {
      const text = added.get(path) ?? edits.get(files.realPath(path));
      return text === undefined ? files.read(path) : new TextEncoder().encode(text);
    },
  };
  return { ...host, files: edited };
}

function isThere(files: FileSystem, path: string): boolean {
  try {
    files.status(path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

const byteOrderMark = [0xef, 0xbb, 0xbf];

/** Writes the edits; a link stays a link, and a file that begins with a byte order mark keeps it. */
export function writeEdits(host: Host, edits: Edits): readonly Diagnostic[] {
  return [...edits].flatMap(([path, text]) => {
    const before = host.files.read(path);
    const isMarked = byteOrderMark.every((byte, index) => before[index] === byte);
    return writeFile(host, path, isMarked ? `\ufeff${text}` : text);
  });
}
