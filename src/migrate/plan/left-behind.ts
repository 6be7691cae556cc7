import { label } from '../../topology/labels.js';
import type { Topology } from '../../topology/model.js';
import { compareText } from '../../util/order.js';
import { askingOf, isMeantNamespace, type MigrationScope } from '../blockers/context.js';
import { type Bound, boundIn } from '../states/bindings.js';
import type { Target } from '../states/labels-of-state.js';
import type { Wave } from './waves.js';

interface Meant extends MigrationScope {
  readonly target: Target;
}

/** What asks for waypoints by labels of its own among what is meant: on the way back nothing is to ask any more. */
export function boundAmong({ clusters }: Topology, options: Meant, moving: ReadonlySet<string>): readonly Bound[] {
  if (options.target === 'ambient') return [];
  const isOfNamespaces = askingOf(options) === 'namespaces';
  return clusters
    .flatMap((cluster) => boundIn(cluster).map((each) => ({ each, cluster })))
    .filter(({ each: { namespace, workloads }, cluster }) => {
      const isStaying = (key: string) =>
        !moving.has(key) && cluster.workloads.get(keyIn(key))?.mode.plane === 'ambient';
      return isOfNamespaces ? isMeantNamespace(namespace, options) : !workloads.some(isStaying);
    })
    .map(({ each }) => each);
}

/** `namespace/name` of `cluster/namespace/name`. */
function keyIn(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}

/** Whether callers have no more need of the waypoint before some workloads once a wave has moved. */
export function isLeft(
  { cluster, namespace, workloads }: Bound,
  { namespaces }: Wave,
  hasMoved: (key: string) => boolean,
): boolean {
  return namespaces.includes(`${cluster}/${namespace}`) && workloads.every(hasMoved);
}

/** Namespaces whose pods all had sidecars before, as where an earlier move back stopped, and whose labels ask for ambient still. */
export function leftBehind(topology: Topology, options: Meant, bound: readonly Bound[]): readonly Wave[] {
  if (options.target === 'ambient' || askingOf(options) === 'pods') return [];
  const namespaces = topology.clusters.flatMap(({ name: cluster, namespaces: all, workloads }) =>
    [...all.values()]
      .filter(({ name, labels }) => {
        const planes = [...workloads.values()]
          .filter(({ namespace }) => namespace === name)
          .map(({ mode }) => mode.plane);
        const isAsking =
          labels[label.dataplaneMode] === 'ambient' ||
          bound.some((each) => each.cluster === cluster && each.namespace === name);
        return isAsking && isMeantNamespace(name, options) && planes.includes('sidecar') && !planes.includes('ambient');
      })
      .map(({ name }) => `${cluster}/${name}`),
  );
  return namespaces.length === 0 ? [] : [{ namespaces: namespaces.sort(compareText), restarts: [] }];
}
