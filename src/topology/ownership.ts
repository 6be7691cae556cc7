import type { ManifestObject } from '../parse/document.js';
import { booleanAt, itemsAt, namespaceOf, type Report, textAt } from './fields.js';

/** The kinds that run pods, owners before what they own. */
export const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'ReplicaSet', 'Job', 'Pod'] as const;

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
 * one template; a pod that nobody made stands for itself. `objects` come in the order of `workloadKinds`: owners first.
 */
export function foldOwners(objects: readonly ManifestObject[], report: Report): readonly Owned[] {
  const given = new Map(objects.map((object) => [keyOf(namespaceOf(object), object.kind, object.name), object]));
  const groups = new Map<string, Group>();
  for (const object of objects) {
    if (object.kind === 'Pod' && hasEnded(object, report)) continue;
    const { group, root } = groupOf(object, given, report);
    const key = keyOf(group.namespace, group.kind, group.name);
    if (root && !groups.has(key)) groups.set(key, group);
    if (object.kind === 'Pod') groups.get(key)?.pods.push(object);
  }
  return [...groups.values()];
}

/** The group that an object belongs to, and whether the object may found it. */
function groupOf(object: ManifestObject, given: ReadonlyMap<string, ManifestObject>, report: Report) {
  const namespace = namespaceOf(object);
  const top = topOwner(object, given, report);
  const absent = top.kind === 'Pod' ? ownerOf(top, report) : undefined;
  const { kind, name } = absent !== undefined && ranks.has(absent.kind) ? absent : top;
  const group: Group = { namespace, name, kind, object: top, pods: [] };
  return { group, root: top === object };
}

/** Climbs owner references as far as the owners were given. */
function topOwner(object: ManifestObject, given: ReadonlyMap<string, ManifestObject>, report: Report): ManifestObject {
  const owner = ownerOf(object, report);
  const next = owner && given.get(keyOf(namespaceOf(object), owner.kind, owner.name));
  // An owner ranks above what it owns, so that a cycle of references cannot be climbed for ever.
  return next === undefined || rankOf(next) >= rankOf(object) ? object : topOwner(next, given, report);
}

function ownerOf(object: ManifestObject, report: Report): Owner | undefined {
  const references = itemsAt(object, ['metadata', 'ownerReferences'], report);
  const controller = references.find((path) => booleanAt(object, [...path, 'controller'], report)) ?? references[0];
  if (controller === undefined) return undefined;
  const kind = textAt(object, [...controller, 'kind'], report);
  const name = textAt(object, [...controller, 'name'], report);
  return kind === undefined || name === undefined ? undefined : { kind, name };
}

function hasEnded(pod: ManifestObject, report: Report): boolean {
  const phase = textAt(pod, ['status', 'phase'], report);
  return phase === 'Succeeded' || phase === 'Failed';
}

const ranks: ReadonlyMap<string, number> = new Map(workloadKinds.map((kind, rank) => [kind, rank]));

/** Where two workloads share a name, the one of the lower rank keeps it; foreign kinds come last. */
export function rankOf({ kind }: { readonly kind: string }): number {
  const rank = ranks.get(kind);
  return rank ?? workloadKinds.length;
}

function keyOf(namespace: string, kind: string, name: string): string {
  return `${namespace}\u0000${kind}\u0000${name}`;
}
