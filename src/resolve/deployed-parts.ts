import {
  type Cluster,
  type Gateway,
  infrastructure,
  keyInMesh,
  keyOf,
  type Service,
  selects,
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
export const deployedParts = oncePerObject(({ clusters }: Topology, recall: Recall = computeAnew): PartsByNamespace => {
  const held = heldIn(clusters, recall);
  const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const workload = ({ cluster, key }: Place) => byName.get(cluster)?.workloads.get(key);
  const destinations = new Map(
    [...held].flatMap(([namespace, each]) =>
      recall('destinations of', namespace, [each, ...each.podsElsewhere.map(workload)], () =>
        each.services.map((service) => serviceDestination(service, workload)),
      ).map((destination) => [destination.id, destination] as const),
    ),
  );
  const networks = new Map(clusters.map(({ name, settings }) => [name, settings.network]));
  return new Map(
    [...held].map(([namespace, each]) => {
      const own = each.services.map((service) => destinations.get(keyInMesh(service)));
      const elsewhere = each.servicesElsewhere.map(({ cluster, key }) => destinations.get(`${cluster}/${key}`));
      const inputs = [each, ...own, ...elsewhere, ...networks.values()];
      return [namespace, recall('names of', namespace, inputs, () => partOf(each, destinations, networks))];
    }),
  );
});

/** Something of a cluster, by its `namespace/name`. */
interface Place {
  readonly cluster: string;
  readonly key: string;
}

/** What stands in a namespace, and what it names in other namespaces. */
interface Held {
  readonly services: readonly Service[];
  readonly workloads: readonly Workload[];
  readonly gateways: readonly Gateway[];
  /** EndpointSlices may list pods of anywhere. */
  readonly podsElsewhere: readonly Place[];
  readonly servicesElsewhere: readonly Place[];
}

function heldIn(clusters: readonly Cluster[], recall: Recall): ReadonlyMap<string, Held> {
  const sorted = clusters.map((cluster) => {
    const { name, services, workloads, gateways } = cluster;
    return {
      services: recall('Services by namespace of', name, [services], () => byNamespace(services)),
      workloads: recall('workloads by namespace of', name, [workloads], () => byNamespace(workloads)),
      gateways: recall('gateways by namespace of', name, [gateways], () => byNamespace(gateways)),
    };
  });
  const names = new Set(sorted.flatMap((each) => Object.values(each).flatMap((found) => [...found.keys()])));
  return new Map(
    [...names].map((namespace) => {
      const services = sorted.flatMap((each) => each.services.get(namespace) ?? []);
      const workloads = sorted.flatMap((each) => each.workloads.get(namespace) ?? []);
      const gateways = sorted.flatMap((each) => each.gateways.get(namespace) ?? []);
      const inputs = [...services, ...workloads, ...gateways];
      return [
        namespace,
        recall('what stands and runs in', namespace, inputs, () => ({
          ...{ services, workloads, gateways },
          podsElsewhere: services.flatMap((service) => elsewhere(service, service.workloads)),
          servicesElsewhere: workloads.flatMap((workload) => elsewhere(workload, workload.services)),
        })),
      ];
    }),
  );
}

function byNamespace<T extends { readonly namespace: string }>(
  objects: ReadonlyMap<string, T>,
): ReadonlyMap<string, readonly T[]> {
  return groupBy(objects.values(), ({ namespace }) => namespace);
}

function elsewhere({ cluster, namespace }: Service | Workload, keys: readonly string[]): readonly Place[] {
  return keys.filter((key) => namespaceIn(key) !== namespace).map((key) => ({ cluster, key }));
}

/** A classic gateway is a workload too; what Istio deploys for a gateway of Gateway API is among the manifests of a dump alone. */
function partOf(
  { services, workloads, gateways }: Held,
  destinations: ReadonlyMap<string, Destination>,
  networks: ReadonlyMap<string, string>,
): DeployedPart {
  const serving = workloads.filter(({ mode }) => !infrastructure.has(mode.plane));
  const homes = serving.map((workload) => {
    const before = workload.services.flatMap((key) => destinations.get(`${workload.cluster}/${key}`) ?? []);
    return homeAmong(before) ?? workloadDestination(workload);
  });
  const running = workloads.filter(isCaller).map((workload) => sourceOf(workload, workload.mode.plane, networks));
  const known = new Set(running.map(sourceKey));
  const ofGateways = gateways.map((gateway) => sourceOf(gateway, 'gateway', networks));
  const deployed = new Set(workloads.filter((workload) => isRunFor(workload, gateways)).map(keyInMesh));
  const sources = sortBy(
    [
      ...running.filter(({ cluster, name }) => !deployed.has(`${cluster}/${name}`)),
      ...ofGateways.filter((gateway) => !known.has(sourceKey(gateway))),
    ],
    ({ cluster }) => cluster,
    ({ name }) => name,
  );
  return {
    services: groupBy(
      services.flatMap((service) => destinations.get(keyInMesh(service)) ?? []),
      keyOf,
    ),
    workloads: groupBy(serving.map(workloadDestination), keyOf),
    homes: sortBy(new Map(homes.map((home) => [home.id, home])).values(), ({ id }) => id),
    sources,
    callingWorkloads: groupBy(running, ({ name }) => name),
    callingGateways: groupBy(ofGateways, ({ name }) => name),
    identities: groupBy(sources, ({ serviceAccount }) => serviceAccount),
  };
}

/** What istiod deploys for a Gateway is that gateway, and nobody who shares its account. */
function isRunFor({ cluster, mode, labels }: Workload, gateways: readonly Gateway[]): boolean {
  return (
    mode.plane === 'gateway' &&
    gateways.some((each) => each.kind === 'gateway-api' && each.cluster === cluster && selects(each.podLabels, labels))
  );
}

function serviceDestination(service: Service, workloadAt: (place: Place) => Workload | undefined): Destination {
  const { cluster, namespace, name } = service;
  const workloads = service.workloads
    .flatMap((key) => workloadAt({ cluster, key }) ?? [])
    .filter(({ mode }) => !infrastructure.has(mode.plane));
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
