import type { Changes } from './changed-objects.js';
import type { Effect } from './effects.js';

/** What a compilation changes in its output, with what stands behind it. */
export interface ChangeReport extends Changes {
  /** The output directory, as its reader names it. */
  readonly directory: string;
  readonly effects: readonly Effect[];
  /** The command that writes it, where it is only said and nothing is written. */
  readonly writing: string | undefined;
}
