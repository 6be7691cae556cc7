import type { Labels, Waypoint, Workload } from '../../../topology/model.js';
import type { Bound } from '../../states/bindings.js';
import { labelling, type Moment } from '../../states/moment.js';
import type { Output } from '../beside.js';
import type { DecidingWaypoint } from '../exempt-waypoints.js';
import type { Phase } from '../phase.js';
import type { RestartGroups } from '../restart-groups.js';
import type { Wave } from '../waves.js';

/** A phase before it has its number. */
export type Step = Omit<Phase, 'name'> & { readonly slug: string };

export interface WaveChange {
  readonly wave: Wave;
  /** The resting state that the wave starts from. */
  readonly from: Moment;
  readonly before: Output;
  readonly after: Output;
  /** Those that decide about calls to the Services that move. */
  readonly waypoints: readonly DecidingWaypoint[];
  /** What asks for a waypoint by labels of its own, and does no more once the wave has moved. */
  readonly leaving: readonly Bound[];
  /** Waypoints of others through which nothing comes any more once the wave has moved. */
  readonly leftWaypoints: readonly Waypoint[];
  /** Which of the workloads of one restart may move in the same moments. */
  readonly restartGroups: RestartGroups;
  /** What is restarted, by `cluster/namespace/name`. */
  workloadOf(key: string): Workload;
  /** What a namespace says before anything moves, as `cluster/namespace`. */
  labelsOf(namespace: string): Labels;
  /** The revision whose injector gives pods of a cluster their sidecars. */
  revisionOf(cluster: string): string;
}

export function stepOf({ namespaces }: Wave, slug: string, title: string): Step {
  return {
    slug,
    title,
    namespaces,
    files: [],
    patches: [],
    commands: [],
    circles: [],
    rollback: { files: [], commands: [], states: [] },
    states: [],
  };
}

export function withNamespaces(moment: Moment, { namespaces }: Wave): Moment {
  return labelling(moment, namespaces);
}

export function restarted(moment: Moment, workloads: readonly string[]): Moment {
  return { ...moment, moved: new Set([...moment.moved, ...workloads]) };
}

export function finished(moment: Moment, { restarts }: Wave): Moment {
  return restarted(
    moment,
    restarts.flatMap(({ workloads }) => workloads),
  );
}

export function movingIn({ wave, workloadOf }: WaveChange): readonly Workload[] {
  return wave.restarts.flatMap(({ workloads }) => workloads.map(workloadOf));
}
