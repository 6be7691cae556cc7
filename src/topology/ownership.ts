import type { ManifestObject } from '../parse/document.js';
import { booleanAt, itemsAt, labelsAt, namespaceOf, type Report, textAt } from './fields.js';
import { templateHash } from './rollouts/template-hash.js';

/** The kinds that run pods, owners before what they own. */
export const workloadKinds = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'ReplicationController',
  'ReplicaSet',
  'Job',
  'Pod',
] as const;

/** One workload before Istio's view of it: who makes its pods, and which of its pods were given. */
export interface Owned {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
  /** The owner's object or, where the owner was not given, the first of its pods. */
  readonly object: ManifestObject;
  /** Pods that were given, without those that have ended. */
  readonly pods: readonly ManifestObject[];
}

interface Owner {
  readonly kind: string;
  readonly name: string;
}

interface Group extends Omit<Owned, 'pods'> {
  readonly pods: ManifestObject[];
}

/**
 * Folds ReplicaSets, Jobs and Pods into whatever made them, so that a dump of a live cluster and the manifests in Git
 * give the same workloads. Pods whose maker was not given become one workload with the maker's name, since they share
 * one template; a pod that nobody made stands for itself. `objects` come with owners first: makers
 * of other kinds, then in the order of `workloadKinds`.
 */
export function foldOwners(
  objects: readonly ManifestObject[],
  makers: ReadonlySet<string>,
  report: Report,
): readonly Owned[] {
  const groups = new Map<string, Group>();
  const found = new Set<Group>();
  for (const object of objects) {
    if (object.kind === 'Pod' && hasEnded(object, report)) continue;
    const namespace = namespaceOf(object);
    const named = ownerOf(object, makers, report);
    const isGiven = (owner: Owner) => groups.has(keyOf(namespace, owner));
    const owner = named && !isGiven(named) ? (makersOf(named, object, report).find(isGiven) ?? named) : named;
    const known = owner && groups.get(keyOf(namespace, owner));
    // Nearly all objects of a large mesh are pods whose owner was seen before.
    if (known !== undefined && object.kind === 'Pod') {
      known.pods.push(object);
      continue;
    }
    const founder = object.kind === 'Pod' && owner !== undefined ? owner : object;
    const group = known ?? newGroup(namespace, founder, object);
    found.add(group);
    groups.set(keyOf(namespace, founder), group);
    if (object.kind === 'Pod') group.pods.push(object);
  }
  return [...found];
}

function newGroup(namespace: string, { kind, name }: Owner, object: ManifestObject): Group {
  return { namespace, name, kind, object, pods: [] };
}

/** The controller of an object, where it is a workload: a Node that runs a static Pod is none. */
function ownerOf(object: ManifestObject, makers: ReadonlySet<string>, report: Report): Owner | undefined {
  const references = itemsAt(object, ['metadata', 'ownerReferences'], report);
  const controller = references.find((path) => booleanAt(object, [...path, 'controller'], report)) ?? references[0];
  if (controller === undefined) return undefined;
  const kind = textAt(object, [...controller, 'kind'], report);
  const name = textAt(object, [...controller, 'name'], report);
  return kind === undefined || name === undefined || !makers.has(kind) ? undefined : { kind, name };
}

const templateHashes: ReadonlyArray<readonly [kind: string, label: string]> = [
  ['Deployment', 'pod-template-hash'],
  ['Rollout', templateHash],
];

/**
 * Who may have made an owner that was not given, by its name: a ReplicaSet is called by its Deployment and the hash of the
 * template, which its pods carry as a label, and a Job of a CronJob by the minute in which it is due.
 */
function makersOf({ kind, name }: Owner, pod: ManifestObject, report: Report): readonly Owner[] {
  if (kind === 'Job') return /^(.+)-\d{8,10}$/.test(name) ? [{ kind: 'CronJob', name: name.replace(/-\d+$/, '') }] : [];
  if (kind !== 'ReplicaSet') return [];
  const labels = labelsAt(pod, ['metadata', 'labels'], report);
  return templateHashes.flatMap(([maker, label]) => {
    const ending = `-${labels[label]}`;
    return name.endsWith(ending) ? [{ kind: maker, name: name.slice(0, -ending.length) }] : [];
  });
}

function hasEnded(pod: ManifestObject, report: Report): boolean {
  const phase = textAt(pod, ['status', 'phase'], report);
  return phase === 'Succeeded' || phase === 'Failed';
}

const ranks: ReadonlyMap<string, number> = new Map(workloadKinds.map((kind, rank) => [kind, rank]));

/** Where two workloads share a name, the one of the lower rank keeps it; foreign kinds come last. */
export function rankOf({ kind }: { readonly kind: string }): number {
  return ranks.get(kind) ?? workloadKinds.length;
}

function keyOf(namespace: string, { kind, name }: Owner): string {
  return `${kind}/${namespace}/${name}`;
}
