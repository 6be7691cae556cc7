import type { OutputFile } from '../../emit/output-files.js';
import { sortBy } from '../../util/order.js';
import { goneFrom, isForGateways, over } from './beside.js';
import type { Command, Rollback, State } from './phase.js';

/** `kubectl delete` for what files hold. */
export function deletes(files: readonly OutputFile[]): readonly Command[] {
  return files.map(({ path }) => {
    const { cluster, kind, namespace, name } = subjectOf(path);
    return { cluster, kubectl: `delete ${kind} ${name} --namespace ${namespace}` };
  });
}

interface Subject {
  readonly cluster: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What a file of an output is about: `<cluster>/<phase>/<kind>.<namespace>.<name>.yaml`. */
export function subjectOf(path: string): Subject {
  const [cluster = '', , file = ''] = path.split('/');
  const [kind = '', namespace = '', ...name] = file.replace(/\.yaml$/, '').split('.');
  return { cluster, kind, namespace, name: name.join('.') };
}

const forGateways = 'for gateways';

/**
 * What leads somewhere goes before what it leads to, what lets a waypoint in before it, since its name is free for anybody then, and
 * what a waypoint decides by after it. Kinds that are not named are led to by nothing.
 */
const removal = [
  'virtualservice',
  'httproute',
  'grpcroute',
  'tcproute',
  'tlsroute',
  '',
  'destinationrule',
  'gateway',
  forGateways,
  'configmap',
  'service',
];

export function inOrderOfRemoval(files: readonly OutputFile[]): readonly OutputFile[] {
  const rankOf = (file: OutputFile) => {
    const rank = removal.indexOf(isForGateways(file) ? forGateways : subjectOf(file.path).kind);
    return rank === -1 ? removal.indexOf('') : rank;
  };
  return sortBy(files, rankOf, ({ path }) => path);
}

/**
 * What leaves a cluster as it was before files were applied: those that were other come back, those that were new go. Between
 * the two is a state of its own; it is given with what stands once the files are applied.
 */
export function uncover(
  applied: readonly OutputFile[],
  before: readonly OutputFile[],
  standing: Omit<State, 'title'>,
): Rollback {
  const paths = new Set(applied.map(({ path }) => path));
  const files = before.filter(({ path }) => paths.has(path));
  const added = goneFrom(applied, before);
  const title = 'what was changed is as it was, and what was added is still there';
  const between: State = { title, moment: standing.moment, applied: over(standing.applied, files) };
  return { files, commands: deletes(added), states: files.length > 0 && added.length > 0 ? [between] : [] };
}
