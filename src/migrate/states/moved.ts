import type { ManifestObject } from '../../parse/document.js';
import type { ClusterObject } from '../../topology/build-topology.js';
import { namespaceOf } from '../../topology/fields.js';
import { podPath } from '../../topology/pod-template.js';
import { namespaceLabels, startedOn, type Target, withLabels } from './labels-of-state.js';

/** Where something is moved to another plane: one cluster, and namespaces of it. */
export interface Moving {
  readonly cluster: string;
  readonly namespaces: ReadonlySet<string>;
  readonly target: Target;
}

/** The objects of a mesh once namespaces of a cluster are on the other plane, and all their pods have started anew. */
export function moved(objects: readonly ClusterObject[], moving: Moving): readonly ClusterObject[] {
  return relabelled(objects, moving).map((each) =>
    isOf(each, moving) && hasPods(each.object) ? { ...each, object: startedOn(each.object, moving.target) } : each,
  );
}

/** The same before any pod has started anew: the namespaces alone are labelled. */
export function relabelled(
  objects: readonly ClusterObject[],
  { cluster, namespaces, target }: Moving,
): readonly ClusterObject[] {
  return objects.map((each) =>
    each.cluster === cluster && each.object.kind === 'Namespace' && namespaces.has(each.object.name)
      ? { ...each, object: withLabels(each.object, [], namespaceLabels(target)) }
      : each,
  );
}

function isOf({ cluster, object }: ClusterObject, moving: Moving): boolean {
  return cluster === moving.cluster && moving.namespaces.has(namespaceOf(object));
}

const podMakers: ReadonlySet<string> = new Set([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
]);

/** Rollouts and the like keep their pods where Deployments do. */
function hasPods(object: ManifestObject): boolean {
  if (podMakers.has(object.kind)) return true;
  const template = podPath(object.kind).reduce<unknown>((value, step) => Object(value)[step], object.value);
  return typeof template === 'object' && template !== null;
}
