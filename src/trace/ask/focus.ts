import type { Mesh } from '../../mesh/mesh.js';
import type { Outline, Wanted } from '../../parse/outline.js';
import type { ClusterObject } from '../../topology/build-topology.js';
import type { Cluster, Topology } from '../../topology/model.js';
import type { Question } from './question.js';

/** Part of a deployment, as far as it was read. */
export interface Reading {
  readonly objects: readonly ClusterObject[];
  readonly mesh: Mesh;
}

/**
 * Reads only what can matter to a question: the namespaces that it names, and those that they lead to, until they lead
 * nowhere new. A host outside the mesh may be named by ServiceEntries of any namespace. Whoever asks must look at the
 * whole instead where this answers `undefined`, or where the question names something that is not found.
 */
export function focus<T extends Reading>(
  { from, to }: Pick<Question, 'from' | 'to'>,
  read: (isWanted: Wanted) => T | undefined,
): T | undefined {
  const called = namespaceNamed(to);
  if (called.length === 0) return undefined;
  let namespaces: ReadonlySet<string> = new Set([...namespaceNamed(from), ...called, usualRoot]);
  let toGateway = false;
  for (;;) {
    const reading = read(mattersIn(namespaces, toGateway));
    if (reading === undefined || reading.objects.some(joinsNamespaces)) return undefined;
    const wider = new Set([...namespaces, ...ledTo(reading.mesh.topology), ...reading.objects.flatMap(homeOfIstiod)]);
    const isFound: boolean = !toGateway && hasGateway(reading.mesh.topology, called);
    if (wider.size === namespaces.size && !isFound) return reading;
    namespaces = wider;
    toGateway ||= isFound;
  }
}

/** Read at first, since most meshes call it so; a mesh with another one leads there. */
const usualRoot = 'istio-system';

function namespaceNamed(name: string): readonly string[] {
  const [, namespace] = /^(?:gateway:)?([^/:]+)\//.exec(name) ?? [];
  return namespace === undefined ? [] : [namespace];
}

/** Whether a document can matter to a question that leads to these namespaces and no others. */
function mattersIn(namespaces: ReadonlySet<string>, toGateway: boolean): Wanted {
  return (outline) => {
    const { kind, namespace } = outline;
    if (isIntent(outline)) return false;
    const isLocal = local.has(kind) && !(toGateway && routesOfGateways.has(kind));
    return !isLocal || namespace === '' || namespaces.has(namespace) || isOfInstallation(outline);
  };
}

/** What Istio is installed with lives where its installer put it. */
function isOfInstallation({ kind, name }: Pick<Outline, 'kind' | 'name'>): boolean {
  return (kind === 'ConfigMap' && /^istio(?:$|-)/.test(name)) || (kind === 'Deployment' && name.startsWith('istiod'));
}

/** Whether a document says what shall be: an answer is given from what is. */
export function isIntent({ kind }: Pick<Outline, 'kind'>): boolean {
  return ['SecuritySettings', 'TrafficSettings', 'AccessTest', 'Guardrail'].includes(kind);
}

/**
 * Kinds that have no say beyond their own namespace, save in the root namespace. A proxy looks policies up in its own
 * namespace and the root (istio-security §3.1), DestinationRules in that of the caller, the Service and the root (§4.5).
 */
const local: ReadonlySet<string> = new Set([
  'Namespace',
  'Service',
  'ServiceAccount',
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'WorkloadEntry',
  'WorkloadGroup',
  'ServiceEntry',
  'ConfigMap',
  'Secret',
  'NetworkPolicy',
  'HTTPRoute',
  'GRPCRoute',
  'VirtualService',
  'DestinationRule',
  'Sidecar',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
]);

/** Which listeners of a gateway are there is for routes of any namespace to say (istio-security §2.10). */
const routesOfGateways: ReadonlySet<string> = new Set(['VirtualService', 'HTTPRoute', 'GRPCRoute']);

function hasGateway({ clusters }: Topology, namespaces: readonly string[]): boolean {
  return clusters.some(({ gateways }) =>
    [...gateways.values()].some(({ namespace }) => namespaces.includes(namespace)),
  );
}

/** These name pods by their addresses, wherever they live. */
function joinsNamespaces({ object }: ClusterObject): boolean {
  return object.kind === 'EndpointSlice' || object.kind === 'Endpoints';
}

/** istiod may merge another ConfigMap of its own namespace into its MeshConfig. */
function homeOfIstiod({ object: { kind, name, namespace = 'default' } }: ClusterObject): readonly string[] {
  return kind === 'Deployment' && isOfInstallation({ kind, name }) ? [namespace] : [];
}

/** The root namespace, and where the waypoints live. */
function ledTo({ mesh, clusters }: Topology): readonly string[] {
  return [mesh.rootNamespace, ...clusters.flatMap(waypointsOf)];
}

function waypointsOf({ services, workloads }: Cluster): readonly string[] {
  return [...services.values(), ...workloads.values()].flatMap(({ binding }) =>
    binding.kind === 'bound' || binding.kind === 'broken' ? namespaceNamed(binding.waypoint) : [],
  );
}
