import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import type { ManifestObject } from '../parse/document.js';
import type { IstioVersion } from '../parse/mesh.js';
import { isFlagOn, type ReadFlag } from '../parse/read-flags.js';
import { namespaceOf } from '../topology/fields.js';
import type { Cluster, Topology } from '../topology/model.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { oncePer, oncePerObject } from '../util/once.js';
import { groupBy } from '../util/order.js';
import { withoutRefused } from './admission/without-refused.js';
import { type Extension, readExtension, readForeignSidecar, readInstalled } from './doubts/extensions.js';
import { type ListedEndpoints, readListedEndpoints } from './doubts/listed-endpoints.js';
import { type OpenHost, readOpenHosts } from './doubts/open-hosts.js';
import { type OpenWorkload, readOpenWorkloads } from './doubts/open-workloads.js';
import { otherRevision } from './doubts/revision.js';
import { withEntryServices } from './entry-services.js';
import { readSidecar, type SidecarResource } from './paths/sidecar-resource.js';
import { readTlsSettings, type TlsSetting } from './paths/tls-settings.js';
import type {
  AuthorizationPolicy,
  PeerAuthentication,
  Policy,
  RequestAuthentication,
  Scope,
} from './policies/policy.js';
import { compileForms, type PolicyForms } from './policies/policy-forms.js';
import { readPeerAuthentication, readRequestAuthentication } from './policies/read/read-authentication.js';
import { readAuthorizationPolicy } from './policies/read/read-authorization.js';
import { readRoutes } from './routes/read/read-routes.js';
import { readVersions, type VersionRule } from './routes/read/read-versions.js';
import type { Route, UnreadRoute } from './routes/route.js';
import { readTelemetryObject, type TelemetryObject } from './telemetry/telemetry-object.js';

/** A deployment with its policies read: everything `decide` needs to know. */
export interface Mesh {
  readonly topology: Topology;
  readonly clusters: ReadonlyMap<string, MeshCluster>;
}

export interface MeshCluster {
  /** With the routes and Sidecars as they are written, those included that the cluster refuses. */
  readonly cluster: Cluster;
  /** At which addresses each cluster is reached by others, by its name; `undefined` where the Mesh document does not say. */
  readonly clusterBlocks: ReadonlyMap<string, readonly string[] | undefined>;
  readonly rootNamespace: string;
  readonly clusterDomain: string;
  /** The trust domains that Envoy proxies take for their own, the cluster's first (§8.3). */
  readonly trustDomains: readonly string[];
  readonly authorization: ByNamespace<PolicyForms>;
  readonly peerAuthentication: ByNamespace<PeerAuthentication>;
  readonly requestAuthentication: ByNamespace<RequestAuthentication>;
  /** Policies that name another revision than this cluster's. */
  readonly foreign: ByNamespace<ForeignPolicy>;
  /** What may change a proxy and is not read any further. */
  readonly extensions: readonly Extension[];
  /** Addresses behind Services that are those of no pod, or ports of theirs that lead elsewhere. */
  readonly listedEndpoints: readonly ListedEndpoints[];
  /** Hosts of routes and ServiceEntries that name another revision than the cluster's. */
  readonly openHosts: readonly OpenHost[];
  /** Workloads of which it is not known what reaches them, by their keys. */
  readonly openWorkloads: ReadonlyMap<string, OpenWorkload>;
  readonly sidecars: ByNamespace<SidecarResource>;
  /** What proxies record. */
  readonly telemetries: ByNamespace<TelemetryObject>;
  /** By host: what DestinationRules say of TLS towards it. */
  readonly tlsSettings: ReadonlyMap<string, readonly TlsSetting[]>;
  /** The routes of every API, as istiod has them. */
  readonly routes: readonly Route[];
  /** Those of objects that the cluster refuses: nothing is routed by them. */
  readonly refusedRoutes: readonly Route[];
  /** The versions of hosts that DestinationRules name. */
  readonly versions: readonly VersionRule[];
  /** What is not routed by, among the objects that routes are read from. */
  readonly unreadRoutes: readonly UnreadRoute[];
  /** Whether what NetworkPolicies stop within it is only told of, and let through. */
  readonly onlyTellsOfNetworkPolicies?: true;
  /** Whether no external authorizer answers. */
  readonly authorizersDown?: true;
  /** Whether requests are taken as external authorizers leave them, as far as it is declared what these write. */
  readonly asAuthorizersLeave?: true;
}

export interface ForeignPolicy {
  readonly object: ManifestObject;
  readonly kind: Policy['kind'];
  readonly namespace: string;
  readonly name: string;
  readonly scope: Scope;
  readonly revision: string;
}

export type ByNamespace<T> = ReadonlyMap<string, readonly T[]>;

/** Reads the policies that a topology's manifests hold. A policy the cluster would refuse is an error, and is left out. */
export function readMesh(topology: Topology, recall: Recall = computeAnew): Result<Mesh> {
  const settings = topology.clusters.map((cluster) => cluster.settings);
  const clusterBlocks = new Map(settings.map(({ name, ipBlocks }) => [name, ipBlocks] as const));
  const results = topology.clusters.map((cluster) =>
    recall('policies of', cluster.name, [cluster, topology.mesh, ...settings], () =>
      readCluster(cluster, clusterBlocks, topology, recall),
    ),
  );
  const clusters = results.map(({ value }) => value);
  return {
    value: recall('mesh with its policies', '', [topology, ...clusters], () => ({
      topology,
      clusters: new Map(clusters.map((at) => [at.cluster.name, at])),
    })),
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
  };
}

function readCluster(
  before: Cluster,
  clusterBlocks: MeshCluster['clusterBlocks'],
  { mesh }: Topology,
  recall: Recall,
): Result<MeshCluster> {
  const given = withoutRefused(before);
  const cluster = withEntryServices(given);
  const { trustDomain: own, trustDomainAliases } = cluster.settings;
  const trustDomains = [own, ...trustDomainAliases.filter((alias) => alias !== own)];
  const { revision } = cluster.settings.istio;
  const policies = policiesByNamespace(cluster, trustDomains, recall);
  const isOwn = (object: ManifestObject) => object.kind === 'DestinationRule' || !otherRevision(object, revision);
  const others = given.routes.filter((object) => !isOwn(object));
  const { routes, unread } = readRoutes({ ...given, routes: given.routes.filter(isOwn) }, mesh.clusterDomain, others);
  const open = others.length === 0 ? [] : readRoutes({ ...given, routes: others }, mesh.clusterDomain).routes;
  return {
    value: {
      cluster: given === before ? cluster : { ...cluster, routes: before.routes, sidecars: before.sidecars },
      clusterBlocks,
      rootNamespace: mesh.rootNamespace,
      clusterDomain: mesh.clusterDomain,
      trustDomains,
      authorization: inEach(policies, ({ authorization }) => authorization),
      peerAuthentication: inEach(policies, ({ peerAuthentication }) => peerAuthentication),
      requestAuthentication: inEach(policies, ({ requestAuthentication }) => requestAuthentication),
      foreign: inEach(policies, ({ foreign }) => foreign),
      extensions: [
        ...(cluster.settings.istio.open ?? []).map((open) => readInstalled(open, mesh.rootNamespace)),
        ...cluster.extensions.flatMap(readExtension),
        ...cluster.sidecars.filter((object) => !isOwn(object)).map(readForeignSidecar),
      ],
      openHosts: readOpenHosts(given, open),
      listedEndpoints: recall(
        'listed endpoints of',
        cluster.name,
        [given.services, given.workloads, ...given.endpointLists],
        () => readListedEndpoints(given),
      ),
      openWorkloads: recall(
        'open workloads of',
        cluster.name,
        [mesh.rootNamespace, cluster.settings, cluster.namespaces, cluster.workloads],
        () => readOpenWorkloads(cluster, mesh.rootNamespace),
      ),
      sidecars: byNamespace(cluster.sidecars.filter(isOwn).map(readSidecar)),
      telemetries: byNamespace(cluster.telemetries.filter(isOwn).map(readTelemetryObject)),
      tlsSettings: tlsSettingsOf(cluster, mesh.clusterDomain, recall),
      routes,
      refusedRoutes: refusedRoutes(before, given, mesh.clusterDomain),
      versions: readVersions(cluster, mesh.clusterDomain),
      unreadRoutes: unread,
    },
    diagnostics: [...policies.values()].flatMap(({ diagnostics }) => diagnostics),
  };
}

/** What is read of the policies of one namespace. */
interface PoliciesOfNamespace {
  readonly authorization: readonly PolicyForms[];
  readonly peerAuthentication: readonly PeerAuthentication[];
  readonly requestAuthentication: readonly RequestAuthentication[];
  readonly foreign: readonly ForeignPolicy[];
  readonly diagnostics: readonly Diagnostic[];
}

function policiesByNamespace(
  { name, settings, policies }: Cluster,
  trustDomains: readonly string[],
  recall: Recall,
): ReadonlyMap<string, PoliciesOfNamespace> {
  const { version, revision } = settings.istio;
  const formsOf = recall('forms in', name, [version, ...trustDomains], () =>
    oncePerObject((policy: AuthorizationPolicy) => compileForms(policy, trustDomains, version)),
  );
  const read = (objects: readonly ManifestObject[]): PoliciesOfNamespace => {
    const results = objects.flatMap((object) => policyRead(version)(object));
    const accepted = results.filter(({ diagnostics }) => diagnostics.length === 0).map(({ value }) => value);
    const foreign = accepted.flatMap((policy) => foreignPolicy(policy, revision));
    const ofOthers = new Set(foreign.map(({ object }) => object));
    const own = accepted.filter(({ object }) => !ofOthers.has(object));
    return {
      authorization: own.filter((policy) => policy.kind === 'AuthorizationPolicy').map((policy) => formsOf(policy)),
      peerAuthentication: own.filter((policy) => policy.kind === 'PeerAuthentication'),
      requestAuthentication: own.filter((policy) => policy.kind === 'RequestAuthentication'),
      foreign,
      diagnostics: results.flatMap(({ diagnostics }): readonly Diagnostic[] => diagnostics),
    };
  };
  return new Map(
    [...groupBy(policies, namespaceOf)].map(([namespace, objects]) => {
      const inputs = [formsOf, revision, ...objects];
      return [namespace, recall('policies read in', `${name}/${namespace}`, inputs, () => read(objects))] as const;
    }),
  );
}

/** Of each namespace what it has of something; those that have none are left out. */
function inEach<T>(
  policies: ReadonlyMap<string, PoliciesOfNamespace>,
  partOf: (policies: PoliciesOfNamespace) => readonly T[],
): ByNamespace<T> {
  const parts = [...policies].map(([namespace, all]) => [namespace, partOf(all)] as const);
  return new Map(parts.filter(([, part]) => part.length > 0));
}

function tlsSettingsOf(cluster: Cluster, clusterDomain: string, recall: Recall): MeshCluster['tlsSettings'] {
  const { name, settings, services, serviceEntries, gateways, routes, tlsPolicies } = cluster;
  const inputs = [
    clusterDomain,
    settings,
    services,
    serviceEntries,
    gateways,
    routes.length,
    ...routes,
    ...tlsPolicies,
  ];
  return recall('TLS settings of', name, inputs, () => readTlsSettings(cluster, clusterDomain));
}

const policyRead = oncePer((version: IstioVersion) =>
  oncePerObject((object: ManifestObject) => readPolicy(object, version)),
);

function refusedRoutes(before: Cluster, { routes: accepted }: Cluster, clusterDomain: string): readonly Route[] {
  if (accepted === before.routes) return [];
  const counting = new Set(accepted);
  const routes = before.routes.filter((object) => !counting.has(object));
  return readRoutes({ ...before, routes }, clusterDomain).routes;
}

/** The policy, if it names a revision that is not the cluster's own. */
function foreignPolicy(policy: Policy, own: string): readonly ForeignPolicy[] {
  const revision = otherRevision(policy.object, own);
  if (revision === undefined) return [];
  const { object, kind, namespace, name } = policy;
  return [{ object, kind, namespace, name, scope: scopeOf(policy), revision }];
}

function scopeOf(policy: Policy): Scope {
  if (policy.kind !== 'PeerAuthentication') return policy.scope;
  const { matchLabels } = policy;
  return matchLabels === undefined ? { kind: 'namespace' } : { kind: 'selector', matchLabels };
}

function readPolicy(object: ManifestObject, version: IstioVersion): Array<Result<Policy>> {
  if (object.kind === 'AuthorizationPolicy') return [readAuthorizationPolicy(object, version)];
  if (object.kind === 'PeerAuthentication') return [readPeerAuthentication(object)];
  return object.kind === 'RequestAuthentication' ? [readRequestAuthentication(object)] : [];
}

function byNamespace<T extends { readonly namespace: string }>(policies: readonly T[]): ByNamespace<T> {
  return groupBy(policies, ({ namespace }) => namespace);
}

/** The policies of some namespaces, each namespace once, in the order given. */
export function inNamespaces<T>(policies: ByNamespace<T>, ...namespaces: readonly string[]): readonly T[] {
  const found: Array<readonly T[]> = [];
  for (let index = 0; index < namespaces.length; index++) {
    const namespace = namespaces[index] ?? '';
    const own = namespaces.indexOf(namespace) === index ? policies.get(namespace) : undefined;
    if (own !== undefined) found.push(own);
  }
  // Few meshes have policies in the root namespace.
  return found.length === 1 ? (found[0] ?? []) : found.flat();
}

/** Whether a feature flag of istiod is on. */
export function flag({ cluster }: MeshCluster, name: ReadFlag): boolean {
  return isFlagOn(cluster.settings.istio.flags, name);
}
