import type { ChangedObject } from './changed-objects.js';
import type { Effect } from './effects.js';

/** What a compilation changes in its output, with what stands behind it. */
export interface ChangeReport {
  /** The output directory, as its reader names it. */
  readonly directory: string;
  readonly objects: readonly ChangedObject[];
  readonly effects: readonly Effect[];
  /** The command that writes it, where it is only said and nothing is written. */
  readonly writing: string | undefined;
}
