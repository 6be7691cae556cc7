import type { OutputFile } from '../../../emit/output-files.js';
import type { JsonObject } from '../../../parse/document.js';
import { keyInMesh, type Workload } from '../../../topology/model.js';
import { compareText } from '../../../util/order.js';
import { namespaceLabels, podChange } from '../../states/labels-of-state.js';
import type { Moment } from '../../states/moment.js';
import { halfway } from '../halfway.js';
import type { Command, Patch, Rollback, State } from '../phase.js';
import type { Restart } from '../waves.js';
import { restarted, type Step, stepOf, type WaveChange } from './change.js';
import { clusterOf, labelCommand, relabelledIn, restartLabels } from './labels.js';
import { templateChange } from './templates.js';

/** A restart, at the moment before it, with what stands meanwhile. */
export function restartStep(
  change: WaveChange,
  { workloads, circles }: Restart,
  moment: Moment,
  applied: readonly OutputFile[],
): Step {
  const { wave, from, workloadOf, restartGroups } = change;
  const restarts = workloads.map((key) => restartOf(workloadOf(key), from));
  const title =
    circles.length > 0
      ? 'workloads that call each other in a circle are restarted together'
      : 'workloads are restarted';
  const states: readonly State[] = [
    ...halfway(restartGroups(workloads.map(workloadOf))).map((some) => ({
      title: `${named(some.map(keyInMesh).sort(compareText))} moved, others not yet`,
      moment: restarted(moment, some.map(keyInMesh)),
      applied,
    })),
    { title: `${named(workloads)} moved`, moment: restarted(moment, workloads), applied },
  ];
  return {
    ...stepOf(wave, 'restart', title),
    circles,
    patches: restarts.flatMap(({ patches }) => patches),
    commands: restarts.flatMap(({ commands }) => commands),
    rollback: broughtBack(change, restarts),
    states,
  };
}
/**
 * Pods start again on the plane that they had while the namespaces say so; those that have not moved stay as they are. Then the
 * namespaces say again what they said before the restart, so that it can be done once more. The same pods have moved on the
 * way there, and whoever is new is proved to be on either plane, so no state is one of its own.
 */
function broughtBack(change: WaveChange, restarts: readonly WorkloadRestart[]): Rollback {
  const { from, revisionOf } = change;
  const relabelled = relabelledIn(change);
  const commands = [
    ...relabelled.map((namespace) => labelCommand(namespace, restartLabels(change, namespace))),
    ...restarts.flatMap(({ back }) => back),
    ...relabelled.map((namespace) =>
      labelCommand(namespace, namespaceLabels(from.target, revisionOf(clusterOf(namespace)))),
    ),
  ];
  return { files: [], commands, states: [] };
}

function named(workloads: readonly string[]): string {
  const [first = 'nothing', ...others] = workloads.map((key) => key.slice(key.indexOf('/') + 1));
  return others.length === 0 ? `${first} has` : `${first} and ${others.length} more have`;
}

interface WorkloadRestart {
  readonly patches: readonly Patch[];
  readonly commands: readonly Command[];
  readonly back: readonly Command[];
}

const restartable: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Restarts one after the other, each waited for. A pod that nothing makes anew is for its owner to replace. */
function restartOf(workload: Workload, { target, asking }: Moment): WorkloadRestart {
  const { cluster, namespace, name, kind } = workload;
  const change = templateChange(workload, podChange(target, asking));
  if (!restartable.has(kind)) {
    const replaced = `replace the pods of ${kind} ${namespace}/${name}`;
    const inWords = (patch: JsonObject | undefined): Command => ({
      cluster,
      inWords: patch === undefined ? replaced : `${replaced}, changed by ${JSON.stringify(patch)}`,
    });
    return { patches: [], commands: [inWords(change?.on)], back: [inWords(change?.back)] };
  }
  const rollout = (verb: string): Command => ({
    cluster,
    kubectl: `rollout ${verb} ${kind.toLowerCase()}/${name} --namespace ${namespace}`,
  });
  if (change === undefined) {
    const commands = [rollout('restart'), rollout('status')];
    return { patches: [], commands, back: commands };
  }
  const subject = { kind: kind.toLowerCase(), namespace, name };
  const file = `${subject.kind}.${namespace}.${name}`;
  const back = `patch ${subject.kind} ${name} --namespace ${namespace} --type merge --patch '${JSON.stringify(change.back)}'`;
  // A changed template makes its pods anew by itself.
  return {
    patches: [{ cluster, file, target: subject, patch: change.on }],
    commands: [rollout('status')],
    back: [{ cluster, kubectl: back }, rollout('status')],
  };
}
