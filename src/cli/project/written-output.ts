import { resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import type { AppliedFile } from '../../mesh/applied.js';
import type { Host } from '../files/host.js';
import { markerName, readTree } from '../files/output-tree.js';
import { shownPath } from '../files/shown-path.js';
import { reasonOf } from '../files/system-error.js';
import type { Loaded } from './load.js';

/** The output directory that is meant: the one that is named, else the project's. Absolute. */
export function outputDirectory(
  host: Host,
  loaded: Pick<Loaded, 'directory' | 'project'>,
  named: string | undefined,
): string | undefined {
  return named === undefined ? outputOfProject(loaded) : resolve(host.workingDirectory, named);
}

/** The output directory that the project names. Absolute. */
export function outputOfProject({ directory, project }: Pick<Loaded, 'directory' | 'project'>): string | undefined {
  return project?.output === undefined ? undefined : resolve(directory, project.output);
}

/** The objects that Ambit wrote into its directory, perhaps none; `undefined` where it never wrote there. */
export function readOutput(host: Host, directory: string): Result<readonly AppliedFile[] | undefined> {
  try {
    const own = readTree(host.files, directory)?.own;
    if (own?.has(markerName) !== true) return { value: undefined, diagnostics: [] };
    const decoder = new TextDecoder();
    const objects = [...own].filter(([path]) => path !== markerName && path.includes('/'));
    return { value: objects.map(([path, bytes]) => ({ path, text: decoder.decode(bytes) })), diagnostics: [] };
  } catch (error) {
    const parameters = { path: shownPath(host, directory), reason: reasonOf(error) };
    return { value: undefined, diagnostics: [diagnostic('output-not-readable', parameters, null)] };
  }
}

/** What is said of a directory that has to hold Ambit's output and does not. */
export function nothingWritten(host: Host, directory: string): Diagnostic {
  return diagnostic('nothing-written', { path: shownPath(host, directory) }, null);
}
