import { withAges } from '../ages.js';
import type { State } from '../phase.js';
import type { Step, WaveChange } from './change.js';
import { toAmbient } from './to-ambient.js';
import { toSidecar } from './to-sidecar.js';

/** What a wave does, step by step, whatever its direction: what has nothing to do is left out. */
export function wavePhases(change: WaveChange): readonly Step[] {
  const { from } = change;
  const steps = from.target === 'ambient' ? toAmbient(change) : toSidecar(change);
  const aged = (state: State): State => ({ ...state, applied: withAges(state.applied, change.before.files) });
  return steps
    .filter(({ files, patches, commands }) => files.length + patches.length + commands.length > 0)
    .map((step) => {
      const { rollback, states } = step;
      return { ...step, states: states.map(aged), rollback: { ...rollback, states: rollback.states.map(aged) } };
    });
}
