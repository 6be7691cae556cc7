import { sortedUnique } from '../util/order.js';
import type { Cluster, Topology } from './model.js';

/** The part of a deployment that somebody asks about: all of it where nothing is named. */
export interface Selection {
  readonly namespaces: readonly string[];
  /** `namespace/name`, or a name that means the objects of every namespace. */
  readonly names: readonly string[];
}

export function isWhole({ namespaces, names }: Selection): boolean {
  return namespaces.length + names.length === 0;
}

/** Whether an object is meant. What has no namespace is the mesh's own and is left out as soon as anything is named. */
export function isSelected({ namespaces, names }: Selection, namespace: string | undefined, name: string): boolean {
  const isNamed = names.length === 0 || names.includes(name) || names.includes(`${namespace}/${name}`);
  return isNamed && (namespaces.length === 0 || (namespace !== undefined && namespaces.includes(namespace)));
}

/** The deployment with what is selected of it alone. */
export function selectedPart(topology: Topology, selection: Selection): Topology {
  if (isWhole(selection)) return topology;
  const part = <T extends Named>(objects: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map([...objects].filter(([, { namespace, name }]) => isSelected(selection, namespace, name)));
  const clusters = topology.clusters.map((cluster): Cluster => {
    const own = {
      workloads: part(cluster.workloads),
      services: part(cluster.services),
      waypoints: part(cluster.waypoints),
      gateways: part(cluster.gateways),
      serviceEntries: part(cluster.serviceEntries),
    };
    const held = new Set(
      Object.values(own).flatMap((objects) => [...objects.values()].map(({ namespace }) => namespace)),
    );
    const namespaces = [...cluster.namespaces].filter(
      ([name]) => held.has(name) || selection.namespaces.includes(name),
    );
    return { ...cluster, ...own, namespaces: new Map(namespaces), ignored: new Map() };
  });
  return { ...topology, clusters: clusters.filter(({ namespaces }) => namespaces.size > 0) };
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Every namespace, and every name that a selection may name. */
export function selectable({ clusters }: Topology): Selection {
  const objects = clusters.flatMap((cluster) => [
    ...cluster.workloads.values(),
    ...cluster.services.values(),
    ...cluster.waypoints.values(),
    ...cluster.gateways.values(),
    ...cluster.serviceEntries.values(),
    ...[...cluster.policies, ...cluster.networkPolicies, ...cluster.routes].flatMap(({ namespace, name }) =>
      namespace === undefined ? [] : [{ namespace, name }],
    ),
  ]);
  return {
    namespaces: sortedUnique(clusters.flatMap(({ namespaces }) => [...namespaces.keys()])),
    names: sortedUnique(objects.flatMap(({ namespace, name }) => [name, `${namespace}/${name}`])),
  };
}
