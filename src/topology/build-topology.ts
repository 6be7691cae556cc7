import type { Result } from '../diagnostics/diagnostic.js';
import { inTextOrder } from '../diagnostics/order.js';
import type { ManifestObject } from '../parse/document.js';
import type { ClusterSettings, IstioVersion, MeshSettings } from '../parse/mesh.js';
import { assert } from '../util/assert.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { oncePer, oncePerObject } from '../util/once.js';
import { compareText, groupBy, sortBy } from '../util/order.js';
import { checkObject } from './check-object.js';
import { namespaceOf } from './fields.js';
import type { GatewayObjects } from './gateway-objects.js';
import { readInhabitants } from './inhabitants.js';
import type { Cluster, Namespace, Topology } from './model.js';
import { indexObjects, indexWithout, type ObjectIndex } from './object-index.js';
import { type ClusterObject, type ObjectsByCluster, type ObjectsByNamespace, sortOut } from './objects-by-namespace.js';
import { type Reading, readAgain, reporting } from './reading.js';
import { complaintsAbout, isAccepted } from './schemas/refused-gateways.js';

export type { ClusterObject };

/**
 * The deployment as Istio sees it, from its manifests alone. The order of the objects changes nothing. Diagnostics
 * come in the order of the text that they point at.
 */
export function buildTopology(
  mesh: MeshSettings,
  objects: readonly ClusterObject[],
  recall: Recall = computeAnew,
): Result<Topology> {
  const results = readClusters(mesh, sortOut(objects, recall), recall);
  const faults = results.flatMap(({ objects: own, settings: { name, istio } }) =>
    recall('faults of objects in', name, [istio.version, ...own.values()], () =>
      [...own.values()].flat().flatMap(faultsOf(istio.version)),
    ),
  );
  const found = [...faults, ...results.flatMap(({ diagnostics }) => diagnostics)];
  return { value: topologyOf(mesh, results, recall), diagnostics: inTextOrder(found) };
}

const faultsOf = oncePer((version: IstioVersion) =>
  oncePerObject((object: ManifestObject) => checkObject(object, version)),
);

/** The same for manifests of which everything was said already: nothing is looked for but what they do. */
export function readTopology(
  mesh: MeshSettings,
  objects: readonly ClusterObject[],
  recall: Recall = computeAnew,
): Topology {
  return readTopologyOf(mesh, sortOut(objects, recall), recall);
}

/** The same for objects that are sorted out already. */
export function readTopologyOf(mesh: MeshSettings, clusters: ObjectsByCluster, recall: Recall = computeAnew): Topology {
  return topologyOf(mesh, readClusters(mesh, clusters, recall), recall);
}

function topologyOf(mesh: MeshSettings, results: readonly ReadCluster[], recall: Recall): Topology {
  const clusters = results.map(({ value }) => value);
  return recall('topology', '', [mesh, ...clusters], () => ({ mesh, clusters }));
}

interface ReadCluster extends Result<Cluster> {
  readonly settings: ClusterSettings;
  readonly objects: ObjectsByNamespace;
}

function readClusters(mesh: MeshSettings, objects: ObjectsByCluster, recall: Recall): readonly ReadCluster[] {
  const known = new Set(mesh.clusters.map(({ name }) => name));
  for (const name of objects.keys()) assert(known.has(name), `objects of ${name}, a cluster that the mesh lacks`);
  return sortBy(mesh.clusters, ({ name }) => name).map((settings) => {
    const own = objects.get(settings.name) ?? noObjects;
    return recall('cluster', settings.name, [mesh, settings, ...own.values()], () => ({
      ...reporting((report) => {
        const reading = { recall, report };
        return readCluster(mesh, settings, indexObjects(settings.name, own, reading), reading);
      }),
      settings,
      objects: own,
    }));
  });
}

const noObjects: ObjectsByNamespace = new Map();

/** What stands and what calls, which most changes leave as it is; and beside it what other stages read for themselves. */
function readCluster(mesh: MeshSettings, settings: ClusterSettings, index: ObjectIndex, reading: Reading): Cluster {
  const names = [...index.namespaceNames].sort(compareText).join();
  const inputs = [mesh, settings, names, ...index.allBut(readElsewhere)];
  const { foreign, ...inhabitants } = readAgain(reading, 'inhabitants of', settings.name, inputs, (report) =>
    readInhabitants(mesh, settings, indexWithout(index, readElsewhere), { ...reading, report }),
  );
  return {
    ...inhabitants,
    ...uninterpreted(index, inhabitants.namespaces),
    ignored: countIgnored(index, foreign),
  };
}

type Uninterpreted =
  | 'policies'
  | 'unwatchedPolicies'
  | 'networkPolicies'
  | 'routes'
  | 'rollouts'
  | 'limitConfigs'
  | 'extensions'
  | 'telemetries'
  | 'sidecars'
  | 'referenceGrants'
  | 'endpointLists'
  | 'tlsPolicies'
  | 'listenerSets'
  | 'refusedGateways'
  | 'istioGateways'
  | 'secrets';

/** Kinds from which nothing is read here. */
const readElsewhere: ReadonlySet<string> = new Set([
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
  'NetworkPolicy',
  'Telemetry',
  'Sidecar',
  'ReferenceGrant',
  'BackendTLSPolicy',
  'Secret',
  'VirtualService',
  'DestinationRule',
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
]);

/** Objects that other stages read for themselves. */
function uninterpreted(index: ObjectIndex, namespaces: ReadonlyMap<string, Namespace>): Pick<Cluster, Uninterpreted> {
  const isWatched = (object: ManifestObject) => namespaces.get(namespaceOf(object))?.isWatched !== false;
  const areAllWatched = [...namespaces.values()].every((namespace) => namespace.isWatched !== false);
  const watchedAmong = (objects: readonly ManifestObject[]) => (areAllWatched ? objects : objects.filter(isWatched));
  const watched = (...kinds: readonly string[]) => watchedAmong(index.of(...kinds));
  const policies = index.of('AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication');
  return {
    policies: watchedAmong(policies),
    unwatchedPolicies: areAllWatched ? [] : policies.filter((object) => !isWatched(object)),
    networkPolicies: index.of('NetworkPolicy'),
    extensions: watched('EnvoyFilter', 'WasmPlugin', 'TrafficExtension', 'ProxyConfig'),
    telemetries: watched('Telemetry'),
    sidecars: watched('Sidecar'),
    referenceGrants: watched('ReferenceGrant'),
    endpointLists: index.of('EndpointSlice', 'Endpoints'),
    tlsPolicies: index.of('BackendTLSPolicy'),
    listenerSets: index.of('ListenerSet', 'XListenerSet').filter(isAccepted),
    refusedGateways: index.of('Gateway', 'ListenerSet').filter((object) => complaintsAbout(object).length > 0),
    istioGateways: watched('IstioGateway'),
    secrets: index.of('Secret'),
    rollouts: index.rollouts,
    limitConfigs: index.limitConfigs,
    routes: watched('VirtualService', 'DestinationRule', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'),
  };
}

function countIgnored(index: ObjectIndex, foreign: GatewayObjects['foreign']): ReadonlyMap<string, number> {
  const kinds = groupBy(foreign, ({ apiVersion, kind }) => `${apiVersion}/${kind}`);
  const counted = [...kinds].map(([kind, objects]) => [kind, objects.length] as const);
  return new Map([...index.ignored, ...counted].sort(([left], [right]) => compareText(left, right)));
}
