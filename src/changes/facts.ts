import { ledByGateways } from '../algebra/routes/led-by-gateways.js';
import { ledFrom } from '../algebra/routes/led-from.js';
import { countedLists } from '../mesh/doubts/listed-endpoints.js';
import { asArray, asObject, asText } from '../mesh/json.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import type { Pods } from '../mesh/network-policies/admits.js';
import { podsOfGateway, podsOfWaypoint } from '../mesh/network-policies/connection.js';
import { egressPoliciesOf, ingressPoliciesOf } from '../mesh/network-policies/policy.js';
import { routedNames } from '../mesh/paths/routed-names.js';
import { authorizationAt, type Point, peerAuthenticationAt, requestAuthenticationAt } from '../mesh/policies/attach.js';
import { foreignPoliciesAt } from '../mesh/policies/foreign-policies.js';
import type { AuthorizationPolicy, RequestAuthentication } from '../mesh/policies/policy.js';
import { objectsBehind } from '../mesh/routes/route.js';
import type { ManifestObject } from '../parse/document.js';
import { isFlagOn, readFlagNames } from '../parse/read-flags.js';
import { type Binding, type Gateway, keyOf, type Service, type Workload } from '../topology/model.js';
import { oncePer, oncePerObject } from '../util/once.js';
import { groupBy, sortedUnique } from '../util/order.js';
import {
  contentInAnyOrder,
  contentOf,
  contentOfNetworkPolicies,
  contentOfObject,
  contentOfWritten,
} from './content.js';

/**
 * Everything that decides who reaches a workload in one state, beside who calls and what holds for everybody. What has the
 * same facts in two states is treated alike in both, wherever the texts differ otherwise.
 */
export function factsOfWorkload(mesh: Mesh, workload: Workload): string {
  const at = mesh.clusters.get(workload.cluster);
  if (at === undefined) return '';
  const { pods: _, ...said } = workload;
  const services = workload.services.flatMap((key) => at.cluster.services.get(key) ?? []);
  const kind = workload.mode.plane === 'ambient' ? 'ztunnel' : 'sidecar';
  const peers = peerAuthenticationAt(kind, workload, at).map(({ object }) => contentOfObject(object));
  return [
    contentOf(said),
    namespaceFacts(at, workload.namespace),
    ...pointFacts(at, { kind, workload }),
    ...peers,
    ...podFacts(at, workload),
    bindingFacts(at, workload.binding, undefined),
    ...services.map((each) => serviceFacts(at, each)),
    ...routeFacts(mesh, at, workload),
  ].join('\n');
}

export function factsOfGateway({ clusters }: Mesh, gateway: Gateway): string {
  const at = clusters.get(gateway.cluster);
  if (at === undefined) return '';
  return [
    contentOf(gateway),
    contentOfObject(gateway.object),
    namespaceFacts(at, gateway.namespace),
    ...pointFacts(at, { kind: 'gateway', gateway }),
    ...podFacts(at, podsOfGateway(gateway)),
  ].join('\n');
}

/** Everything that decides what a gateway does with what it lets through, beside what holds for everybody. */
export function factsOfGatewayRoutes(at: MeshCluster, gateway: Gateway): string {
  const led = [...ledByGateways(at)].filter(([, all]) => all.some((each) => each.gateway === gateway));
  const workloads = led.flatMap(([key]) => at.cluster.workloads.get(key) ?? []);
  const services = new Set(workloads.flatMap((each) => each.services));
  const behind = [...services].flatMap((key) => at.cluster.services.get(key) ?? []);
  return [
    opened(gateway),
    ...podFacts(at, podsOfGateway(gateway)),
    ...gatewayRoutes(at),
    ...workloads.map(({ labels, ports }) => contentOf([labels, ports])),
    ...workloads.flatMap((workload) => podFacts(at, workload)),
    ...behind.flatMap((each) => [serviceFacts(at, each), ...objectsFor(at)(each.host).map(contentOfObject)]),
  ].join('\n');
}

function namespaceFacts({ cluster }: MeshCluster, name: string): string {
  return contentOf(cluster.namespaces.get(name));
}

function serviceFacts(at: MeshCluster, service: Service): string {
  return [contentOf(service), bindingFacts(at, service.binding, service)].join('\n');
}

function bindingFacts(at: MeshCluster, binding: Binding, service: Service | undefined): string {
  const waypoint = binding.kind === 'bound' ? at.cluster.waypoints.get(binding.waypoint) : undefined;
  if (waypoint === undefined) return contentOf(binding);
  return [
    contentOf(waypoint),
    ...pointFacts(at, { kind: 'waypoint', waypoint, service }),
    ...podFacts(at, podsOfWaypoint(waypoint)),
  ].join('\n');
}

/** What NetworkPolicies say of pods as those who are sent something, and as those who send it on. */
function podFacts(at: MeshCluster, { namespace, labels = {} }: Pods): readonly string[] {
  if (at.cluster.networkPolicies.length === 0) return [];
  const governing = [ingressPoliciesOf(at, namespace, labels), egressPoliciesOf(at, namespace, labels)];
  return [namespaceFacts(at, namespace), ...governing.map((policies) => contentOfNetworkPolicies(policies))];
}

function pointFacts(at: MeshCluster, point: Point): readonly string[] {
  return [
    ...authorizationFacts(authorizationAt(point, at).map(({ policy }) => policy)),
    ...authenticationFacts(requestAuthenticationAt(point, at)),
    ...foreignPoliciesAt(point, at).map(({ object }) => contentOfObject(object)),
  ];
}

/**
 * What policies of one action ask for adds up, in whatever order, and a policy without rules says no more than that there is
 * one (§1.2). The namespace is that of short names in them.
 */
function authorizationFacts(policies: readonly AuthorizationPolicy[]): readonly string[] {
  const kindOf = ({ action, provider, dryRun, namespace }: AuthorizationPolicy) =>
    contentOf([action, provider, dryRun, namespace]);
  return [...groupBy(policies, kindOf)]
    .map(([kind, group]) => [kind, ...sortedUnique(group.flatMap(rulesOf))].join())
    .sort();
}

/** What a rule compares with what is a set everywhere. */
function rulesOf({ rules }: AuthorizationPolicy): readonly string[] {
  return rules.map(({ from, to, when }) => contentInAnyOrder({ from, to, when }));
}

/** istiod puts the rules of all policies in the order of their issuers; which of two for one issuer comes first is theirs (§6.3). */
function authenticationFacts(policies: readonly RequestAuthentication[]): readonly string[] {
  const rules = policies.flatMap(({ object }) => asArray(asObject(object.value.spec)?.jwtRules));
  const issuers = rules.map((rule) => asText(asObject(rule)?.issuer));
  const said = rules.map(contentOfWritten);
  return new Set(issuers).size === issuers.length ? said.sort() : said;
}

/** What holds for everybody, or may: then everybody is compared. */
export const factsOfAll = oncePerObject(({ topology, clusters }: Mesh): string => {
  const { rootNamespace, clusterDomain, trustDomain, callers } = topology.mesh;
  const all = [...clusters.values()].map((at) => {
    const { cluster, openHosts } = at;
    const { manifests: _, span: __, istio, ...settings } = cluster.settings;
    const flags = readFlagNames.map((name) => isFlagOn(istio.flags, name));
    const objects: readonly ManifestObject[] = [
      ...cluster.extensions,
      // What is not read further may say something else by the very same doubt.
      ...[...at.extensions, ...openHosts].map(({ object }) => object),
      ...cluster.sidecars,
      ...countedLists(cluster),
      ...cluster.tlsPolicies,
      ...cluster.referenceGrants,
      ...cluster.rollouts,
      ...[...cluster.serviceEntries.values()].map(({ object }) => object),
      // A Sidecar makes hosts known by the routes that it imports.
      ...(cluster.sidecars.length > 0 ? cluster.routes : []),
    ];
    return [
      contentOf([settings, { ...istio, flags }, cluster.apiServerCalls, openHosts, [...routedNames(at)]]),
      ...sortedUnique(objects.map(contentOfObject)),
    ];
  });
  return [contentOf([rootNamespace, clusterDomain, trustDomain, callers]), ...all.flat()].join('\n');
});

/** The routes and rules that have a say in what comes to a workload: those for its hosts, and of gateways that lead there. */
function routeFacts({ clusters }: Mesh, at: MeshCluster, workload: Workload): readonly string[] {
  const key = keyOf(workload);
  const leading = (ledFrom(at).get(key) ?? []).map(({ service }) => keyOf(service));
  const services = [...new Set([...workload.services, ...leading])];
  const hosts = services.flatMap((name) => at.cluster.services.get(name)?.host ?? []);
  const objects = [...clusters.values()].flatMap((each) => hosts.flatMap((host) => objectsFor(each)(host)));
  const byGateways = ledByGateways(at).get(key) ?? [];
  const gateways = new Set(byGateways.map(({ gateway }) => gateway));
  return [
    ...[...new Set(objects)].map(contentOfObject).sort(),
    ...(byGateways.length === 0 ? [] : gatewayRoutes(at)),
    ...[...gateways].map((gateway) =>
      [
        opened(gateway),
        ...pointFacts(at, { kind: 'gateway', gateway }),
        ...podFacts(at, podsOfGateway(gateway)),
      ].join(),
    ),
  ];
}

/** What comes from outside does not hang on the names by which a gateway is called from inside. */
function opened({ fronts: _, ...gateway }: Gateway): string {
  return contentOf(gateway);
}

/** What the routes and DestinationRules for a host say, wherever they are. */
export function routesFor({ clusters }: Mesh, host: string): readonly string[] {
  return [...clusters.values()].flatMap((at) => objectsFor(at)(host).map(contentOfObject)).sort();
}

/** The routes and DestinationRules for a host. */
const objectsFor = oncePerObject(({ routes, versions, tlsSettings, cluster }: MeshCluster) => {
  const named = [
    ...routes.flatMap((route) => route.hosts.map((host) => ({ host, objects: objectsBehind(route) }))),
    ...versions.map(({ host, object }) => ({ host, objects: [object] })),
  ];
  const rules = cluster.routes.filter(({ kind }) => kind === 'DestinationRule');
  const exact = groupBy(named, ({ host }) => host);
  const wide = named.filter(({ host }) => host.startsWith('*'));
  return oncePer((host: string): readonly ManifestObject[] => [
    ...(exact.get(host) ?? []).flatMap(({ objects }) => objects),
    ...wide.filter((each) => covers(each.host, host)).flatMap(({ objects }) => objects),
    ...(tlsSettings.has(host) ? rules : []),
  ]);
});

const gatewayRoutes = oncePerObject(({ routes, cluster }: MeshCluster): readonly string[] => {
  const bound = routes.filter(({ attachments }) => attachments.some(({ kind }) => kind === 'gateway'));
  const objects = [...bound.flatMap(objectsBehind), ...cluster.listenerSets, ...cluster.istioGateways];
  return [...new Set(objects)].map(contentOfObject).sort();
});

/** Whether routes have a say in what comes to a workload: then its ways are those of no other. */
export function isRouted({ clusters }: Mesh, { cluster, ...names }: Workload): boolean {
  const at = clusters.get(cluster);
  const workload = at?.cluster.workloads.get(keyOf(names));
  if (at === undefined || workload === undefined) return false;
  const key = keyOf(workload);
  if (ledFrom(at).has(key) || ledByGateways(at).has(key)) return true;
  return workload.services.some((service) => isRoutedService(at, service));
}

export function isRoutedService(at: MeshCluster, key: string): boolean {
  const host = at.cluster.services.get(key)?.host;
  return host !== undefined && routedHosts(at).some((name) => covers(name, host));
}

const routedHosts = oncePerObject(({ routes }: MeshCluster): readonly string[] => [
  ...new Set(routes.flatMap(({ hosts }) => hosts)),
]);

function covers(name: string, host: string): boolean {
  return name === host || name === '*' || (name.startsWith('*.') && host.endsWith(name.slice(1)));
}
