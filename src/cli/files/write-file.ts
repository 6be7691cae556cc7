import { dirname } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Host } from './host.js';
import { shownPath } from './shown-path.js';
import { reasonOf } from './system-error.js';

/** Writes one file that the user named, with its directory; it appears whole or not at all. */
export function writeFile(host: Host, path: string, text: string): readonly Diagnostic[] {
  const { files, process } = host;
  const draft = `${path}.${process.id}`;
  try {
    files.makeDirectory(dirname(path));
    files.write(draft, text);
    files.rename(draft, path);
    return [];
  } catch (error) {
    return [diagnostic('output-not-written', { path: shownPath(host, path), reason: reasonOf(error) }, null)];
  }
}
