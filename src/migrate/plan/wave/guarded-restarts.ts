import type { OutputFile } from '../../../emit/output-files.js';
import type { Moment } from '../../states/moment.js';
import { goneFrom, over, type PodGuard } from '../beside.js';
import type { Restart } from '../waves.js';
import type { Step, WaveChange } from './change.js';
import { closeStep, openStep } from './guards.js';
import { restarted, restartStep } from './restarts.js';

interface GuardedRestarts {
  readonly steps: readonly Step[];
  /** What stands once all pods have moved. */
  readonly applied: readonly OutputFile[];
}

/** Pods become ambient behind their guards. These are closed once the callers have moved, who then come through the waypoints. */
export function closingRestarts(
  change: WaveChange,
  labelled: Moment,
  applied: readonly OutputFile[],
  guards: readonly PodGuard[],
): GuardedRestarts {
  const steps: Step[] = [];
  let [moment, standing, open] = [labelled, applied, guards];
  for (const restart of change.wave.restarts) {
    const due = open.filter((guard) => isForSome(change, guard, [restart]));
    const files = due.flatMap((guard) => guard.files);
    open = open.filter((guard) => !due.includes(guard));
    const closed = over(standing, files);
    steps.push(
      closeStep(change, files, standing, { moment, applied: closed }),
      restartStep(change, restart, moment, closed),
    );
    standing = closed;
    moment = restarted(moment, restart.workloads);
  }
  return { steps, applied: standing };
}

/** The way back: guards are opened once the last of their pods has a sidecar. */
export function openingRestarts(
  change: WaveChange,
  labelled: Moment,
  applied: readonly OutputFile[],
  guards: readonly PodGuard[],
): GuardedRestarts {
  const { restarts } = change.wave;
  const steps: Step[] = [];
  let [moment, standing, closed] = [labelled, applied, guards];
  for (const [index, restart] of restarts.entries()) {
    steps.push(restartStep(change, restart, moment, standing));
    moment = restarted(moment, restart.workloads);
    const due = closed.filter((guard) => !isForSome(change, guard, restarts.slice(index + 1)));
    const files = due.flatMap((guard) => guard.files);
    closed = closed.filter((guard) => !due.includes(guard));
    standing = goneFrom(standing, files);
    steps.push(openStep(change, files, { moment, applied: standing }));
  }
  return { steps, applied: standing };
}

function isForSome({ workloadOf }: WaveChange, guard: PodGuard, restarts: readonly Restart[]): boolean {
  return restarts.some(({ workloads }) => workloads.some((key) => guard.isFor(workloadOf(key))));
}
