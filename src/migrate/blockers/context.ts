import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { readMesh } from '../../mesh/mesh.js';
import type { ManifestObject } from '../../parse/document.js';
import { type ClusterObject, readTopology } from '../../topology/build-topology.js';
import { alreadyReported, labelsAt, mappingAt, namespaceOf } from '../../topology/fields.js';
import {
  type Cluster,
  isMachine,
  keyOf,
  type Labels,
  type Service,
  selects,
  type Workload,
} from '../../topology/model.js';
import { assert } from '../../util/assert.js';
import { moved } from '../states/moved.js';

/** One cluster that is to leave its sidecars, as it is and as it would be. */
export interface MigrationContext {
  readonly at: MeshCluster;
  readonly cluster: Cluster;
  /** The same cluster with the namespaces relabelled, and all their pods started anew. */
  readonly after: Cluster;
  /** All objects of the cluster, also of kinds that a topology is not read from. */
  readonly objects: readonly ManifestObject[];
  /** The workloads that run with a sidecar and are to be without one. */
  readonly moving: readonly Workload[];
  /** Whether a namespace is among those that are looked at. */
  isMeant(namespace: string): boolean;
}

/** Looks for one thing that ambient does not do, or does otherwise. */
export type Blocker = (context: MigrationContext) => readonly Diagnostic[];

export interface MigrationScope {
  /** None: the whole mesh. */
  readonly namespaces: readonly string[];
}

/** Each cluster of a mesh, with what is to be moved of it. */
export function migrationContexts(
  mesh: Mesh,
  objects: readonly ClusterObject[],
  { namespaces }: MigrationScope,
): readonly MigrationContext[] {
  const isMeant = (namespace: string) => namespaces.length === 0 || namespaces.includes(namespace);
  return [...mesh.clusters.values()].map((at) => {
    const { cluster } = at;
    const own = objects.filter((each) => each.cluster === cluster.name);
    const moving = [...cluster.workloads.values()].filter(
      (workload) => isMoving(workload) && isMeant(workload.namespace),
    );
    const after = afterwards(mesh, own, cluster, new Set(moving.map(({ namespace }) => namespace)));
    return { at, cluster, after, objects: own.map(({ object }) => object), moving, isMeant };
  });
}

function isMoving(workload: Workload): boolean {
  return workload.mode.plane === 'sidecar' && !isMachine(workload);
}

/** Ambient is installed before anything is moved to it. */
function afterwards(
  { topology }: Mesh,
  objects: readonly ClusterObject[],
  { name, settings }: Cluster,
  namespaces: ReadonlySet<string>,
): Cluster {
  const istio = { ...settings.istio, ambient: true };
  const mesh = { ...topology.mesh, clusters: [{ ...settings, istio }] };
  const [after] = readTopology(mesh, moved(objects, { cluster: name, namespaces, target: 'ambient' })).clusters;
  assert(after !== undefined, 'a mesh of one cluster has a cluster');
  return after;
}

/** The mesh as it would be, its policies read. */
export function meshAfter({ at, after }: MigrationContext, mesh: Mesh): MeshCluster {
  const topology = { mesh: { ...mesh.topology.mesh, clusters: [after.settings] }, clusters: [after] };
  return readMesh(topology).value.clusters.get(at.cluster.name) ?? at;
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
