import { ledFrom } from '../algebra/routes/led-from.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { routedNamesOf } from '../mesh/paths/visibility.js';
import { meshRoutesOf } from '../mesh/routes/owner/mesh-routes.js';
import type { ManifestObject } from '../parse/document.js';
import { type Cluster, keyOf, type Service, type Topology, type Workload } from '../topology/model.js';
import { allSpeakMutualTls } from '../topology/tls-mode.js';
import type { Recall } from '../util/memory.js';
import { oncePer, oncePerObject } from '../util/once.js';
import { policiesAt } from './points.js';
import { isLedTo } from './route-template.js';
import { type Subject, type SubjectsIn, subjectsIn } from './subjects.js';

/**
 * What verdicts are read from, in parts. A part is one object for as long as it is made of the very same things, so that a
 * verdict holds for as long as its parts do.
 */
export interface MeshParts {
  /** What is around workloads that names and templates do not tell: everything but workloads, Services, waypoints and policies. */
  readonly environment: object;
  /** What a comparison of one workload reads. */
  readBy(subject: Subject): readonly unknown[];
  /** What the comparisons of all workloads of a namespace read. */
  readWithin(subjects: SubjectsIn): readonly unknown[];
  /** What the comparisons of all workloads of a cluster read: those of some of its namespaces, all that are asked about. */
  readThroughout(cluster: string, subjects: readonly SubjectsIn[]): readonly unknown[];
  /** What of that stands near the workload, so that others may change beside it. */
  nearTo(subject: Subject): readonly unknown[];
  /** The same for all workloads of a namespace, with what else is asked of the cluster about each of them. */
  nearWithin(subjects: SubjectsIn, askedAbout: (subject: Subject) => unknown): readonly unknown[];
}

export function meshParts(
  mesh: Mesh,
  given: Topology,
  arrivals: readonly Workload[],
  isExisting: (object: ManifestObject) => boolean,
  recall: Recall,
): MeshParts {
  const clusters = [...mesh.clusters.values()];
  const inputs = [
    ...[mesh.topology.mesh, given.mesh, ...arrivals],
    ...[...mesh.topology.clusters, ...given.clusters].flatMap(allButPolicies),
    ...clusters.flatMap(factsOfPolicies),
  ];
  // All but policies: whatever stands, calls, routes or is set may decide about everybody.
  const deployment = recall('deployment', '', inputs, () => ({}));
  const around = [
    ...[mesh.topology.mesh, given.mesh],
    ...[...mesh.topology.clusters, ...given.clusters].flatMap(environmentIn),
    ...clusters.flatMap(factsOfPolicies),
  ];
  const policiesOf = oncePer((name: string) => policiesByNamespace(mesh.clusters.get(name), isExisting, recall));
  const policiesIn = (name: string) => (namespace: string) => policiesOf(name).get(namespace) ?? noPolicies;
  const environment = recall('environment', '', around, () => ({}));
  const policiesReadBy = ({ at, workload }: Subject) => namespacesReadBy(at)(workload).map(policiesIn(at.cluster.name));
  const readings = recall('what is read of namespaces', '', [deployment], () => new Map<object | undefined, Reading>());
  const readingOf = (subjects: SubjectsIn): Reading => {
    const [first] = subjects.workloads;
    const reading = readings.get(first) ?? readingWithin(subjects);
    readings.set(first, reading);
    return reading;
  };
  const policiesReadWithin = (subjects: SubjectsIn) =>
    readingOf(subjects).namespaces.map(policiesIn(subjects.at.cluster.name));
  const neighboursWithin = (subjects: SubjectsIn, askedAbout: (subject: Subject) => unknown) => {
    const { at, namespace, demands, workloads } = subjects;
    const { around } = readingOf(subjects);
    const inputs = around === undefined ? [deployment] : [environment, ...around];
    const place = `${at.cluster.name}/${namespace}`;
    return recall('neighbours in', place, [...inputs, ...demands, ...workloads], () => {
      const neighbours = subjectsIn(subjects).flatMap((each) => [
        ...[each.demand, askedAbout(each)],
        ...neighboursOf(each),
        ...homesOf(each),
      ]);
      return recall('what stands near', place, neighbours, () => ({}));
    });
  };
  return {
    environment,
    readBy: (subject) => [deployment, subject.demand, subject.workload, ...policiesReadBy(subject)],
    readWithin: (subjects) => [deployment, ...subjects.demands, ...subjects.workloads, ...policiesReadWithin(subjects)],
    readThroughout: (cluster, subjects) => [
      ...[deployment, policiesOf(cluster)],
      ...subjects.flatMap(({ demands, workloads }) => [demands, workloads]),
    ],
    nearTo: (subject) => [environment, ...neighboursOf(subject), ...policiesAt(subject, isExisting)],
    nearWithin: (subjects, askedAbout) => [
      ...[environment, neighboursWithin(subjects, askedAbout)],
      ...policiesReadWithin(subjects),
    ],
  };
}

/** A workload, its Services as they are and as they were given, and the waypoints in front of it. */
const neighboursOf = oncePerObject(({ at, given, workload }: Subject): readonly unknown[] => {
  const { services, waypoints } = at.cluster;
  const own = workload.services.map((key) => services.get(key));
  const bound = [workload, ...own].map((each) =>
    each?.binding.kind === 'bound' ? waypoints.get(each.binding.waypoint) : undefined,
  );
  return [
    workload,
    ...own,
    ...workload.services.map((key) => given.services.get(key)),
    ...bound,
    // What is behind a headless Service decides how its pods are called.
    ...own.map((service) => service?.headless && allSpeakMutualTls(at.cluster, service)),
  ];
});

function homesOf({ at, workload }: Subject): readonly unknown[] {
  return namespacesReadBy(at)(workload).map((name) => at.cluster.namespaces.get(name));
}

/** One object for each namespace of a cluster that has policies, the same for as long as these are. */
function policiesByNamespace(
  at: MeshCluster | undefined,
  isExisting: (object: ManifestObject) => boolean,
  recall: Recall,
): ReadonlyMap<string, object> {
  if (at === undefined) return new Map();
  const { name } = at.cluster;
  const { authorization, peerAuthentication, requestAuthentication, foreign } = at;
  return recall('policies by namespace of', name, [at, isExisting], () => {
    const all = [authorization, peerAuthentication, requestAuthentication, foreign];
    const namespaces = new Set(all.flatMap((each) => [...each.keys()]));
    return new Map(
      [...namespaces].map((namespace) => {
        const inputs = policiesWithin(at, namespace, isExisting);
        return [namespace, recall('policies in', `${name}/${namespace}`, inputs, () => ({}))] as const;
      }),
    );
  });
}

const noPolicies = {};

function policiesWithin(
  at: MeshCluster,
  namespace: string,
  isExisting: (object: ManifestObject) => boolean,
): readonly unknown[] {
  const all: unknown[] = [];
  const add = (policy: unknown, object: ManifestObject) => all.push(policy, isExisting(object));
  for (const forms of at.authorization.get(namespace) ?? []) add(forms, forms.policy.object);
  for (const policy of at.peerAuthentication.get(namespace) ?? []) add(policy, policy.object);
  for (const policy of at.requestAuthentication.get(namespace) ?? []) add(policy, policy.object);
  for (const { object } of at.foreign.get(namespace) ?? []) all.push(object);
  return all;
}

/** Policies count where they are, and for points in their namespace or, in the root namespace, for all. */
const namespacesReadBy = oncePerObject((at: MeshCluster) => {
  const { services, waypoints } = at.cluster;
  return oncePerObject((workload: Workload): readonly string[] => {
    const leading = (ledFrom(at).get(keyOf(workload)) ?? []).map(({ service }) => service);
    const all = [...workload.services.flatMap((key) => services.get(key) ?? []), ...leading];
    const bound = [workload, ...all].flatMap(({ binding }) =>
      binding.kind === 'bound' ? (waypoints.get(binding.waypoint) ?? []) : [],
    );
    return [...new Set([at.rootNamespace, ...[workload, ...all, ...bound].map(({ namespace }) => namespace)])];
  });
});

/** What the comparisons of a namespace read beside its workloads, and what decides about all. */
interface Reading {
  /** The namespaces of which policies count. */
  readonly namespaces: readonly string[];
  /** What else stands there; `undefined` where anything that stands anywhere may decide. */
  readonly around: readonly unknown[] | undefined;
}

function readingWithin(subjects: SubjectsIn): Reading {
  const { at, workloads } = subjects;
  if (isByItself(at, workloads)) return standingAround(subjects);
  return { namespaces: [...new Set(workloads.flatMap(namespacesReadBy(at)))], around: undefined };
}

/** Whether neither routes, nor what sidecars import, nor lists of addresses join workloads to what stands elsewhere. */
function isByItself(at: MeshCluster, workloads: readonly Workload[]): boolean {
  if (at.sidecars.size + at.listedEndpoints.length > 0) return false;
  if (meshRoutesOf(at).all.length === 0) return true;
  const { services } = at.cluster;
  const isRouted = (key: string) => {
    const service = services.get(key);
    return service !== undefined && routedNamesOf(at, service).length > 0;
  };
  return workloads.every((workload) => !isLedTo(at, workload) && !workload.services.some(isRouted));
}

/** Their Services as they are and as they were given, the waypoints before these and before the pods, and all namespaces of them. */
function standingAround({ at, given, workloads }: SubjectsIn): Reading {
  const { cluster, rootNamespace } = at;
  const names = new Set([rootNamespace]);
  const around: unknown[] = [];
  const add = (each: Workload | Service) => {
    names.add(each.namespace);
    if (each.binding.kind !== 'bound') return;
    const waypoint = cluster.waypoints.get(each.binding.waypoint);
    if (waypoint !== undefined) names.add(waypoint.namespace);
    around.push(waypoint);
  };
  for (const workload of workloads) {
    add(workload);
    for (const key of workload.services) {
      const service = cluster.services.get(key);
      around.push(service, given.services.get(key));
      if (service === undefined) continue;
      add(service);
      if (service.headless) around.push(allSpeakMutualTls(cluster, service));
    }
  }
  const namespaces = [...names];
  return { namespaces, around: [...around, ...namespaces.map((name) => cluster.namespaces.get(name))] };
}

function allButPolicies(cluster: Cluster): readonly unknown[] {
  const { policies: _, ignored: __, ...read } = cluster;
  return Object.entries(read).flatMap(([field, value]) => [field, ...(Array.isArray(value) ? value : [value])]);
}

/** What decides about all workloads of a cluster alike; of what is read anew with every pod, what it says. */
function environmentIn({ settings, revisions, gateways, serviceEntries, policies: _, ...read }: Cluster) {
  const { known, injecting, behind, injectsByDefault } = revisions;
  return [
    settings,
    JSON.stringify([[...known], [...injecting], [...behind], injectsByDefault]),
    ...Object.entries(read).flatMap(([field, value]) => (Array.isArray(value) ? [field, ...value.map(saidBy)] : [])),
    ...[...gateways.values()].flatMap((gateway) => [gateway.object, saidBy(gateway)]),
    ...[...serviceEntries.values()].flatMap((entry) => [entry.object, saidBy(entry)]),
  ];
}

/** An object of the cluster is itself; anything else that was read of one is what it says. */
function saidBy(value: object): unknown {
  return 'document' in value ? value : JSON.stringify(value, (key, part) => (key === 'object' ? undefined : part));
}

/** What is asked of all policies of a cluster at once. */
function factsOfPolicies({ requestAuthentication, foreign, ...at }: MeshCluster): readonly unknown[] {
  const { onlyTellsOfNetworkPolicies, authorizersDown, asAuthorizersLeave } = at;
  return [
    requestAuthentication.size === 0,
    ...[...foreign.values()].flat().map(({ object }) => object),
    ...[onlyTellsOfNetworkPolicies, authorizersDown, asAuthorizersLeave],
  ];
}
