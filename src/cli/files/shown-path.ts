import { relative } from 'node:path';
import type { Host } from './host.js';

/** An absolute path as somebody in the working directory would write it. */
export function shownPath({ workingDirectory }: Host, path: string): string {
  const shown = relative(workingDirectory, path);
  return shown === '' ? '.' : shown;
}
