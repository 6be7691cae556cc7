import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { ManifestObject } from '../../parse/document.js';
import { type ClusterObject, readTopology } from '../../topology/build-topology.js';
import { alreadyReported, labelsAt, mappingAt, namespaceOf } from '../../topology/fields.js';
import {
  type Cluster,
  isMachine,
  keyInMesh,
  keyOf,
  type Labels,
  type Service,
  selects,
  type Workload,
} from '../../topology/model.js';
import { assert } from '../../util/assert.js';
import type { Recall } from '../../util/memory.js';
import { type Asking, sourceOf, type Target } from '../states/labels-of-state.js';
import { atEnd, deploymentAt, start } from '../states/moment.js';

/** One cluster whose pods are to move to the other plane, as it is and as it would be. */
export interface MigrationContext {
  readonly at: MeshCluster;
  readonly cluster: Cluster;
  /** The same cluster with the namespaces relabelled, and all those pods started anew. */
  readonly after: Cluster;
  /** All objects of the cluster, also of kinds that a topology is not read from. */
  readonly objects: readonly ManifestObject[];
  /** The workloads that are to move: they run on the other plane. */
  readonly moving: readonly Workload[];
  /** Whether a namespace is among those that are looked at. */
  isMeant(namespace: string): boolean;
}

/** Looks for one thing that the other plane does not do, or does otherwise. */
export type Blocker = (context: MigrationContext) => readonly Diagnostic[];

export interface MigrationScope {
  /** None: the whole mesh. */
  readonly namespaces: readonly string[];
  /** Single workloads as `namespace/name`; none: all of the namespaces. */
  readonly workloads?: readonly string[];
}

/** Whether a workload is among those that are to move. */
export function isMeant(workload: Workload, { namespaces, workloads = [] }: MigrationScope): boolean {
  if (workloads.length > 0) return workloads.includes(keyOf(workload));
  return namespaces.length === 0 || namespaces.includes(workload.namespace);
}

/** Each cluster of a mesh, with what is to be moved of it. */
export function migrationContexts(
  mesh: Mesh,
  objects: readonly ClusterObject[],
  scope: MigrationScope,
  target: Target,
  recall: Recall,
): readonly MigrationContext[] {
  const clusters = [...mesh.clusters.values()].map((at) => {
    const moving = [...at.cluster.workloads.values()].filter(
      (workload) => workload.mode.plane === sourceOf(target) && !isMachine(workload) && isMeant(workload, scope),
    );
    return { at, moving };
  });
  const all = new Set(clusters.flatMap(({ moving }) => moving.map(keyInMesh)));
  const { topology } = mesh;
  const end = deploymentAt({ mesh: topology.mesh, objects }, topology, atEnd(start(target, askingOf(scope), all)));
  const ended = new Map(readTopology(end.mesh, end.objects, recall).clusters.map((each) => [each.name, each]));
  return clusters.map(({ at, moving }) => {
    const { cluster } = at;
    const after = ended.get(cluster.name);
    assert(after !== undefined, `a mesh with ${cluster.name} has a cluster`);
    return {
      ...{ at, cluster, after, moving },
      objects: objects.flatMap((each) => (each.cluster === cluster.name ? [each.object] : [])),
      isMeant: (namespace) => isMeantNamespace(namespace, scope),
    };
  });
}

/** Where a workload moves by itself its pods say so: the label of its namespace would move the others too. */
export function askingOf({ workloads = [] }: MigrationScope): Asking {
  return workloads.length > 0 ? 'pods' : 'namespaces';
}

export function isMeantNamespace(namespace: string, { namespaces, workloads = [] }: MigrationScope): boolean {
  if (workloads.length > 0) return workloads.some((key) => key.startsWith(`${namespace}/`));
  return namespaces.length === 0 || namespaces.includes(namespace);
}

/** The moving workloads that an object selects: those of its namespace, or of all from the root namespace. */
export function selectedBy(
  { moving, at }: MigrationContext,
  object: ManifestObject,
  selector: Labels | undefined,
): readonly Workload[] {
  const namespace = namespaceOf(object);
  const inScope =
    namespace === at.rootNamespace ? moving : moving.filter((workload) => workload.namespace === namespace);
  return selector === undefined ? inScope : inScope.filter(({ labels }) => selects(selector, labels));
}

/** The labels that `spec.selector` or `spec.workloadSelector` of an object of Istio asks for. */
export function selectorOf(object: ManifestObject): Labels | undefined {
  for (const path of [
    ['spec', 'selector', 'matchLabels'],
    ['spec', 'workloadSelector', 'labels'],
    ['spec', 'workloadSelector', 'matchLabels'],
  ]) {
    if (mappingAt(object, path, alreadyReported) !== undefined) return labelsAt(object, path, alreadyReported);
  }
  return undefined;
}

export function hasTargets({ value }: ManifestObject): boolean {
  const spec = Object(value.spec);
  return spec.targetRefs !== undefined || spec.targetRef !== undefined;
}

/** The Services in front of moving workloads. */
export function movingServices({ cluster, moving }: MigrationContext): readonly Service[] {
  const keys = new Set(moving.flatMap(({ services }) => services));
  return [...cluster.services.values()].filter((service) => keys.has(keyOf(service)));
}

/** How messages name workloads: one by itself, several by the first. */
export function named(workloads: readonly Workload[]): string {
  const [first, ...others] = workloads;
  if (first === undefined) return 'nothing';
  const name = `\`${keyOf(first)}\``;
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}
