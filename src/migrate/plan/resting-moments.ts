import type { Bound } from '../states/bindings.js';
import { labelling, type Moment, settling, unbinding } from '../states/moment.js';
import { isLeft } from './left-behind.js';
import { finished } from './wave/change.js';
import type { Wave } from './waves.js';

/** A wave, between the moments at which everything rests. */
interface BetweenMoments {
  readonly wave: Wave;
  readonly from: Moment;
  readonly next: Moment;
  /** What is unbound with it. */
  readonly leaving: readonly Bound[];
}

/** From one resting moment to the next, wave by wave. */
export function restingMoments(
  waves: readonly Wave[],
  start: Moment,
  bound: readonly Bound[],
): readonly BetweenMoments[] {
  const steps: BetweenMoments[] = [];
  let from = start;
  for (const wave of waves) {
    const { moved } = finished(from, wave);
    const leaving = bound.filter((each) => isLeft(each, wave, (key) => !start.moving.has(key) || moved.has(key)));
    const next = unbinding(afterWave(from, wave), leaving);
    steps.push({ wave, from, next, leaving });
    from = next;
  }
  return steps;
}

function afterWave(moment: Moment, wave: Wave): Moment {
  return settling(labelling(finished(moment, wave), wave.namespaces), wave.namespaces);
}
