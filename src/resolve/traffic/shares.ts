import type { Rollout, SplitShare, TrafficSettings } from '../../parse/traffic/settings.js';

/** How the requests that no route takes are shared among versions: as `split` says, or as far as a rollout has come. */
export function sharesOf({ split, rollout }: TrafficSettings): readonly SplitShare[] {
  if (rollout === undefined) return split;
  const weight = percentAfter(rollout.steps, rollout.step.value);
  return [
    { version: rollout.from, weight: 100 - weight },
    { version: rollout.to, weight },
  ];
}

/** How many of a hundred requests the new version gets after so many steps. */
export function percentAfter(steps: Rollout['steps'], step: number): number {
  return steps[step - 1]?.value ?? 0;
}
