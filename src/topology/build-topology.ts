import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { inTextOrder } from '../diagnostics/order.js';
import type { ManifestObject } from '../parse/document.js';
import type { ClusterSettings, MeshSettings } from '../parse/mesh.js';
import { assert } from '../util/assert.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { compareText, groupBy, sortBy } from '../util/order.js';
import { kindsThatNameServices, readApiServerCalls } from './api-server-calls.js';
import { bindService, bindServiceEntry, bindWorkloads, byKey } from './bind-objects.js';
import { checkObject } from './check-object.js';
import { joinEndpoints } from './endpoints.js';
import { namespaceOf, type Report } from './fields.js';
import { type GatewayObjects, sortGateways } from './gateway-objects.js';
import { readGateways } from './gateways.js';
import type { Cluster, Namespace, Revisions, Topology } from './model.js';
import { readNamespaces } from './namespaces.js';
import { indexObjects, indexWithout, type ObjectIndex } from './object-index.js';
import { workloadKinds } from './ownership.js';
import { readService, readServiceEntry, type ServiceDraft } from './read-services.js';
import { readWorkloads, type WorkloadDraft } from './read-workloads.js';
import { readRevisions } from './revisions.js';
import { withoutTemplateHash } from './rollouts/template-hash.js';
import { readServiceAccounts } from './service-accounts.js';
import { readWaypoints } from './waypoints.js';

/** An object, and the cluster that it is applied to. */
export interface ClusterObject {
  readonly cluster: string;
  readonly object: ManifestObject;
}

/**
 * The deployment as Istio sees it, from its manifests alone. The order of the objects changes nothing. Diagnostics
 * come in the order of the text that they point at.
 */
export function buildTopology(
  mesh: MeshSettings,
  objects: readonly ClusterObject[],
  recall: Recall = computeAnew,
): Result<Topology> {
  const results = readClusters(mesh, objects, recall);
  const faults = results.flatMap(({ objects: own, settings: { name, istio } }) =>
    recall(`faults of objects in ${name}`, [istio.version, ...own], () =>
      own.flatMap((object) => checkObject(object, istio.version)),
    ),
  );
  const found = [...faults, ...results.flatMap(({ diagnostics }) => diagnostics)];
  return { value: topologyOf(mesh, results, recall), diagnostics: inTextOrder(found) };
}

/** The same for manifests of which everything was said already: nothing is looked for but what they do. */
export function readTopology(
  mesh: MeshSettings,
  objects: readonly ClusterObject[],
  recall: Recall = computeAnew,
): Topology {
  return topologyOf(mesh, readClusters(mesh, objects, recall), recall);
}

function topologyOf(mesh: MeshSettings, results: readonly ReadCluster[], recall: Recall): Topology {
  const clusters = results.map(({ value }) => value);
  return recall('topology', [mesh, ...clusters], () => ({ mesh, clusters }));
}

interface ReadCluster extends Result<Cluster> {
  readonly settings: ClusterSettings;
  readonly objects: readonly ManifestObject[];
}

function readClusters(mesh: MeshSettings, objects: readonly ClusterObject[], recall: Recall): readonly ReadCluster[] {
  const byCluster = groupBy(objects, ({ cluster }) => cluster);
  const known = new Set(mesh.clusters.map(({ name }) => name));
  for (const name of byCluster.keys()) assert(known.has(name), `objects of ${name}, a cluster that the mesh lacks`);
  return sortBy(mesh.clusters, ({ name }) => name).map((settings) => {
    const own = (byCluster.get(settings.name) ?? []).map(({ object }) => object);
    return recall(`cluster ${settings.name}`, [mesh, settings, ...own], () => ({
      ...reporting((report) => readCluster(mesh, settings, indexObjects(own, report), recall, report)),
      settings,
      objects: own,
    }));
  });
}

function reporting<T>(read: (report: Report) => T): Result<T> {
  const diagnostics: Diagnostic[] = [];
  const value = read((found) => diagnostics.push(found));
  return { value, diagnostics };
}

/** What stands and what calls, which most changes leave as it is; and beside it what other stages read for themselves. */
function readCluster(
  mesh: MeshSettings,
  settings: ClusterSettings,
  index: ObjectIndex,
  recall: Recall,
  report: Report,
): Cluster {
  const names = [...index.namespaceNames].sort(compareText).join();
  const inputs = [mesh, settings, names, ...index.allBut(readElsewhere)];
  const { value, diagnostics } = recall(`inhabitants of ${settings.name}`, inputs, () =>
    reporting((inner) => readInhabitants(mesh, settings, index, inner)),
  );
  for (const each of diagnostics) report(each);
  const { foreign, ...inhabitants } = value;
  return {
    ...inhabitants,
    ...uninterpreted(index, inhabitants.namespaces),
    ignored: countIgnored(index, foreign),
  };
}

type Inhabitants = Omit<Cluster, Uninterpreted | 'ignored'> & Pick<GatewayObjects, 'foreign'>;

function readInhabitants(
  mesh: MeshSettings,
  settings: ClusterSettings,
  whole: ObjectIndex,
  report: Report,
): Inhabitants {
  const index = indexWithout(whole, readElsewhere);
  const injectors = index.of('MutatingWebhookConfiguration');
  const revisions = readRevisions(settings.istio, injectors, index.of('Service'), report);
  const namespaces = readNamespaces(settings, index.of('Namespace'), index.namespaceNames, report);
  const gateways = sortGateways(index.of('Gateway'), index.of('GatewayClass'), report);
  const surroundings = {
    cluster: settings.name,
    settings: settings.istio,
    revisions,
    namespaces,
    roleOfGateway: gateways.roleOf,
  };
  const drafts = readWorkloads(
    [...index.otherPodMakers, ...index.of(...workloadKinds)],
    index.of('WorkloadEntry', 'WorkloadGroup'),
    surroundings,
    report,
  );
  return joinCluster({ mesh, settings, index, revisions, namespaces, gateways, drafts }, report);
}

/** What was read of a cluster, before its parts know of each other. */
interface Parts {
  readonly mesh: MeshSettings;
  readonly settings: ClusterSettings;
  readonly index: ObjectIndex;
  readonly revisions: Revisions;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly gateways: GatewayObjects;
  readonly drafts: ReadonlyMap<string, WorkloadDraft>;
}

function joinCluster(
  { mesh, settings, index, revisions, namespaces, gateways, drafts }: Parts,
  report: Report,
): Inhabitants {
  const { name } = settings;
  const waypoints = readWaypoints(gateways.of('waypoint'), { cluster: name, namespaces, revisions }, report);
  const bindings = { namespaces, waypoints };
  const endpointsOf = joinEndpoints(drafts, index.of('EndpointSlice'), report);
  const readOne = (object: ManifestObject) => readService(settings, mesh.clusterDomain, object, report);
  const serviceDrafts = index.of('Service').map((object) => lastingService(readOne(object), index.rollouts));
  const services = byKey(serviceDrafts.map((draft) => bindService(draft, endpointsOf(draft), bindings)));
  const workloads = bindWorkloads(drafts, services, bindings);
  const ingress = readGateways(
    {
      cluster: settings,
      settings: settings.istio,
      clusterDomain: mesh.clusterDomain,
      gateways: gateways.of('gateway'),
      istioGateways: index.of('IstioGateway'),
      listenerSets: listenerSetsIn(index, settings.istio),
      ...{ workloads, services, namespaces, revisions },
    },
    report,
  );
  const entryDrafts = index.of('ServiceEntry').map((object) => readServiceEntry(settings, object, report));
  return {
    name,
    settings,
    revisions,
    namespaces,
    services,
    workloads,
    waypoints,
    gateways: ingress,
    serviceEntries: byKey(entryDrafts.map((draft) => bindServiceEntry(draft, bindings, report))),
    serviceAccounts: readServiceAccounts(index.of('ServiceAccount'), [workloads, waypoints, ingress]),
    apiServerCalls: readApiServerCalls(index.of(...kindsThatNameServices), report),
    foreign: gateways.foreign,
  };
}

/** A Service as it is once a Rollout has released another version: with the selector that holds for all of them. */
function lastingService(draft: ServiceDraft, rollouts: readonly ManifestObject[]): ServiceDraft {
  const { selector, namespace } = draft;
  return selector === undefined ? draft : { ...draft, selector: withoutTemplateHash(rollouts, namespace, selector) };
}

/** Gateway API made them a kind of its own that Istio reads since 1.30; before, a flag is needed for the experimental one. */
function listenerSetsIn(index: ObjectIndex, { version, flags }: ClusterSettings['istio']): readonly ManifestObject[] {
  if (version >= '1.30') return index.of('ListenerSet');
  return flags.PILOT_ENABLE_ALPHA_GATEWAY_API === true ? index.of('XListenerSet') : [];
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
  const watched = (...kinds: readonly string[]) => index.of(...kinds).filter(isWatched);
  const policies = index.of('AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication');
  return {
    policies: policies.filter(isWatched),
    unwatchedPolicies: policies.filter((object) => !isWatched(object)),
    networkPolicies: index.of('NetworkPolicy'),
    extensions: watched('EnvoyFilter', 'WasmPlugin', 'TrafficExtension', 'ProxyConfig'),
    telemetries: watched('Telemetry'),
    sidecars: watched('Sidecar'),
    referenceGrants: watched('ReferenceGrant'),
    endpointLists: index.of('EndpointSlice', 'Endpoints'),
    tlsPolicies: index.of('BackendTLSPolicy'),
    listenerSets: index.of('ListenerSet', 'XListenerSet'),
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
