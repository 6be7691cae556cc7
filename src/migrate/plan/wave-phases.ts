import type { OutputFile } from '../../emit/output-files.js';
import type { JsonObject } from '../../parse/document.js';
import { label } from '../../topology/labels.js';
import type { Labels } from '../../topology/model.js';
import { finalLabels, namespaceLabels, type Wanted } from '../states/labels-of-state.js';
import type { Moment } from '../states/moment.js';
import {
  behindWaypoints,
  copiesOf,
  goneFrom,
  inPhases,
  newIn,
  notYetReady,
  type Output,
  over,
  routesIn,
  withAges,
} from './beside.js';
import { deletes, inOrderOfRemoval, restartCommands, subjectOf, uncover } from './commands.js';
import type { DecidingWaypoint } from './exempt-waypoints.js';
import type { Command, Patch, Phase, State } from './phase.js';
import { halfway, type Wave } from './waves.js';

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
  /** The kind of each workload that is restarted: `Deployment`. */
  kindOf(workload: string): string;
  /** What a namespace says before anything moves, as `cluster/namespace`. */
  labelsOf(namespace: string): Labels;
  /** The revision whose injector gives pods of a cluster their sidecars. */
  revisionOf(cluster: string): string;
}

/** What a wave does, step by step, whatever its direction: what has nothing to do is left out. */
export function wavePhases(change: WaveChange): readonly Step[] {
  const { from } = change;
  const steps = from.target === 'ambient' ? toAmbient(change) : toSidecar(change);
  const aged = (state: State): State => ({ ...state, applied: withAges(state.applied, change.before.files) });
  return steps
    .filter(({ files, patches, commands }) => files.length + patches.length + commands.length > 0)
    .map((step) => ({ ...step, states: step.states.map(aged) }));
}

/** Callers come through the waypoint before the pods behind it move, and the old policies stay until all have. */
function toAmbient(change: WaveChange): readonly Step[] {
  const { wave, from, before, after } = change;
  const labelled = withNamespaces(from, wave);
  const infrastructure = newIn(before.files, inPhases(after, '10-infrastructure'));
  const standing = over(before.files, infrastructure);
  const copies = copiesOf(before, after, change.waypoints);
  const copied = over(standing, copies);
  const policies = newPolicies(change);
  const covered = over(copied, policies);
  const enrolment = newIn(before.files, inPhases(after, '30-enrolment'));
  const bound = over(covered, enrolment);
  return [
    {
      ...stepOf(wave, 'waypoints', 'waypoints come up, and nothing goes through them yet'),
      files: infrastructure,
      rollback: uncover(infrastructure, before.files),
      states: [{ title: 'the waypoints are there', moment: from, applied: standing }],
    },
    copiesStep(change, copies, copied),
    {
      ...stepOf(wave, 'policies', 'policies for waypoints and ztunnel stand beside those for sidecars'),
      files: policies,
      rollback: uncover(policies, before.files),
      states: [{ title: 'old and new policies stand side by side', moment: from, applied: covered }],
    },
    {
      ...stepOf(wave, 'enrolment', 'callers come through the waypoints'),
      files: enrolment,
      rollback: { files: [], commands: unlabel(enrolment) },
      states:
        enrolment.length === 0
          ? []
          : [
              {
                title: 'a Service is bound, and its waypoint is not ready',
                moment: from,
                applied: over(bound, infrastructure.map(notYetReady)),
              },
              { title: 'callers come through the waypoints', moment: from, applied: bound },
            ],
    },
    relabelStep(change, labelled, bound),
    ...restartSteps(change, labelled, bound),
    routesStep(change, finished(labelled, wave), bound),
    cleanupStep(change, finished(labelled, wave), copies),
  ];
}

/** Pods get sidecars while waypoints still stand before them; only then callers come straight again. */
function toSidecar(change: WaveChange): readonly Step[] {
  const { wave, from, before, after } = change;
  const labelled = withNamespaces(from, wave);
  const copies = copiesOf(before, after, change.waypoints);
  const copied = over(before.files, copies);
  const policies = newPolicies(change);
  const meanwhile = behindWaypoints(after, policies, change.waypoints);
  const beside = [...newIn(before.files, inPhases(after, '10-infrastructure')), ...meanwhile];
  const tightened = newIn(meanwhile, policies);
  const covered = over(copied, beside);
  const leaving = goneFrom(inPhases(before, '30-enrolment'), after.files);
  const unbound = goneFrom(covered, leaving);
  const tight = over(unbound, tightened);
  const end = { ...finished(labelled, wave), settled: new Set([...labelled.settled, ...wave.namespaces]) };
  const moved = finished(labelled, wave);
  return [
    copiesStep(change, copies, copied),
    {
      ...stepOf(wave, 'policies', 'policies for sidecars stand beside those for waypoints and ztunnel'),
      files: beside,
      rollback: uncover(beside, before.files),
      states: [{ title: 'old and new policies stand side by side', moment: from, applied: covered }],
    },
    relabelStep(change, labelled, covered),
    ...restartSteps(change, labelled, covered),
    {
      ...stepOf(wave, 'unbinding', 'callers come straight to the pods'),
      patches: leaving.map((file) => unbindingPatch(file)),
      rollback: { files: leaving, commands: [] },
      states:
        leaving.length === 0 ? [] : [{ title: 'callers come straight to the pods', moment: moved, applied: unbound }],
    },
    {
      ...stepOf(wave, 'guards', 'policies make no exception for waypoints any more'),
      files: tightened,
      rollback: uncover(tightened, meanwhile),
      states: [{ title: 'policies are as they stay', moment: moved, applied: tight }],
    },
    {
      ...stepOf(wave, 'leaving', 'namespaces leave ambient'),
      patches: wave.namespaces.map((namespace) => namespacePatch(namespace, finalLabels('sidecar'))),
      rollback: {
        files: [],
        commands: wave.namespaces.map((namespace) => labelCommand(namespace, { [label.dataplaneMode]: 'ambient' })),
      },
      states: [{ title: 'the namespaces say nothing of ambient any more', moment: end, applied: tight }],
    },
    routesStep(change, end, tight),
    cleanupStep(change, end, copies),
  ];
}

function stepOf({ namespaces }: Wave, slug: string, title: string): Step {
  return {
    slug,
    title,
    namespaces,
    files: [],
    patches: [],
    commands: [],
    rollback: { files: [], commands: [] },
    states: [],
  };
}

function newPolicies({ before, after }: WaveChange): readonly OutputFile[] {
  return newIn(before.files, goneFrom(inPhases(after, '20-policies', '40-guards'), routesIn(after)));
}

/** Copies stand before anything takes the place of what they are copies of. */
function copiesStep({ wave, from }: WaveChange, copies: readonly OutputFile[], applied: readonly OutputFile[]): Step {
  return {
    ...stepOf(wave, 'copies', 'policies that are about to change get copies that stay'),
    files: copies,
    rollback: uncover(copies, []),
    states: [{ title: 'copies say what the policies say', moment: from, applied }],
  };
}

function routesStep({ wave, before, after }: WaveChange, moment: Moment, applied: readonly OutputFile[]): Step {
  const files = newIn(before.files, routesIn(after));
  const replaced = goneFrom(routesIn(before), after.files);
  return {
    ...stepOf(wave, 'routes', 'routes for the other plane take the place of the old ones'),
    files,
    rollback: uncover(files, before.files),
    // Whichever a proxy reads first, a request is routed by an old route or by a new one, and the state before has the old ones alone.
    states: [
      { title: 'requests may be routed by new routes', moment, applied: over(goneFrom(applied, replaced), files) },
    ],
  };
}

function withNamespaces(moment: Moment, { namespaces }: Wave): Moment {
  return { ...moment, labelled: new Set([...moment.labelled, ...namespaces]) };
}

function finished(moment: Moment, { restarts }: Wave): Moment {
  return { ...moment, moved: new Set([...moment.moved, ...restarts.flatMap(({ workloads }) => workloads)]) };
}

function relabelStep(change: WaveChange, labelled: Moment, applied: readonly OutputFile[]): Step {
  const { wave, from, revisionOf } = change;
  return {
    ...stepOf(
      wave,
      'labels',
      `pods that start from now on are ${from.target === 'ambient' ? 'ambient' : 'given sidecars'}`,
    ),
    patches: wave.namespaces.map((namespace) =>
      namespacePatch(namespace, namespaceLabels(from.target, revisionOf(namespace.slice(0, namespace.indexOf('/'))))),
    ),
    rollback: {
      files: [],
      commands: wave.namespaces.map((namespace) => labelCommand(namespace, asBefore(change, namespace))),
    },
    states: [{ title: 'the namespaces are labelled, and no pod has started anew', moment: labelled, applied }],
  };
}

/** What takes the labels of a namespace back while no pod has moved yet. */
function asBefore({ labelsOf }: WaveChange, namespace: string): Wanted {
  const keys = [label.dataplaneMode, label.injection, label.revision];
  return Object.fromEntries(keys.map((key) => [key, labelsOf(namespace)[key]]));
}

/**
 * What makes pods start on the plane that they came from. The label of ambient stays until the last one has: without it
 * ztunnel lets go of those that run (E-01), and a sidecar beats it.
 */
function restartLabels(change: WaveChange, namespace: string): Wanted {
  const { [label.dataplaneMode]: _, ...injection } = asBefore(change, namespace);
  return injection;
}

function restartSteps(change: WaveChange, labelled: Moment, applied: readonly OutputFile[]): readonly Step[] {
  const { wave, kindOf } = change;
  let moved = labelled.moved;
  return wave.restarts.map(({ workloads, isCircle }) => {
    const before = moved;
    moved = new Set([...moved, ...workloads]);
    const at = (some: Iterable<string>): Moment => ({ ...labelled, moved: new Set([...before, ...some]) });
    const commands = restartCommands(workloads, kindOf);
    // Pods start again on the plane that they had once the namespaces say so; those that have not moved stay as they are.
    const labelsFirst = wave.namespaces.map((namespace) => labelCommand(namespace, restartLabels(change, namespace)));
    const title = isCircle
      ? 'workloads that call each other in a circle are restarted together'
      : 'workloads are restarted';
    const states: readonly State[] = [
      ...halfway(workloads).map((some) => ({
        title: `${named(some)} moved, others not yet`,
        moment: at(some),
        applied,
      })),
      { title: `${named(workloads)} moved`, moment: at(workloads), applied },
    ];
    return {
      ...stepOf(wave, 'restart', title),
      commands,
      rollback: { files: [], commands: [...labelsFirst, ...commands] },
      states,
    };
  });
}

function named(workloads: readonly string[]): string {
  const [first = 'nothing', ...others] = workloads.map((key) => key.slice(key.indexOf('/') + 1));
  return others.length === 0 ? `${first} has` : `${first} and ${others.length} more have`;
}

function cleanupStep({ wave, before, after }: WaveChange, moment: Moment, copies: readonly OutputFile[]): Step {
  const old = goneFrom(before.files, after.files).filter(({ text }) => !isLabelsOnly(text));
  const gone = inOrderOfRemoval([...copies, ...old]);
  return {
    ...stepOf(wave, 'cleanup', 'what was there for the way is taken away'),
    commands: deletes(gone),
    rollback: { files: gone, commands: [] },
    states: [{ title: 'everything has moved', moment, applied: after.files }],
  };
}

/** Whether a file holds labels for an object that others own, and not the object. */
function isLabelsOnly(text: string): boolean {
  return text.includes('# a patch: ');
}

function unlabel(files: readonly OutputFile[]): readonly Command[] {
  return files.map(({ path }) => {
    const { cluster, kind, namespace, name } = subjectOf(path);
    const labels = `${label.useWaypoint}- ${label.ingressUseWaypoint}-`;
    return { cluster, kubectl: `label ${kind} ${name} --namespace ${namespace} ${labels}` };
  });
}

function unbindingPatch({ path }: OutputFile): Patch {
  const { cluster, kind, namespace, name } = subjectOf(path);
  return {
    cluster,
    file: `${kind}.${namespace}.${name}`,
    target: { kind, namespace, name },
    patch: { metadata: { labels: { [label.useWaypoint]: null, [label.ingressUseWaypoint]: null } } },
  };
}

function namespacePatch(key: string, wanted: Wanted): Patch {
  const [cluster = '', name = ''] = key.split('/');
  const labels: JsonObject = Object.fromEntries(Object.entries(wanted).map(([each, text]) => [each, text ?? null]));
  return {
    cluster,
    file: `namespace.${name}`,
    target: { kind: 'namespace', namespace: undefined, name },
    patch: { metadata: { labels } },
  };
}

function labelCommand(key: string, wanted: Wanted): Command {
  const [cluster = '', namespace = ''] = key.split('/');
  const words = Object.entries(wanted).map(([each, text]) => (text === undefined ? `${each}-` : `${each}=${text}`));
  return { cluster, kubectl: `label namespace ${namespace} --overwrite ${words.join(' ')}` };
}
