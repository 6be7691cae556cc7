import type { Mesh } from '../../mesh/mesh.js';
import { connectionDestinations, requestDestinations } from '../../mesh/routes/destinations.js';
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
  { from, to, host = '' }: Pick<Question, 'from' | 'to'> & { readonly host?: string | undefined },
  read: (isWanted: Wanted) => T | undefined,
): T | undefined {
  const called = namespaceNamed(to);
  if (called.length === 0) return undefined;
  let namespaces: ReadonlySet<string> = new Set([
    ...namespaceNamed(from),
    ...called,
    ...namespaceInHost(host),
    usualRoot,
  ]);
  for (;;) {
    const reading = read(mattersIn(namespaces));
    if (reading === undefined || reading.objects.some(joinsNamespaces)) return undefined;
    const led = [...ledTo(reading.mesh.topology), ...ledByRoutes(reading.mesh, namespaces, host)];
    const wider = new Set([...namespaces, ...led, ...reading.objects.flatMap(homeOfIstiod)]);
    if (wider.size === namespaces.size) return reading;
    namespaces = wider;
  }
}

/** Read at first, since most meshes call it so; a mesh with another one leads there. */
const usualRoot = 'istio-system';

function namespaceNamed(name: string): readonly string[] {
  const [, namespace] = /^(?:gateway:)?([^/:]+)\//.exec(name) ?? [];
  return namespace === undefined ? [] : [namespace];
}

/** A Host header may name a Service of another namespace, to which sidecars then send (istio-traffic-topology T-92). */
function namespaceInHost(host: string): readonly string[] {
  const [, namespace] = host.replace(/:\d*$/, '').toLowerCase().split('.');
  return namespace === undefined ? [] : [namespace];
}

/** Whether a document can matter to a question that leads to these namespaces and no others. */
function mattersIn(namespaces: ReadonlySet<string>): Wanted {
  return (outline) => {
    const { kind, namespace } = outline;
    if (isIntent(outline)) return false;
    const isLocal = local.has(kind);
    return !isLocal || namespace === '' || namespaces.has(namespace) || isOfInstallation(outline);
  };
}

/** What Istio is installed with lives where its installer put it. */
function isOfInstallation({ kind, name }: Pick<Outline, 'kind' | 'name'>): boolean {
  return (kind === 'ConfigMap' && /^istio(?:$|-)/.test(name)) || (kind === 'Deployment' && name.startsWith('istiod'));
}

/** Whether a document says what shall be: an answer is given from what is. */
export function isIntent({ kind }: Pick<Outline, 'kind'>): boolean {
  return ['SecuritySettings', 'TrafficSettings', 'CallerGroup', 'AccessTest', 'Guardrail'].includes(kind);
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
  'DestinationRule',
  'Sidecar',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
]);

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

/** Where the routes lead that are for hosts or gateways of some namespaces; routes themselves may live anywhere. */
function ledByRoutes({ clusters }: Mesh, namespaces: ReadonlySet<string>, host: string): readonly string[] {
  const routes = [...clusters.values()].flatMap((each) => each.routes);
  const concerned = routes.filter(({ hosts, attachments }) => {
    const parents = attachments.flatMap((each) => (each.kind === 'gateway' ? namespaceNamed(each.gateway) : []));
    const near = [...hosts.flatMap(namespaceOfHost), ...parents].some((namespace) => namespaces.has(namespace));
    return near || hosts.some((each) => isMeant(each, host.replace(/:\d*$/, '').toLowerCase()));
  });
  return concerned.flatMap((route) => {
    const copies = route.http.flatMap(({ mirrors }) => mirrors);
    const destinations = [...requestDestinations(route), ...connectionDestinations(route), ...copies];
    return [route.namespace, ...destinations.flatMap(({ host: each }) => namespaceOfHost(each))];
  });
}

/** Wildcards that are of no single namespace may be for any Service. */
function isMeant(host: string, asked: string): boolean {
  return host === asked || (host.startsWith('*') && namespaceOfHost(host).length === 0);
}

/** Of a Service, by its full name. */
function namespaceOfHost(host: string): readonly string[] {
  const [, namespace, svc] = host.split('.');
  return namespace !== undefined && svc === 'svc' ? [namespace] : [];
}

function waypointsOf({ services, workloads }: Cluster): readonly string[] {
  return [...services.values(), ...workloads.values()].flatMap(({ binding }) =>
    binding.kind === 'bound' || binding.kind === 'broken' ? namespaceNamed(binding.waypoint) : [],
  );
}
