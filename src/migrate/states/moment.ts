import type { ManifestObject } from '../../parse/document.js';
import type { MeshSettings } from '../../parse/mesh.js';
import type { ClusterObject } from '../../topology/build-topology.js';
import { namespaceOf } from '../../topology/fields.js';
import { type Cluster, keyInMesh, type Topology } from '../../topology/model.js';
import { once, oncePer, oncePerObject } from '../../util/once.js';
import { sortedUnique } from '../../util/order.js';
import { type Bound, keyOfBound, unboundLabels } from './bindings.js';
import {
  type Asking,
  finalLabels,
  namespaceLabels,
  runningOn,
  sourceOf,
  startedOn,
  type Target,
  type Wanted,
  withLabels,
} from './labels-of-state.js';

/** How far a migration is: which namespaces are labelled, and which workloads have started on the other plane. */
export interface Moment {
  readonly target: Target;
  readonly asking: Asking;
  /** Namespaces whose labels ask for the other plane, as `cluster/namespace`; likewise below. */
  readonly labelled: ReadonlySet<string>;
  /** Those that say nothing of the plane any more that they left. */
  readonly settled: ReadonlySet<string>;
  /** Workloads that are to move at all, as `cluster/namespace/name`. */
  readonly moving: ReadonlySet<string>;
  /** Those whose pods have all started anew. */
  readonly moved: ReadonlySet<string>;
  /** What asks for no waypoint any more, by `keyOfBound`. */
  readonly unbound: ReadonlySet<string>;
}

/** A state of the mesh at rest, with nothing moved. */
export function start(target: Target, asking: Asking, moving: ReadonlySet<string>): Moment {
  return { target, asking, labelled: new Set(), settled: new Set(), moving, moved: new Set(), unbound: new Set() };
}

/** A moment with some more namespaces that ask for the other plane: none where pods ask for themselves. */
export function labelling(moment: Moment, namespaces: Iterable<string>): Moment {
  if (moment.asking === 'pods') return moment;
  return { ...moment, labelled: new Set([...moment.labelled, ...namespaces]) };
}

/** Likewise with some that say nothing any more of the plane that they left. */
export function settling(moment: Moment, namespaces: Iterable<string>): Moment {
  if (moment.asking === 'pods') return moment;
  return { ...moment, settled: new Set([...moment.settled, ...namespaces]) };
}

/** Likewise with some that ask for no waypoint any more. */
export function unbinding(moment: Moment, bound: readonly Bound[]): Moment {
  return { ...moment, unbound: new Set([...moment.unbound, ...bound.map(keyOfBound)]) };
}

/** Once all that are to move have. */
export function atEnd(moment: Moment): Moment {
  const namespaces = new Set([...moment.moving].map((key) => key.slice(0, key.lastIndexOf('/'))));
  return settling(labelling({ ...moment, moved: moment.moving }, namespaces), namespaces);
}

/** What is the same text for moments of one migration that are the same. */
export function contentOf({ labelled, settled, moved, unbound }: Moment): string {
  return [labelled, settled, moved, unbound].map((keys) => sortedUnique(keys).join(' ')).join('\n');
}

export interface Deployment {
  readonly mesh: MeshSettings;
  readonly objects: readonly ClusterObject[];
}

/** The same change of deployments, of which equal ones stay one. */
export function steady(change: (deployment: Deployment) => Deployment): typeof change {
  const changed = oncePerObject((mesh: MeshSettings) =>
    oncePerObject((objects: readonly ClusterObject[]) => change({ mesh, objects })),
  );
  return ({ mesh, objects }) => changed(mesh)(objects);
}

/**
 * The deployment at a moment of a migration, whatever of it runs already: its topology says which pods are whose. At one moment
 * it is one deployment, and what is alike at two moments is one object: what was found of it before need not be found again.
 */
export function deploymentAt({ mesh, objects }: Deployment, topology: Topology, moment: Moment): Deployment {
  return coursesOf(mesh)(topology)(objects)(moment);
}

const coursesOf = oncePerObject((mesh: MeshSettings) => {
  const ready = prepared(mesh);
  return oncePerObject((topology: Topology) => {
    const owners = new Map(topology.clusters.flatMap(ownersIn));
    const revisions = new Map(mesh.clusters.map(({ name, istio }) => [name, istio.revision]));
    return oncePerObject((objects: readonly ClusterObject[]) => {
      const courses = objects.map((each) => courseOf(each, { owners, revisions }));
      return oncePerObject((moment: Moment) => ({ mesh: ready, objects: courses.map((course) => course(moment)) }));
    });
  });
});

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

/** What an object is at each moment. */
type Course = (moment: Moment) => ClusterObject;

function courseOf(each: ClusterObject, { owners, revisions }: Known): Course {
  if (each.object.kind === 'Namespace') return courseOfNamespace(each, revisions.get(each.cluster) ?? 'default');
  if (each.object.kind === 'Service') return courseOfService(each);
  const workload = owners.get(nameOf(each));
  return workload === undefined ? () => each : courseOfPods(each, workload);
}

function courseOfNamespace(each: ClusterObject, revision: string): Course {
  const key = `${each.cluster}/${each.object.name}`;
  const labelledWith = oncePer((wanted: Wanted) => ({ ...each, object: withLabels(each.object, [], wanted) }), textOf);
  const { name } = each.object;
  const bound = keyOfBound({ cluster: each.cluster, kind: 'Namespace', namespace: name, name });
  return ({ target, labelled, settled, unbound }) => {
    const wanted: Wanted = {
      ...(labelled.has(key) && namespaceLabels(target, revision)),
      ...(settled.has(key) && finalLabels(target)),
      ...(unbound.has(bound) && unboundLabels),
    };
    return Object.keys(wanted).length === 0 ? each : labelledWith(wanted);
  };
}

function courseOfService(each: ClusterObject): Course {
  const { cluster, object } = each;
  const bound = keyOfBound({ cluster, kind: 'Service', namespace: namespaceOf(object), name: object.name });
  const alone = once(() => ({ ...each, object: withLabels(object, [], unboundLabels) }));
  return ({ unbound }) => (unbound.has(bound) ? alone() : each);
}

function textOf(wanted: Wanted): string {
  return JSON.stringify(Object.entries(wanted));
}

function withObject(each: ClusterObject, object: ManifestObject): ClusterObject {
  return object === each.object ? each : { ...each, object };
}

function courseOfPods(each: ClusterObject, workload: string): Course {
  const before = oncePer((target: Target) => withObject(each, runningOn(each.object, sourceOf(target))));
  const after = oncePer((target: Target) =>
    oncePer((asking: Asking) => withObject(each, startedOn(each.object, target, asking))),
  );
  return ({ target, asking, moving, moved }) => {
    if (!moving.has(workload)) return each;
    return moved.has(workload) ? after(target)(asking) : before(target);
  };
}
