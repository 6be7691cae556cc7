import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import type { ClusterSettings } from '../parse/mesh.js';
import type { Resolved } from '../resolve/resolved-intents.js';
import { bind, textOfBinding } from '../topology/binding.js';
import { label } from '../topology/labels.js';
import {
  type Binding,
  type Cluster,
  keyInMesh,
  keyOf,
  type Labels,
  type Mode,
  type Service,
  type ServicePort,
  type Workload,
} from '../topology/model.js';
import { asBefore } from '../util/alike.js';
import type { Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';
import { groupBy } from '../util/order.js';
import { futureDemands } from './intents/demands.js';
import type { SubjectsIn } from './subjects.js';

/** Workloads that no manifest shows, and the mesh with them in it. */
interface FutureWorkloads {
  readonly mesh: Mesh;
  readonly subjects: readonly SubjectsIn[];
}

/**
 * One workload on each plane, behind a Service of its name, in every namespace of which settings speak as a whole, and in one
 * that nobody has made yet where settings speak of the mesh. Its labels are nobody's, so that only defaults hold for it:
 * they must close it.
 */
export function futureWorkloadsOf(mesh: Mesh, resolved: Resolved, recall: Recall): FutureWorkloads {
  const given = new Map(resolved.topology.clusters.map((cluster) => [cluster.name, cluster]));
  const demandsOf = futureDemands(resolved, recall);
  const arrivals = [...mesh.clusters.values()].flatMap((at) => {
    const before = given.get(at.cluster.name);
    if (before === undefined) return [];
    const [like] = before.workloads.values();
    const found = like === undefined ? [] : arrivalsAt(at, namespacesOf(resolved, before), like, recall);
    if (found.length === 0) return [];
    const extended = recall('with arrivals', at.cluster.name, [at, ...found], () => withArrivals(at, found, recall));
    return [{ at: extended, given: before, found }];
  });
  const clusters = new Map([...mesh.clusters, ...arrivals.map(({ at }) => [at.cluster.name, at] as const)]);
  return {
    mesh: { ...mesh, clusters },
    subjects: arrivals.flatMap(({ at, given, found }) =>
      [...arrivingByNamespace(found)].map(([namespace, own]) => ({
        ...{ at, given, namespace, workloads: own },
        demands: demandsOf(at.cluster.name, namespace, own),
      })),
    ),
  };
}

/** Each time the same lists. */
const arrivingByNamespace = oncePerObject((arrivals: readonly Arrival[]) =>
  groupBy(
    arrivals.map(({ workload }) => workload),
    ({ namespace }) => namespace,
  ),
);

/** A namespace of this name cannot exist. */
const nowhere = 'any other namespace';

function namespacesOf({ defaults, mtls }: Resolved, { namespaces }: Cluster): readonly string[] {
  const scopes = [
    ...defaults.filter(({ value }) => value === 'Deny'),
    ...mtls.filter(({ value }) => value === 'Strict'),
  ].map(({ scope }) => scope);
  const named = scopes.flatMap((scope) => (scope.kind === 'namespace' ? [scope.namespace] : []));
  const unnamed = scopes.some(({ kind }) => kind === 'mesh') ? [nowhere] : [];
  return [...new Set([...named.filter((name) => namespaces.has(name)), ...unnamed])];
}

/**
 * Some label, for a pod without any would get every policy with a selector at ztunnel (§3.4), and the one by which anybody's
 * pod may join its plane.
 */
const labelsOf: Readonly<Record<'ambient' | 'sidecar', Labels>> = {
  ambient: { 'any-other': 'label', [label.dataplaneMode]: 'ambient' },
  sidecar: { 'any-other': 'label', [label.inject]: 'true' },
};

/** A workload, and the Service of its name. */
interface Arrival {
  readonly workload: Workload;
  readonly service: Service;
}

function arrivalsAt(
  { cluster }: MeshCluster,
  names: readonly string[],
  like: Workload,
  recall: Recall,
): readonly Arrival[] {
  const { name, settings, namespaces, waypoints } = cluster;
  return recall('arrivals in', name, [like, settings, namespaces, waypoints, ...names], () =>
    names.flatMap((namespace) => {
      const bindings = bindingsIn(cluster, namespace);
      const bound = [bindings.pods, bindings.service].map(textOfBinding);
      return recall('arrivals in', `${name}/${namespace}`, [like, settings, ...bound], () =>
        arrivalsIn(settings, namespace, bindings, like, recall),
      );
    }),
  );
}

/** Which waypoints govern what has no label of its own in a namespace. */
interface Bound {
  readonly pods: Binding;
  readonly service: Binding;
}

function bindingsIn(cluster: Cluster, namespace: string): Bound {
  const unlabelled = { namespace, labels: {}, hasVip: true };
  return {
    pods: bind({ ...unlabelled, kind: 'Pod', addressedAs: 'workload' }, cluster),
    service: bind({ ...unlabelled, kind: 'Service', addressedAs: 'service' }, cluster),
  };
}

function arrivalsIn(
  { istio }: ClusterSettings,
  namespace: string,
  bindings: Bound,
  like: Workload,
  recall: Recall,
): readonly Arrival[] {
  const because = 'nobody has deployed it yet';
  const modes: ReadonlyArray<Mode & { readonly plane: keyof typeof labelsOf }> = [
    { plane: 'ambient', hbone: true, because, fact: '' },
    { plane: 'sidecar', hbone: istio.sidecarsListenHbone, because, fact: '' },
  ];
  return modes.map((mode) => {
    const workload = arrivalOf(namespace, bindings.pods, like, mode);
    const arrival = { workload, service: serviceOf(workload, bindings.service) };
    return asBefore(recall, 'arrival of', keyInMesh(workload), [like.object], arrival);
  });
}

/** What nothing depends on is as of any other workload. */
function arrivalOf(
  namespace: string,
  binding: Binding,
  like: Workload,
  mode: Mode & { readonly plane: keyof typeof labelsOf },
): Workload {
  const name = `a new ${mode.plane} workload`;
  return {
    ...like,
    ...{
      namespace,
      name,
      mode,
      modeOnRestart: mode,
      pods: [],
      labels: labelsOf[mode.plane],
      annotations: {},
      serviceAccount: 'any-other',
      hostNetwork: false,
    },
    ports: [],
    services: [keyOf({ namespace, name })],
    binding,
  };
}

/** Any port stands for all: nobody knows what it will be, or what travels there. */
const port: ServicePort = {
  name: undefined,
  number: 80,
  targetPort: 80,
  transport: 'TCP',
  protocol: 'auto',
  layer: 'detected',
  because: 'nobody has declared it yet',
};

function serviceOf({ cluster, namespace, name, object }: Workload, binding: Binding): Service {
  return {
    ...{ cluster, namespace, name, object },
    type: 'ClusterIP',
    headless: false,
    hasVip: true,
    host: `${name}.${namespace}`,
    selector: undefined,
    labels: {},
    annotations: {},
    exportTo: undefined,
    ports: [port],
    workloads: [keyOf({ namespace, name })],
    binding,
    ingressUsesWaypoint: false,
  };
}

function withArrivals(at: MeshCluster, arrivals: readonly Arrival[], recall: Recall): MeshCluster {
  const { cluster } = at;
  const workloads = recall('workloads with arrivals of', cluster.name, [cluster.workloads, ...arrivals], () => {
    const further = arrivals.map(({ workload }) => [keyOf(workload), workload] as const);
    return new Map([...cluster.workloads, ...further]);
  });
  const services = recall('Services with arrivals of', cluster.name, [cluster.services, ...arrivals], () => {
    const further = arrivals.map(({ workload, service }) => [keyOf(workload), service] as const);
    return new Map([...cluster.services, ...further]);
  });
  return { ...at, cluster: { ...cluster, workloads, services } };
}
