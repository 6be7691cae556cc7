import type { Recall } from '../../util/memory.js';
import type { FileStatus, FileSystem } from './host.js';

/**
 * The same files for whoever reads them again and again: one is read anew unless its stamp says that it is as it was. Whoever
 * asks for the status of a file and then reads it asks the system once.
 */
export function readAgain(files: FileSystem, recall: Recall): FileSystem {
  let asked: { readonly path: string; readonly status: FileStatus } | undefined;
  const status = (path: string) => {
    asked = { path, status: files.status(path) };
    return asked.status;
  };
  return {
    ...files,
    status,
    read(path) {
      const { stamp } = asked?.path === path ? asked.status : status(path);
      asked = undefined;
      return stamp === undefined ? files.read(path) : recall(path, stamp, () => files.read(path));
    },
  };
}
