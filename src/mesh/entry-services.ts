import { isFlagOn } from '../parse/read-flags.js';
import { label } from '../topology/labels.js';
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

function servicesOf(entry: ServiceEntry, cluster: Cluster): readonly Service[] {
  const { workloads } = cluster;
  const spec = asObject(entry.object.value.spec) ?? {};
  const selector = asLabels(asObject(spec.workloadSelector)?.labels);
  if (Object.keys(selector).length === 0) return [];
  const selected = [...workloads.values()].filter(
    ({ namespace, labels }) => namespace === entry.namespace && selects(selector, labels),
  );
  if (selected.length === 0) return [];
  return entry.hosts.map((host) => ({
    ...serviceOfEntry(entry, host, cluster),
    ports: entry.ports.map((port) => ({ ...port, targetPort: portOnPods(port, selected) })),
    workloads: selected.map(keyOf),
  }));
}

/** A host of an entry as proxies have it: a Service, without any pods so far. */
export function serviceOfEntry(entry: ServiceEntry, host: string, cluster: Cluster): Service {
  const { object, namespace, ports, exportTo, binding, ingressUsesWaypoint } = entry;
  const spec = asObject(object.value.spec) ?? {};
  const metadata = asObject(object.value.metadata) ?? {};
  return {
    cluster: entry.cluster,
    namespace,
    name: host,
    type: 'ClusterIP',
    headless: isPassedThrough(spec.resolution),
    hasVip: hasVirtualIp(entry, host, cluster),
    host,
    selector: asLabels(asObject(spec.workloadSelector)?.labels),
    labels: asLabels(metadata.labels),
    annotations: asLabels(metadata.annotations),
    ports,
    exportTo,
    workloads: [],
    binding,
    ingressUsesWaypoint,
    object,
  };
}

/**
 * Whether clients of ambient have an address for a host by which its waypoint can stand for it (T-82): one that the entry
 * lists, or one that istiod assigns. Ranges of addresses are none before 1.30.
 */
function hasVirtualIp({ object }: ServiceEntry, host: string, { settings }: Cluster): boolean {
  const { addresses, resolution } = asObject(object.value.spec) ?? {};
  const { version, flags } = settings.istio;
  const listed = asTexts(addresses);
  const takesRanges = version !== '1.28' && version !== '1.29';
  if (listed.length > 0) return takesRanges || listed.every((address) => !address.includes('/'));
  const labels = asLabels(asObject(object.value.metadata)?.labels);
  const isAssigned =
    isFlagOn(flags, 'PILOT_ENABLE_IP_AUTOALLOCATE') && labels[label.autoAllocateIp]?.toLowerCase() !== 'false';
  const isResolved = !isPassedThrough(resolution) && (!host.startsWith('*') || resolution === 'DYNAMIC_DNS');
  return isAssigned && isResolved;
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
