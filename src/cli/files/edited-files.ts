import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { FileSystem, Host } from './host.js';
import { writeFile } from './write-file.js';

/** Texts that stand for files and are not yet on the disk, by real path. */
export type Edits = ReadonlyMap<string, string>;

/** The host as it would be if the edits were written. */
export function withEdits(host: Host, edits: Edits): Host {
  const files: FileSystem = {
    ...host.files,
    read(path) {
      const edited = edits.get(host.files.realPath(path));
      return edited === undefined ? host.files.read(path) : new TextEncoder().encode(edited);
    },
  };
  return { ...host, files };
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
