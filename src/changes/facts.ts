import { ledByGateways } from '../algebra/routes/led-by-gateways.js';
import { ledFrom } from '../algebra/routes/led-from.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { authorizationAt, type Point, peerAuthenticationAt, requestAuthenticationAt } from '../mesh/policies/attach.js';
import { foreignPolicyAt } from '../mesh/policies/foreign-policies.js';
import type { ManifestObject } from '../parse/document.js';
import { type Binding, type Gateway, keyOf, type Service, type Workload } from '../topology/model.js';
import { oncePer, oncePerObject } from '../util/once.js';
import { contentOf, contentOfObject } from './content.js';

/**
 * Everything that decides who reaches a workload in one state, beside who calls. What has the same facts in two states is
 * treated alike in both, wherever the texts differ otherwise.
 */
export const factsOfWorkload = (mesh: Mesh, workload: Workload): string => {
  const at = mesh.clusters.get(workload.cluster);
  if (at === undefined) return '';
  const { pods: _, ...said } = workload;
  const services = workload.services.flatMap((key) => at.cluster.services.get(key) ?? []);
  const kind = workload.mode.plane === 'ambient' ? 'ztunnel' : 'sidecar';
  const before = [bindingFacts(at, workload.binding, undefined), ...services.map((each) => serviceFacts(at, each))];
  const peers = peerAuthenticationAt(kind, workload, at).map(({ object }) => contentOfObject(object));
  return [
    clusterFacts(mesh)(at),
    contentOf(said),
    namespaceFacts(at, workload.namespace),
    ...pointFacts(at, { kind, workload }),
    ...peers,
    ...before,
  ].join('\n');
};

export function factsOfGateway(mesh: Mesh, gateway: Gateway): string {
  const at = mesh.clusters.get(gateway.cluster);
  if (at === undefined) return '';
  const facts = [
    contentOf(gateway),
    namespaceFacts(at, gateway.namespace),
    ...pointFacts(at, { kind: 'gateway', gateway }),
  ];
  return [clusterFacts(mesh)(at), ...facts].join('\n');
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
  return [contentOf(waypoint), ...pointFacts(at, { kind: 'waypoint', waypoint, service })].join('\n');
}

function pointFacts(at: MeshCluster, point: Point): readonly string[] {
  const policies = [...authorizationAt(point, at).map(({ policy }) => policy), ...requestAuthenticationAt(point, at)];
  return [...policies.map(({ object }) => contentOfObject(object)), foreignPolicyAt(point, at) ?? ''];
}

/** What holds for everybody in a cluster, or may. */
const clusterFacts = oncePerObject(({ topology }: Mesh) =>
  oncePer(({ cluster }: MeshCluster): string => {
    const { name: _, manifests: __, ...settings } = cluster.settings;
    const { rootNamespace, clusterDomain, trustDomain, callers } = topology.mesh;
    const objects: readonly ManifestObject[] = [
      ...cluster.extensions,
      ...cluster.sidecars,
      ...cluster.endpointLists,
      ...cluster.tlsPolicies,
      ...cluster.listenerSets,
      ...cluster.istioGateways,
      ...cluster.routes,
      ...cluster.rollouts,
      ...cluster.referenceGrants,
      ...[...cluster.serviceEntries.values(), ...cluster.gateways.values()].map(({ object }) => object),
    ];
    return [
      contentOf([settings, rootNamespace, clusterDomain, trustDomain, callers, cluster.apiServerCalls]),
      ...objects.map(contentOfObject).sort(),
    ].join('\n');
  }),
);

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
