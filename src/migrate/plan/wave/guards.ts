import type { OutputFile } from '../../../emit/output-files.js';
import { deletes, uncover } from '../commands.js';
import type { State } from '../phase.js';
import { type Step, stepOf, type WaveChange } from './change.js';

type Standing = Omit<State, 'title'>;

export function closeStep(
  { wave }: WaveChange,
  guards: readonly OutputFile[],
  before: readonly OutputFile[],
  standing: Standing,
): Step {
  return {
    ...stepOf(wave, 'guards', 'the ways past the waypoints are closed'),
    files: guards,
    rollback: uncover(guards, before, standing),
    states: guards.length === 0 ? [] : [{ title: 'nobody comes past the waypoints', ...standing }],
  };
}

export function openStep({ wave }: WaveChange, guards: readonly OutputFile[], standing: Standing): Step {
  return {
    ...stepOf(wave, 'guards', 'the ways past the waypoints are opened'),
    commands: deletes(guards),
    rollback: { files: guards, commands: [], states: [] },
    states:
      guards.length === 0
        ? []
        : [{ title: 'policies at the pods decide about whoever comes past the waypoints', ...standing }],
  };
}
