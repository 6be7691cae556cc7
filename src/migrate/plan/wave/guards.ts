import type { OutputFile } from '../../../emit/output-files.js';
import { deletes, uncover } from '../commands.js';
import type { State } from '../phase.js';
import { type Step, stepOf, type WaveChange } from './change.js';

type Standing = Omit<State, 'title'>;

/** What a step applies, and what it takes away. */
export interface Changed {
  readonly applied: readonly OutputFile[];
  readonly deleted: readonly OutputFile[];
}

export function closeStep(change: WaveChange, files: Changed, before: readonly OutputFile[], standing: Standing): Step {
  return guardStep(
    change,
    files,
    before,
    { title: 'nobody comes past the waypoints', ...standing },
    'the ways past the waypoints are closed',
  );
}

export function openStep(change: WaveChange, files: Changed, before: readonly OutputFile[], standing: Standing): Step {
  return guardStep(
    change,
    files,
    before,
    { title: 'policies at the pods decide about whoever comes past the waypoints', ...standing },
    'the ways past the waypoints are opened',
  );
}

/** `before` is what stood until then. */
function guardStep(
  { wave }: WaveChange,
  { applied, deleted }: Changed,
  before: readonly OutputFile[],
  state: State,
  title: string,
): Step {
  const rollback = uncover(applied, before, state);
  return {
    ...stepOf(wave, 'guards', title),
    files: applied,
    commands: deletes(deleted),
    rollback: { ...rollback, files: [...rollback.files, ...deleted] },
    states: applied.length + deleted.length === 0 ? [] : [state],
  };
}
