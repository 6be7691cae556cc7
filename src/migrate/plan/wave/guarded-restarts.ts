import type { OutputFile } from '../../../emit/output-files.js';
import type { Workload } from '../../../topology/model.js';
import type { Moment } from '../../states/moment.js';
import { goneFrom, over } from '../beside.js';
import type { Restart } from '../waves.js';
import { restarted, type Step, type WaveChange } from './change.js';
import { type Changed, closeStep, openStep } from './guards.js';
import { restartStep } from './restarts.js';

/** What is applied and deleted for some pods while they move. */
export interface PodChange extends Changed {
  isFor(workload: Workload): boolean;
}

interface GuardedRestarts {
  readonly steps: readonly Step[];
  /** What stands once all pods have moved. */
  readonly applied: readonly OutputFile[];
}

/**
 * Pods become ambient behind their guards. These are closed once the callers have moved, who then come through the waypoints;
 * what lets others in goes with the last of its pods.
 */
export function closingRestarts(
  change: WaveChange,
  labelled: Moment,
  applied: readonly OutputFile[],
  closing: readonly PodChange[],
): GuardedRestarts {
  const { restarts } = change.wave;
  const steps: Step[] = [];
  let [moment, standing, open] = [labelled, applied, closing];
  for (const [index, restart] of restarts.entries()) {
    const later = restarts.slice(index + 1);
    const due = open.filter(
      (each) => isForSome(change, each, [restart]) && (each.deleted.length === 0 || !isForSome(change, each, later)),
    );
    open = open.filter((each) => !due.includes(each));
    const all = together(due);
    const closed = after(standing, all);
    steps.push(
      closeStep(change, all, standing, { moment, applied: closed }),
      restartStep(change, restart, moment, closed),
    );
    standing = closed;
    moment = restarted(moment, restart.workloads);
  }
  return { steps, applied: standing };
}

/** The way back: guards are opened once the last of their pods has a sidecar, and what is for sidecars alone stands from then on. */
export function openingRestarts(
  change: WaveChange,
  labelled: Moment,
  applied: readonly OutputFile[],
  opening: readonly PodChange[],
): GuardedRestarts {
  const { restarts } = change.wave;
  const steps: Step[] = [];
  let [moment, standing, closed] = [labelled, applied, opening];
  for (const [index, restart] of restarts.entries()) {
    steps.push(restartStep(change, restart, moment, standing));
    moment = restarted(moment, restart.workloads);
    const due = closed.filter((each) => !isForSome(change, each, restarts.slice(index + 1)));
    closed = closed.filter((each) => !due.includes(each));
    const all = together(due);
    const opened = after(standing, all);
    steps.push(openStep(change, all, standing, { moment, applied: opened }));
    standing = opened;
  }
  return { steps, applied: standing };
}

function together(changes: readonly PodChange[]): Changed {
  return {
    applied: changes.flatMap(({ applied }) => applied),
    deleted: changes.flatMap(({ deleted }) => deleted),
  };
}

function after(standing: readonly OutputFile[], { applied, deleted }: Changed): readonly OutputFile[] {
  return over(goneFrom(standing, deleted), applied);
}

function isForSome({ workloadOf }: WaveChange, { isFor }: PodChange, restarts: readonly Restart[]): boolean {
  return restarts.some(({ workloads }) => workloads.some((key) => isFor(workloadOf(key))));
}
