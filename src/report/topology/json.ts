import type { JsonObject, JsonValue } from '../../parse/document.js';
import type {
  Binding,
  Cluster,
  Gateway,
  Listener,
  Namespace,
  Service,
  ServiceEntry,
  ServicePort,
  Topology,
  Waypoint,
  Workload,
} from '../../topology/model.js';
import { pathsTo } from '../../topology/paths.js';
import { identityOf } from './phrases.js';

/** The deployment as Ambit understood it, for programs: everything but the manifests themselves, in a stable order. */
export function topologyToJson(topology: Topology): JsonValue {
  return { mesh: topology.mesh.name, clusters: topology.clusters.map(clusterToJson) };
}

function clusterToJson(cluster: Cluster): JsonObject {
  const { name, settings } = cluster;
  const all = <T>(objects: ReadonlyMap<string, T>, toJson: (object: T, cluster: Cluster) => JsonObject) =>
    [...objects.values()].map((object) => toJson(object, cluster));
  return {
    name,
    network: settings.network,
    trustDomain: settings.trustDomain,
    istio: { version: settings.istio.version, revision: settings.istio.revision },
    namespaces: all(cluster.namespaces, namespaceToJson),
    workloads: all(cluster.workloads, workloadToJson),
    services: all(cluster.services, serviceToJson),
    serviceEntries: all(cluster.serviceEntries, serviceEntryToJson),
    waypoints: all(cluster.waypoints, waypointToJson),
    gateways: all(cluster.gateways, gatewayToJson),
    serviceAccounts: [...cluster.serviceAccounts],
    apiServerCalls: cluster.apiServerCalls.map(({ service, port, purpose }) => ({ service, port, purpose })),
    ignored: Object.fromEntries(cluster.ignored),
  };
}

function namespaceToJson({ name, labels, object }: Namespace): JsonObject {
  return { name, labels, given: object !== undefined };
}

function workloadToJson(workload: Workload, cluster: Cluster): JsonObject {
  const { namespace, name, kind, mode, serviceAccount, hostNetwork, labels, services, ports, binding } = workload;
  return {
    namespace,
    name,
    kind,
    mode: { plane: mode.plane, hbone: mode.hbone, because: mode.because, fact: mode.fact },
    serviceAccount,
    principal: mode.plane === 'none' ? null : identityOf(workload, cluster),
    hostNetwork,
    labels,
    services,
    ports: ports.map((port) => ({ name: port.name ?? null, number: port.number, transport: port.transport })),
    waypoint: bindingToJson(binding),
  };
}

function serviceToJson(service: Service, cluster: Cluster): JsonObject {
  const { namespace, name, type, headless, host, selector, ports, workloads, binding, ingressUsesWaypoint } = service;
  return {
    namespace,
    name,
    type,
    headless,
    host,
    selector: selector ?? null,
    ports: ports.map(portToJson),
    workloads,
    waypoint: bindingToJson(binding),
    ingressUsesWaypoint,
    paths: pathsTo(cluster, service).map((path) => ({ ...path })),
  };
}

function serviceEntryToJson({ namespace, name, hosts, ports, binding }: ServiceEntry): JsonObject {
  return { namespace, name, hosts, ports: ports.map(portToJson), waypoint: bindingToJson(binding) };
}

function portToJson({ name, number, targetPort, transport, protocol, layer, because }: ServicePort): JsonObject {
  return { name: name ?? null, number, targetPort, transport, protocol, layer, because };
}

function waypointToJson(waypoint: Waypoint, cluster: Cluster): JsonObject {
  const { namespace, name, className, waypointFor, allowedRoutes, ready } = waypoint;
  const { from, selector } = allowedRoutes;
  return {
    namespace,
    name,
    className,
    waypointFor,
    allowedRoutes: { from, selector: selector === undefined ? null : selectorToJson(selector) },
    ready,
    principal: identityOf(waypoint, cluster),
  };
}

function selectorToJson({ matchLabels, matchExpressions }: NonNullable<Waypoint['allowedRoutes']['selector']>) {
  return { matchLabels, matchExpressions: matchExpressions.map((expression) => ({ ...expression })) };
}

function gatewayToJson(gateway: Gateway, cluster: Cluster): JsonObject {
  const { namespace, name, kind, podLabels, listeners } = gateway;
  const principal = identityOf(gateway, cluster);
  return { namespace, name, kind, podLabels, principal, listeners: listeners.map(listenerToJson) };
}

function listenerToJson({ name, port, podPort, protocol, tls, reads, hosts, standing, object }: Listener): JsonObject {
  return {
    ...{ name, port, podPort, protocol, tls: tls ?? null, reads },
    hosts: hosts.map(({ host }) => host),
    declaredBy: `${object.kind} ${object.namespace ?? 'default'}/${object.name}`,
    standing: { ...standing },
  };
}

function bindingToJson(binding: Binding): JsonObject {
  return { ...binding };
}
