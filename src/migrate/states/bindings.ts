import { asLabels, asObject } from '../../mesh/json.js';
import type { ManifestObject } from '../../parse/document.js';
import { label } from '../../topology/labels.js';
import { type Cluster, isMachine, keyInMesh, type Labels, type Workload } from '../../topology/model.js';
import type { Wanted } from './labels-of-state.js';

/** A Service or a namespace that asks for a waypoint by labels of its own, whoever put them there. */
export interface Bound {
  readonly cluster: string;
  readonly kind: 'Service' | 'Namespace';
  readonly namespace: string;
  readonly name: string;
  /** The labels that are about waypoints. */
  readonly labels: Labels;
  /** The workloads behind it, as `cluster/namespace/name`. */
  readonly workloads: readonly string[];
}

const aboutWaypoints: readonly string[] = [label.useWaypoint, label.useWaypointNamespace, label.ingressUseWaypoint];

/** Every object of a cluster that asks for a waypoint, and that some workload of the mesh is behind. */
export function boundIn({ name: cluster, namespaces, services, workloads }: Cluster): readonly Bound[] {
  const members = [...workloads.values()].filter(isMember);
  const ofNamespaces = [...namespaces.values()].map(({ name, object }) => {
    const own = members.filter(({ namespace }) => namespace === name);
    return { cluster, kind: 'Namespace' as const, namespace: name, name, object, own };
  });
  const ofServices = [...services.values()].map(({ name, namespace, object, workloads: behind }) => {
    const own = behind.flatMap((key) => workloads.get(key) ?? []).filter(isMember);
    return { cluster, kind: 'Service' as const, namespace, name, object, own };
  });
  return [...ofServices, ...ofNamespaces].flatMap(({ object, own, ...bound }) => {
    const labels = labelsAboutWaypoints(object);
    const isAsking = labels[label.useWaypoint] !== undefined && labels[label.useWaypoint] !== 'none';
    return isAsking && own.length > 0 ? [{ ...bound, labels, workloads: own.map(keyInMesh) }] : [];
  });
}

function isMember(workload: Workload): boolean {
  return !isMachine(workload) && (workload.mode.plane === 'sidecar' || workload.mode.plane === 'ambient');
}

function labelsAboutWaypoints(object: ManifestObject | undefined): Labels {
  const labels = asLabels(asObject(asObject(object?.value)?.metadata)?.labels);
  return Object.fromEntries(Object.entries(labels).filter(([key]) => aboutWaypoints.includes(key)));
}

/** By which a moment knows it. */
export function keyOfBound({ cluster, kind, namespace, name }: Omit<Bound, 'labels' | 'workloads'>): string {
  return `${cluster} ${kind} ${namespace} ${name}`;
}

/** What takes off it whatever is about waypoints. */
export const unboundLabels: Wanted = Object.fromEntries(aboutWaypoints.map((key) => [key, undefined]));

/** The waypoints that anything of a cluster asks for, as `namespace/name`. */
export function waypointsAskedFor({ services, serviceEntries, workloads }: Cluster): ReadonlySet<string> {
  const asking = [...services.values(), ...serviceEntries.values(), ...workloads.values()];
  return new Set(
    asking.flatMap(({ binding }) => (binding.kind === 'bound' || binding.kind === 'broken' ? [binding.waypoint] : [])),
  );
}
