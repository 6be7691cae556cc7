import type { Recall } from '../../util/memory.js';
import type { FileSystem } from './host.js';

/** The same files for whoever reads them again and again: one is read anew unless its stamp says that it is as it was. */
export function readAgain(files: FileSystem, recall: Recall): FileSystem {
  return {
    ...files,
    read(path) {
      const { stamp } = files.status(path);
      return stamp === undefined ? files.read(path) : recall(`bytes of ${path}`, stamp, () => files.read(path));
    },
  };
}
