import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import type { Resolved } from '../resolve/resolved-intents.js';
import { type Cluster, keyOf, type Workload } from '../topology/model.js';
import { workloadsByNamespace } from '../topology/workloads-by-namespace.js';
import type { Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';
import { type Demand, demandsByNamespace } from './intents/demands.js';

/** A workload as it will be, with what the intents say of it. */
export interface Subject {
  readonly demand: Demand;
  readonly at: MeshCluster;
  readonly workload: Workload;
  /** The cluster as its manifests are given, without what is to be applied. */
  readonly given: Cluster;
}

/** Those of one namespace. */
export interface SubjectsIn extends Pick<Subject, 'at' | 'given'> {
  readonly namespace: string;
  readonly demands: readonly Demand[];
  /** Who stands in the namespace once everything is applied, spoken of or not. */
  readonly workloads: readonly Workload[];
}

/** What the intents speak of, and what there is of it once everything is applied. */
export function subjectsByNamespace(mesh: Mesh, resolved: Resolved, recall: Recall): readonly SubjectsIn[] {
  return demandsByNamespace(resolved, recall).flatMap(({ cluster: given, namespace, demands }) => {
    const at = mesh.clusters.get(given.name);
    const workloads = at && workloadsByNamespace(at.cluster.workloads).get(namespace);
    return at && workloads && demands.length > 0 ? [{ at, given, namespace, demands, workloads }] : [];
  });
}

export const subjectsIn = oncePerObject(({ at, given, demands }: SubjectsIn): readonly Subject[] =>
  demands.flatMap((demand) => {
    const workload = at.cluster.workloads.get(keyOf(demand.workload));
    return workload ? [{ demand, at, given, workload }] : [];
  }),
);
