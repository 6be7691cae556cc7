import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Project } from './project-file.js';

/** Another version may write other bytes for the same intents, and call right output stale. */
export function checkVersion(project: Project | undefined, version: string): readonly Diagnostic[] {
  const pinned = project?.ambitVersion;
  if (pinned === undefined || pinned.value === version) return [];
  return [diagnostic('other-version', { version, pinned: pinned.value }, pinned.span)];
}
