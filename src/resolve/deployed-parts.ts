import {
  type Cluster,
  type Gateway,
  infrastructure,
  keyInMesh,
  keyOf,
  type Service,
  type Topology,
  type Workload,
} from '../topology/model.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';
import { groupBy, sortBy } from '../util/order.js';
import type { Destination, Source } from './resolved.js';

/** What a namespace holds in all clusters, by the names that intents use for it. */
export interface DeployedPart {
  /** Destinations by `namespace/name` of the Service, one for each cluster that has it. */
  readonly services: ReadonlyMap<string, readonly Destination[]>;
  /** By `namespace/name` of the workload. */
  readonly workloads: ReadonlyMap<string, readonly Destination[]>;
  /** The destinations that together hold every workload exactly once, sorted. */
  readonly homes: readonly Destination[];
  /** Whatever sends requests, sorted by cluster and name. */
  readonly sources: readonly Source[];
  readonly callingWorkloads: ReadonlyMap<string, readonly Source[]>;
  readonly callingGateways: ReadonlyMap<string, readonly Source[]>;
  /** By `namespace/name` of the ServiceAccount. */
  readonly identities: ReadonlyMap<string, readonly Source[]>;
}

export type PartsByNamespace = ReadonlyMap<string, DeployedPart>;

/** The namespace of a key `namespace/name`. */
export function namespaceIn(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

/**
 * A topology by namespaces. A part is the very same as before where nothing that it holds is otherwise. One topology is taken
 * apart once, whoever asks.
 */
export const deployedParts = oncePerObject((topology: Topology, recall: Recall = computeAnew): PartsByNamespace => {
  const { clusters } = topology;
  const inNamespaces = <T extends { readonly namespace: string }>(of: (cluster: Cluster) => Iterable<T>) =>
    groupBy(
      clusters.flatMap((cluster) => [...of(cluster)]),
      ({ namespace }) => namespace,
    );
  const services = inNamespaces((cluster) => cluster.services.values());
  const workloads = inNamespaces((cluster) => cluster.workloads.values());
  const gateways = inNamespaces((cluster) => cluster.gateways.values());
  const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const podsBehind = ({ cluster, workloads: keys }: Service) =>
    keys.flatMap((key) => byName.get(cluster)?.workloads.get(key) ?? []);
  const destinations = new Map(
    [...services].flatMap(([namespace, all]) => {
      const inputs = all.flatMap((service) => [service, ...podsBehind(service)]);
      return recall(`Services of ${namespace} as destinations`, inputs, () =>
        all.map((service) => serviceDestination(service, podsBehind(service))),
      ).map((destination) => [destination.id, destination] as const);
    }),
  );
  const networks = new Map(clusters.map(({ name, settings }) => [name, settings.network]));
  const names = new Set([...services.keys(), ...workloads.keys(), ...gateways.keys()]);
  return new Map(
    [...names].map((namespace) => {
      const held: Held = {
        services: (services.get(namespace) ?? []).flatMap((service) => destinations.get(keyInMesh(service)) ?? []),
        workloads: (workloads.get(namespace) ?? []).map((workload) => ({
          workload,
          before: workload.services.flatMap((key) => destinations.get(`${workload.cluster}/${key}`) ?? []),
        })),
        gateways: gateways.get(namespace) ?? [],
      };
      const before = held.workloads.flatMap((each) => [each.workload, ...each.before]);
      const inputs = [...networks.values(), ...held.services, ...before, ...held.gateways];
      return [namespace, recall(`names of ${namespace}`, inputs, () => partOf(held, networks))];
    }),
  );
});

interface Held {
  readonly services: readonly Destination[];
  /** Each with the Services before it. */
  readonly workloads: ReadonlyArray<{ readonly workload: Workload; readonly before: readonly Destination[] }>;
  readonly gateways: readonly Gateway[];
}

/** A classic gateway is a workload too; a gateway of Gateway API is deployed by Istio and has no workload among the manifests. */
function partOf({ services, workloads, gateways }: Held, networks: ReadonlyMap<string, string>): DeployedPart {
  const serving = workloads.filter(({ workload }) => !infrastructure.has(workload.mode.plane));
  const homes = serving.map(({ workload, before }) => homeAmong(before) ?? workloadDestination(workload));
  const calling = workloads.map(({ workload }) => workload).filter(isCaller);
  const running = calling.map((workload) => sourceOf(workload, workload.mode.plane, networks));
  const known = new Set(running.map(sourceKey));
  const ofGateways = gateways.map((gateway) => sourceOf(gateway, 'gateway', networks));
  const sources = sortBy(
    [...running, ...ofGateways.filter((gateway) => !known.has(sourceKey(gateway)))],
    ({ cluster }) => cluster,
    ({ name }) => name,
  );
  return {
    services: groupBy(services, keyOf),
    workloads: groupBy(
      serving.map(({ workload }) => workloadDestination(workload)),
      keyOf,
    ),
    homes: sortBy(new Map(homes.map((home) => [home.id, home])).values(), ({ id }) => id),
    sources,
    callingWorkloads: groupBy(running, ({ name }) => name),
    callingGateways: groupBy(ofGateways, ({ name }) => name),
    identities: groupBy(sources, ({ serviceAccount }) => serviceAccount),
  };
}

function serviceDestination(service: Service, pods: readonly Workload[]): Destination {
  const { cluster, namespace, name } = service;
  const workloads = pods.filter(({ mode }) => !infrastructure.has(mode.plane));
  return { id: keyInMesh(service), cluster, namespace, name, service, workloads };
}

/** A workload as a destination of its own. */
export function workloadDestination(workload: Workload): Destination {
  return {
    id: `${workload.cluster}/${workload.namespace}/workload:${workload.name}`,
    cluster: workload.cluster,
    namespace: workload.namespace,
    name: workload.name,
    service: undefined,
    workloads: [workload],
  };
}

function homeAmong(before: readonly Destination[]): Destination | undefined {
  return sortBy(
    before,
    ({ workloads }) => -workloads.length,
    ({ name }) => name,
  )[0];
}

function isCaller({ mode }: Workload): boolean {
  return mode.plane !== 'waypoint' && mode.plane !== 'east-west';
}

function sourceOf(caller: Workload | Gateway, plane: Source['plane'], networks: ReadonlyMap<string, string>): Source {
  return {
    cluster: caller.cluster,
    network: networks.get(caller.cluster) ?? '',
    name: keyOf(caller),
    serviceAccount: `${caller.namespace}/${caller.serviceAccount}`,
    plane,
  };
}

export function sourceKey({ cluster, name }: Source): string {
  return `${cluster}/${name}`;
}
