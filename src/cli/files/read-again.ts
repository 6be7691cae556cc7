import type { Recall } from '../../util/memory.js';
import type { FileStatus, FileSystem } from './host.js';
import { bytesOf } from './known-text.js';

/**
 * The same files for whoever reads them again and again: one is read anew unless its stamp says that it is as it was. Whoever
 * asks for the status of a file and then reads it asks the system once. What is written, and then moved to where it is to lie,
 * is known without being read.
 */
export function readAgain(files: FileSystem, recall: Recall): FileSystem {
  let asked: { readonly path: string; readonly status: FileStatus } | undefined;
  const status = (path: string) => {
    asked = { path, status: files.status(path) };
    return asked.status;
  };
  /** What was written since something was last moved. */
  const written = new Map<string, string>();
  return {
    ...files,
    status,
    read(path) {
      const { stamp } = asked?.path === path ? asked.status : status(path);
      asked = undefined;
      return stamp === undefined ? files.read(path) : recall('file', path, stamp, () => files.read(path));
    },
    write(path, text) {
      files.write(path, text);
      written.set(path, text);
    },
    rename(from, to) {
      // Nobody else writes where something lies that is not in its place yet: now the stamps are those of what was written.
      const moved = [...written].filter(([path]) => path.startsWith(`${from}/`));
      const known = moved.map(([path, text]) => ({ path, text, stamp: stampOfWhole(files, path, text) }));
      files.rename(from, to);
      for (const { path, text, stamp } of known)
        if (stamp) recall('file', `${to}${path.slice(from.length)}`, stamp, () => bytesOf(text));
      written.clear();
    },
  };
}

/** The stamp of a file that holds a text as it was written. */
function stampOfWhole(files: FileSystem, path: string, text: string): FileStatus['stamp'] {
  const { size, stamp } = files.status(path);
  return size === Buffer.byteLength(text) ? stamp : undefined;
}
