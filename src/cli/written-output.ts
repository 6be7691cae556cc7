import { resolve } from 'node:path';
import { diagnostic } from '../diagnostics/create.js';
import type { Result } from '../diagnostics/diagnostic.js';
import type { AppliedFile } from '../verify/applied.js';
import type { Host } from './host.js';
import type { Loaded } from './load.js';
import { markerName, readTree } from './output-tree.js';
import { shownPath } from './shown-path.js';
import { reasonOf } from './system-error.js';

/** The output directory that is meant: the one that is named, else the project's. Absolute. */
export function outputDirectory(
  host: Host,
  { directory, project }: Pick<Loaded, 'directory' | 'project'>,
  named: string | undefined,
): string | undefined {
  if (named !== undefined) return resolve(host.workingDirectory, named);
  return project?.output === undefined ? undefined : resolve(directory, project.output);
}

/** The objects that Ambit wrote into its directory; one that does not exist holds none. */
export function readOutput(host: Host, directory: string): Result<readonly AppliedFile[]> {
  try {
    const own = readTree(host.files, directory)?.own ?? new Map<string, Uint8Array>();
    const decoder = new TextDecoder();
    const objects = [...own].filter(([path]) => path !== markerName && path.includes('/'));
    return { value: objects.map(([path, bytes]) => ({ path, text: decoder.decode(bytes) })), diagnostics: [] };
  } catch (error) {
    const parameters = { path: shownPath(host, directory), reason: reasonOf(error) };
    return { value: [], diagnostics: [diagnostic('output-not-readable', parameters, null)] };
  }
}
