import type { Mesh } from '../mesh/mesh.js';
import type { ManifestObject } from '../parse/document.js';
import type { ClusterObject } from '../topology/build-topology.js';
import { type Cluster, keyOf, type Service, targetPortOf, type Workload } from '../topology/model.js';
import { callerNamed, isHostOf, isPodOf } from '../trace/logs/ends-named.js';
import type { LoggedEnd } from '../trace/logs/log-line.js';
import type { Observation } from './observation.js';

/** Who called whom, by the names that a question takes. */
export interface Ends {
  readonly from: string;
  readonly to: Called;
}

/** A port of a Service, or of pods that were called by their own address. */
export interface Called {
  readonly cluster: string;
  readonly kind: 'service' | 'workload';
  /** `namespace/name` */
  readonly name: string;
  /** By its name where it has one. */
  readonly port: string;
  /** Whether proxies may read requests there. */
  readonly isRead: boolean;
}

/** Why an observation names no two ends: a waypoint called, which calls for others, or one of the ends is not told, or not known. */
export type Unnamed = 'by-waypoint' | 'no-caller' | 'caller-not-given' | 'no-destination';

export type EndsOf = (observation: Observation) => Ends | Unnamed;

/** Finds the ends of observations among what the manifests have. */
export function endsIn(mesh: Mesh, objects: readonly ClusterObject[]): EndsOf {
  const pods = podsByAddress(objects);
  return (observation) => {
    const { writtenBy, caller, destination } = observation;
    if (isWaypoint(mesh, caller)) return 'by-waypoint';
    const from = callerNamed(mesh, writtenBy, caller) ?? runnerOf(mesh, withPod(caller, pods));
    if (from === undefined) return caller.principal === undefined ? 'no-caller' : 'caller-not-given';
    const to = calledIn(mesh, { ...observation, destination: withPod(destination, pods) });
    return to === undefined ? 'no-destination' : { from, to };
  };
}

type PodsByAddress = ReadonlyMap<string, LoggedEnd>;

function podsByAddress(objects: readonly ClusterObject[]): PodsByAddress {
  const pods = objects.filter(({ object }) => object.kind === 'Pod').map(({ object }) => object);
  return new Map(
    pods.flatMap(({ namespace, name, value }) => {
      const { podIP } = Object(value.status);
      return typeof podIP === 'string' ? [[podIP, { pod: name, namespace }] as const] : [];
    }),
  );
}

/** An address stands for the pod that has it in the manifests, where the line names none. */
function withPod(end: LoggedEnd, pods: PodsByAddress): LoggedEnd {
  return end.pod !== undefined || end.address === undefined ? end : { ...end, ...pods.get(end.address) };
}

function isWaypoint({ topology }: Mesh, { principal }: LoggedEnd): boolean {
  const waypoints = topology.clusters.flatMap((cluster) => [...cluster.waypoints.values()]);
  return waypoints.some(({ namespace, serviceAccount }) =>
    principal?.endsWith(`/ns/${namespace}/sa/${serviceAccount}`),
  );
}

/** Whose pod it is: by the pods that were given, else by its name alone where only one can have made it. */
function runnerOf({ topology: { clusters } }: Mesh, end: LoggedEnd): string | undefined {
  const workloads = clusters.flatMap((cluster) => [...cluster.workloads.values()]);
  const gateways = clusters.flatMap((cluster) => [...cluster.gateways.values()]);
  const listed = workloads.filter(({ pods }) => pods.some((pod) => isSamePod(pod, end))).map(keyOf);
  const named = [
    ...workloads.filter((each) => runs(each, end)).map(keyOf),
    ...gateways.filter((each) => runs(each, end)).map((gateway) => `gateway:${keyOf(gateway)}`),
  ];
  const [runner, ...others] = listed.length > 0 ? listed : named;
  return others.every((other) => other === runner) ? runner : undefined;
}

function isSamePod({ name, namespace }: ManifestObject, end: LoggedEnd): boolean {
  return name === end.pod && namespace === (end.namespace ?? namespace);
}

/** A line with a prefix of `kubectl logs` names a pod without its namespace. */
function runs(runner: Pick<Workload, 'namespace' | 'name'>, { pod, namespace = runner.namespace }: LoggedEnd): boolean {
  return isPodOf({ pod, namespace }, runner);
}

function calledIn({ topology }: Mesh, observation: Observation): Called | undefined {
  for (const cluster of topology.clusters) {
    const called = serviceCalled(cluster, observation) ?? podsCalled(cluster, observation);
    if (called !== undefined) return called;
  }
  return undefined;
}

function serviceCalled(cluster: Cluster, observation: Observation): Called | undefined {
  const { destination, request } = observation;
  const host = destination.host ?? request?.authority.replace(/:\d+$/, '');
  const service = [...cluster.services.values()].find((each) => host !== undefined && isHostOf(host, each));
  const port = service && portCalled(cluster, service, observation);
  if (service === undefined || port === undefined) return undefined;
  return {
    cluster: cluster.name,
    kind: 'service',
    name: keyOf(service),
    port: port.name ?? String(port.number),
    isRead: port.layer !== 'tcp',
  };
}

/** By its own number, or by the port of the pods that it leads to; a metric names none, so that only one port is sure. */
function portCalled(cluster: Cluster, service: Service, { destination, request }: Observation) {
  const { ports, workloads } = service;
  if (ports.length === 1) return ports[0];
  const number = destination.port ?? Number(/:(\d+)$/.exec(request?.authority ?? '')?.[1]);
  const behind = workloads.flatMap((key) => cluster.workloads.get(key) ?? []);
  const leading = ports.filter((port) => behind.some((workload) => targetPortOf(port, workload) === number));
  const own = ports.filter((port) => port.number === number);
  // An address that is a pod's has the pod's port beside it.
  return destination.pod === undefined ? (own[0] ?? leading[0]) : (leading[0] ?? own[0]);
}

function podsCalled(cluster: Cluster, { destination }: Observation): Called | undefined {
  const workload = [...cluster.workloads.values()].find((each) => runs(each, destination));
  if (workload === undefined || destination.port === undefined) return undefined;
  return {
    cluster: cluster.name,
    kind: 'workload',
    name: keyOf(workload),
    port: String(destination.port),
    isRead: !isTcp(cluster, workload, destination.port),
  };
}

function isTcp({ services }: Cluster, workload: Workload, port: number): boolean {
  const leading = workload.services
    .flatMap((key) => services.get(key)?.ports ?? [])
    .filter((each) => targetPortOf(each, workload) === port);
  return leading.length > 0 && leading.every(({ layer }) => layer === 'tcp');
}
