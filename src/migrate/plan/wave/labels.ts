import type { OutputFile } from '../../../emit/output-files.js';
import type { JsonObject } from '../../../parse/document.js';
import { label } from '../../../topology/labels.js';
import type { Bound } from '../../states/bindings.js';
import { namespaceLabels, type Wanted } from '../../states/labels-of-state.js';
import type { Moment } from '../../states/moment.js';
import { goneFrom } from '../beside.js';
import { subjectOf, uncover } from '../commands.js';
import type { Command, Patch, Rollback, State } from '../phase.js';
import { type Step, stepOf, type WaveChange } from './change.js';

export function relabelStep(change: WaveChange, labelled: Moment, applied: readonly OutputFile[]): Step {
  const { wave, from, revisionOf, labelsOf } = change;
  const wantedIn = (namespace: string) => namespaceLabels(from.target, revisionOf(clusterOf(namespace)));
  const relabelled = relabelledIn(change).filter((namespace) =>
    Object.entries(wantedIn(namespace)).some(([key, text]) => labelsOf(namespace)[key] !== text),
  );
  return {
    ...stepOf(
      wave,
      'labels',
      `pods that start from now on are ${from.target === 'ambient' ? 'ambient' : 'given sidecars'}`,
    ),
    patches: relabelled.map((namespace) => namespacePatch(namespace, wantedIn(namespace))),
    rollback: {
      files: [],
      commands: relabelled.map((namespace) => labelCommand(namespace, asBefore(change, namespace))),
      states: [],
    },
    states: [{ title: 'the namespaces are labelled, and no pod has started anew', moment: labelled, applied }],
  };
}

/** Of `cluster/namespace`. */
export function clusterOf(namespace: string): string {
  return namespace.slice(0, namespace.indexOf('/'));
}

/** The namespaces that ask for their pods: none where these ask for themselves. */
export function relabelledIn({ wave, from }: WaveChange): readonly string[] {
  return from.asking === 'pods' ? [] : wave.namespaces;
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
export function restartLabels(change: WaveChange, namespace: string): Wanted {
  const { [label.dataplaneMode]: _, ...injection } = asBefore(change, namespace);
  return injection;
}

/** Like `uncover`, for labels of objects that stay: those that were other come back, and those that were new are taken off. */
export function unenrol(
  applied: readonly OutputFile[],
  before: readonly OutputFile[],
  standing: Omit<State, 'title'>,
): Rollback {
  return { ...uncover(applied, before, standing), commands: unlabel(goneFrom(applied, before)) };
}

function unlabel(files: readonly OutputFile[]): readonly Command[] {
  return files.map(({ path }) => {
    const { cluster, kind, namespace, name } = subjectOf(path);
    const labels = `${label.useWaypoint}- ${label.ingressUseWaypoint}-`;
    return { cluster, kubectl: `label ${kind} ${name} --namespace ${namespace} ${labels}` };
  });
}

export function unbindingPatch({ path }: OutputFile): Patch {
  const { cluster, kind, namespace, name } = subjectOf(path);
  return {
    cluster,
    file: `${kind}.${namespace}.${name}`,
    target: { kind, namespace, name },
    patch: { metadata: { labels: { [label.useWaypoint]: null, [label.ingressUseWaypoint]: null } } },
  };
}

/** Takes labels about waypoints off an object that came with them. */
export function leavingPatch({ cluster, kind, namespace, name, labels }: Bound): Patch {
  const file = kind === 'Namespace' ? `namespace.${name}` : `service.${namespace}.${name}`;
  return {
    cluster,
    file,
    target: { kind: kind.toLowerCase(), namespace: kind === 'Namespace' ? undefined : namespace, name },
    patch: { metadata: { labels: Object.fromEntries(Object.keys(labels).map((key) => [key, null])) } },
  };
}

export function bindingCommand({ cluster, kind, namespace, name, labels }: Bound): Command {
  const place = kind === 'Namespace' ? '' : ` --namespace ${namespace}`;
  const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return { cluster, kubectl: `label ${kind.toLowerCase()} ${name}${place} --overwrite ${words.join(' ')}` };
}

export function namespacePatch(key: string, wanted: Wanted): Patch {
  const [cluster = '', name = ''] = key.split('/');
  const labels: JsonObject = Object.fromEntries(Object.entries(wanted).map(([each, text]) => [each, text ?? null]));
  return {
    cluster,
    file: `namespace.${name}`,
    target: { kind: 'namespace', namespace: undefined, name },
    patch: { metadata: { labels } },
  };
}

export function labelCommand(key: string, wanted: Wanted): Command {
  const [cluster = '', namespace = ''] = key.split('/');
  const words = Object.entries(wanted).map(([each, text]) => (text === undefined ? `${each}-` : `${each}=${text}`));
  return { cluster, kubectl: `label namespace ${namespace} --overwrite ${words.join(' ')}` };
}
