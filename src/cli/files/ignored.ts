import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Result } from '../../diagnostics/diagnostic.js';
import type { FileSystem } from './host.js';
import { type IgnoreRule, parseIgnoreFile } from './ignore-rules.js';
import { readText } from './read-text.js';

/** The file that says which of the files beside and below it are no input. */
export const ignoreFileName = '.ambitignore';

type Rules = Result<readonly IgnoreRule[]>;

/** What the ignore file of a directory says; nothing where it has none. Its path is shown relative to the root. */
export function rulesIn(files: FileSystem, root: string, directory: string): Rules {
  const path = join(directory, ignoreFileName);
  const content = readText(files, path, relative(root, path), null);
  if ('fault' in content) {
    const isAbsent = content.fault.name === 'path-not-found';
    return { value: [], diagnostics: isAbsent ? [] : [content.fault] };
  }
  return { value: parseIgnoreFile(content.text, directory), diagnostics: [] };
}

/** What the ignore files say of a path that lie above it, from the root down. */
export function rulesOnTheWay(files: FileSystem, root: string, path: string): Rules {
  const results = directoriesBetween(root, dirname(path)).map((directory) => rulesIn(files, root, directory));
  return {
    value: results.flatMap(({ value }) => value),
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** Both included; none where the second is not below the first. */
function directoriesBetween(root: string, end: string): readonly string[] {
  const way = relative(root, end);
  if (way === '..' || way.startsWith(`..${sep}`)) return [];
  const steps = way.split(sep).filter((step) => step !== '');
  return [root, ...steps.map((_, index) => resolve(root, ...steps.slice(0, index + 1)))];
}
