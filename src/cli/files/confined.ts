import { join, sep } from 'node:path';
import type { FileSystem, Host } from './host.js';

/** The code of the error for a path that a server does not look at. */
export const outside = 'EOUTSIDE';

/**
 * The host as a server has it that answers another program: it reads below the roots, the package's own pages and in
 * temporary directories of its own, links followed, and writes in those alone. Of any other path it does not even tell whether
 * something is there. Stdin belongs to the conversation.
 */
export function confined(host: Host, roots: readonly string[]): Host {
  const { files } = host;
  const scratch: string[] = [];
  const ownPages = ['docs', 'schemas'].map((name) => join(host.packageDirectory, name));
  const readable = [...roots, ...ownPages].flatMap((root) => [root, realPathOf(files, root)]);
  const isReadable = (path: string) => [...readable, ...scratch].some((root) => isBelow(path, root));
  const look = (path: string): string => {
    if (!isReadable(path) || !isReadable(files.realPath(path))) throw systemError(outside, path);
    return path;
  };
  const change = (path: string): string => {
    if (!scratch.some((root) => isBelow(path, root))) throw systemError('EROFS', path);
    return path;
  };
  return {
    ...host,
    files: {
      ...files,
      status: (path) => files.status(look(path)),
      realPath: (path) => files.realPath(look(path)),
      list: (directory) => files.list(look(directory)),
      read: (path) => files.read(look(path)),
      write: (path, text) => files.write(change(path), text),
      create: (path, text) => files.create(change(path), text),
      makeDirectory: (path) => files.makeDirectory(change(path)),
      rename: (from, to) => files.rename(change(from), change(to)),
      remove: (path) => files.remove(change(path)),
      nextEvent: (directories) => files.nextEvent(directories.map(look)),
    },
    makeTemporaryDirectory: () => {
      const made = host.makeTemporaryDirectory();
      scratch.push(made);
      return made;
    },
    readStandardInput: async () => new Uint8Array(),
  };
}

/** Whether a path is a directory, or lies in it. */
export function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

/** A root that is not there holds nothing. */
function realPathOf(files: FileSystem, root: string): string {
  try {
    return files.realPath(root);
  } catch {
    return root;
  }
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
