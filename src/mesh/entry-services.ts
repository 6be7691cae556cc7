import { type Cluster, keyOf, type Service, type ServiceEntry, selects, type Workload } from '../topology/model.js';
import { groupBy } from '../util/order.js';
import { asLabels, asObject, asText, asTexts } from './json.js';

/**
 * A cluster with the hosts of its ServiceEntries that select workloads: to proxies each is one more Service before them
 * (istio-traffic-topology T-88).
 */
export function withEntryServices(cluster: Cluster): Cluster {
  const all = [...cluster.serviceEntries.values()].flatMap((entry) => servicesOf(entry, cluster));
  if (all.length === 0) return cluster;
  const found = [...groupBy(all, keyOf).values()].flatMap(withOwnNames);
  const services = new Map([...cluster.services, ...found.map((service) => [keyOf(service), service] as const)]);
  const behind = groupBy(
    found.flatMap((service) => service.workloads.map((workload) => ({ workload, key: keyOf(service) }))),
    ({ workload }) => workload,
  );
  const workloads = [...cluster.workloads].map(([key, workload]): readonly [string, Workload] => {
    const further = behind.get(key)?.map((each) => each.key) ?? [];
    return [key, further.length === 0 ? workload : { ...workload, services: [...workload.services, ...further] }];
  });
  return { ...cluster, services, workloads: new Map(workloads) };
}

/** Several entries of a namespace may have one host: each leads to what it selects. */
function withOwnNames([first, ...rivals]: readonly Service[]): readonly Service[] {
  const renamed = rivals.map((service) => ({ ...service, name: `${service.host} of ${service.object.name}` }));
  return first === undefined ? [] : [first, ...renamed];
}

function servicesOf(entry: ServiceEntry, { workloads }: Cluster): readonly Service[] {
  const spec = asObject(entry.object.value.spec) ?? {};
  const selector = asLabels(asObject(spec.workloadSelector)?.labels);
  if (Object.keys(selector).length === 0) return [];
  const selected = [...workloads.values()].filter(
    ({ namespace, labels }) => namespace === entry.namespace && selects(selector, labels),
  );
  if (selected.length === 0) return [];
  const exportTo = asTexts(spec.exportTo);
  const metadata = asObject(entry.object.value.metadata) ?? {};
  return entry.hosts.map((host) => ({
    cluster: entry.cluster,
    namespace: entry.namespace,
    name: host,
    type: 'ClusterIP',
    headless: isPassedThrough(spec.resolution),
    hasVip: asTexts(spec.addresses).length > 0 || !(isPassedThrough(spec.resolution) || host.startsWith('*')),
    host,
    selector,
    labels: asLabels(metadata.labels),
    annotations: asLabels(metadata.annotations),
    ports: entry.ports.map((port) => ({ ...port, targetPort: portOnPods(port, selected) })),
    exportTo: exportTo.length === 0 ? undefined : exportTo,
    workloads: selected.map(keyOf),
    binding: entry.binding,
    ingressUsesWaypoint: entry.ingressUsesWaypoint,
    object: entry.object,
  }));
}

/** NONE is the resolution of an entry that names none: clients send on to the address that was asked for. */
function isPassedThrough(resolution: unknown): boolean {
  return resolution === undefined || resolution === 'NONE';
}

/** A container's port of the same name comes before the number that is written. */
function portOnPods(port: Service['ports'][number], selected: readonly Workload[]): number | string {
  const { name } = port;
  const isNamed = name !== undefined && selected.every(({ ports }) => ports.some((each) => each.name === name));
  return isNamed ? name : port.targetPort;
}

/** Whether a Service stands for a host outside the mesh, towards which clients speak no mutual TLS of their own accord. */
export function isOutsideMesh({ object }: Pick<Service, 'object'>): boolean {
  return object.kind === 'ServiceEntry' && asText(asObject(object.value.spec)?.location) !== 'MESH_INTERNAL';
}
