import type { ManifestObject } from '../../parse/document.js';
import type { MeshSettings } from '../../parse/mesh.js';
import type { ClusterObject } from '../../topology/build-topology.js';
import { namespaceOf } from '../../topology/fields.js';
import { type Cluster, keyInMesh, type Topology } from '../../topology/model.js';
import {
  finalLabels,
  namespaceLabels,
  startedOn,
  stillBefore,
  type Target,
  type Wanted,
  withLabels,
} from './labels-of-state.js';

/** How far a migration is: which namespaces are labelled, and which workloads have started on the other plane. */
export interface Moment {
  readonly target: Target;
  /** Namespaces whose labels ask for the other plane, as `cluster/namespace`; likewise below. */
  readonly labelled: ReadonlySet<string>;
  /** Those that say nothing of the plane any more that they left. */
  readonly settled: ReadonlySet<string>;
  /** Workloads that are to move at all, as `cluster/namespace/name`. */
  readonly moving: ReadonlySet<string>;
  /** Those whose pods have all started anew. */
  readonly moved: ReadonlySet<string>;
}

/** A state of the mesh at rest, with nothing moved. */
export function start(target: Target, moving: ReadonlySet<string>): Moment {
  return { target, labelled: new Set(), settled: new Set(), moving, moved: new Set() };
}

export interface Deployment {
  readonly mesh: MeshSettings;
  readonly objects: readonly ClusterObject[];
}

/** The deployment at a moment of a migration, whatever of it runs already: its topology says which pods are whose. */
export function deploymentAt({ mesh, objects }: Deployment, topology: Topology, moment: Moment): Deployment {
  const owners = new Map(topology.clusters.flatMap(ownersIn));
  const revisions = new Map(mesh.clusters.map(({ name, istio }) => [name, istio.revision]));
  return {
    mesh: prepared(mesh),
    objects: objects.map((each) => {
      const object = at(each, { owners, revisions }, moment);
      return object === each.object ? each : { ...each, object };
    }),
  };
}

/** Before anything moves ambient is installed, and every sidecar has been restarted to listen on HBONE (E-24). */
function prepared(mesh: MeshSettings): MeshSettings {
  const clusters = mesh.clusters.map((cluster) => ({
    ...cluster,
    istio: { ...cluster.istio, ambient: true, sidecarsListenHbone: true },
  }));
  return { ...mesh, clusters };
}

/** By what an object is called, since every state is read anew from the same texts. */
function ownersIn(cluster: Cluster): ReadonlyArray<readonly [string, string]> {
  return [...cluster.workloads.values()].flatMap((workload) =>
    [workload.object, ...workload.pods].map(
      (object) => [nameOf({ cluster: cluster.name, object }), keyInMesh(workload)] as const,
    ),
  );
}

function nameOf({ cluster, object }: ClusterObject): string {
  return [cluster, object.kind, namespaceOf(object), object.name].join(' ');
}

interface Known {
  readonly owners: ReadonlyMap<string, string>;
  /** The revision of the sidecars of each cluster. */
  readonly revisions: ReadonlyMap<string, string>;
}

function at({ cluster, object }: ClusterObject, { owners, revisions }: Known, moment: Moment): ManifestObject {
  const { target, labelled, settled, moving, moved } = moment;
  if (object.kind === 'Namespace') {
    const key = `${cluster}/${object.name}`;
    const wanted: Wanted = {
      ...(labelled.has(key) && namespaceLabels(target, revisions.get(cluster) ?? 'default')),
      ...(settled.has(key) && finalLabels(target)),
    };
    return Object.keys(wanted).length === 0 ? object : withLabels(object, [], wanted);
  }
  const workload = owners.get(nameOf({ cluster, object }));
  if (workload === undefined || !moving.has(workload)) return object;
  return moved.has(workload) ? startedOn(object, target) : stillBefore(object, target);
}
