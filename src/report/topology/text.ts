import type {
  Cluster,
  Gateway,
  Namespace,
  Service,
  ServiceEntry,
  Topology,
  Waypoint,
  Workload,
} from '../../topology/model.js';
import { compareText, groupBy } from '../../util/order.js';
import { field, heading, table, width } from './layout.js';
import { admission, bindingPhrase, identityOf, planePhrase, servedPhrase } from './phrases.js';
import { servicePaths } from './service-paths.js';

/** The deployment as Ambit understood it, for a person: grouped by cluster and namespace, no colour, 100 columns. */
export function topologyToText(topology: Topology): string {
  return topology.clusters.map(clusterToText).join(`\n${'─'.repeat(width)}\n\n`);
}

function clusterToText(cluster: Cluster): string {
  const groups = groupByNamespace(cluster);
  const namespaces = [...cluster.namespaces.values()].map((namespace) =>
    namespaceToText(namespace, groups(namespace.name), cluster),
  );
  return [title(cluster), summary(cluster), '', ...namespaces.flatMap((lines) => [...lines, '']), ...ignored(cluster)]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function title({ name, settings }: Cluster): string {
  const { version, revision } = settings.istio;
  return `cluster ${name} · network ${settings.network} · Istio ${version}, revision ${revision} · ${settings.trustDomain}`;
}

function summary({ workloads, services, waypoints, gateways }: Cluster): string {
  const planes = groupBy(workloads.values(), ({ mode }) => planePhrase(mode.plane));
  const counts = [...planes].sort(([left], [right]) => compareText(left, right));
  const modes = counts.map(([plane, members]) => `${members.length} ${plane}`).join(', ');
  return [
    `${count(workloads.size, 'workload')}${modes === '' ? '' : ` (${modes})`}`,
    count(services.size, 'service'),
    count(waypoints.size, 'waypoint'),
    count(gateways.size, 'gateway'),
  ].join(' · ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** What one namespace holds. */
interface Contents {
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  readonly waypoints: readonly Waypoint[];
  readonly gateways: readonly Gateway[];
  readonly serviceEntries: readonly ServiceEntry[];
}

function groupByNamespace(cluster: Cluster): (name: string) => Contents {
  const of = <T extends { readonly namespace: string }>(objects: ReadonlyMap<string, T>) => {
    const groups = groupBy(objects.values(), ({ namespace }) => namespace);
    return (name: string): readonly T[] => groups.get(name) ?? [];
  };
  const workloads = of(cluster.workloads);
  const services = of(cluster.services);
  const waypoints = of(cluster.waypoints);
  const gateways = of(cluster.gateways);
  const serviceEntries = of(cluster.serviceEntries);
  return (name) => ({
    workloads: workloads(name),
    services: services(name),
    waypoints: waypoints(name),
    gateways: gateways(name),
    serviceEntries: serviceEntries(name),
  });
}

function namespaceToText(namespace: Namespace, contents: Contents, cluster: Cluster): readonly string[] {
  const blocks = [
    ...contents.gateways.map((gateway) => gatewayToText(gateway, cluster)),
    ...contents.waypoints.map((waypoint) => waypointToText(waypoint, cluster)),
    ...contents.services.map((service) => serviceToText(service, cluster)),
    ...contents.serviceEntries.map(serviceEntryToText),
    ...contents.workloads.map((workload) => workloadToText(workload, cluster)),
  ];
  const note = namespace.object === undefined ? ' (no manifest: its labels count as absent)' : '';
  const empty = blocks.length === 0 ? ['  nothing in it takes part'] : [];
  return [`namespace ${namespace.name}${note}`, ...empty, ...blocks.flat()];
}

function workloadToText(workload: Workload, cluster: Cluster): readonly string[] {
  const { kind, name, mode, services, ports } = workload;
  const hbone = mode.plane === 'sidecar' && mode.hbone ? ', accepts HBONE' : '';
  return [
    heading(`${kind} ${name}`, `${planePhrase(mode.plane)}${hbone}`),
    ...field('because', `${mode.because} (${mode.fact})`),
    ...(mode.plane === 'none' ? [] : field('identity', identityOf(workload, cluster))),
    ...(services.length === 0 ? [] : field('services', services.map((key) => shortName(key, workload)).join(', '))),
    ...(ports.length === 0 ? [] : field('ports', ports.map(containerPort).join(', '))),
  ];
}

function containerPort({ number, transport, name }: Workload['ports'][number]): string {
  return `${number}${transport === 'TCP' ? '' : `/${transport}`}${name === undefined ? '' : ` ${name}`}`;
}

/** Within its own namespace a name needs no namespace. */
function shortName(key: string, { namespace }: { readonly namespace: string }): string {
  return key.startsWith(`${namespace}/`) ? key.slice(namespace.length + 1) : key;
}

function serviceToText(service: Service, cluster: Cluster): readonly string[] {
  const { name, type, headless, ports, workloads, binding, ingressUsesWaypoint } = service;
  const behind = workloads.map((key) => shortName(key, service)).join(', ');
  return [
    heading(`Service ${name}`, headless ? 'headless' : type),
    ...table('ports', ports.map(servicePort)),
    ...field('workloads', behind === '' ? 'none' : behind),
    ...field('waypoint', bindingPhrase(binding)),
    ...(ingressUsesWaypoint ? field('ingress', 'asked to use the waypoint') : []),
    ...servicePaths(service, cluster),
  ];
}

function servicePort({ number, name, targetPort, protocol, because }: Service['ports'][number]): readonly string[] {
  return [String(number), name ?? '', `→ ${targetPort}`, `${protocol} (${because})`];
}

function serviceEntryToText({ name, hosts, ports, binding }: ServiceEntry): readonly string[] {
  return [
    heading(`ServiceEntry ${name}`, ''),
    ...field('hosts', hosts.length === 0 ? 'none' : hosts.join(', ')),
    ...table('ports', ports.map(servicePort)),
    ...field('waypoint', bindingPhrase(binding)),
  ];
}

function waypointToText(waypoint: Waypoint, cluster: Cluster): readonly string[] {
  const key = `${waypoint.namespace}/${waypoint.name}`;
  const bound = [...cluster.services.values()].filter(({ binding }) => {
    return binding.kind === 'bound' && binding.waypoint === key;
  });
  return [
    heading(`Waypoint ${waypoint.name}`, waypoint.ready ? waypoint.className : `${waypoint.className}, not ready`),
    ...field('identity', identityOf(waypoint, cluster)),
    ...field('serves', `${servedPhrase(waypoint.waypointFor)}; ${count(bound.length, 'Service')} bound`),
    ...field('admits', admission(waypoint)),
  ];
}

function gatewayToText(gateway: Gateway, cluster: Cluster): readonly string[] {
  return [
    heading(`Gateway ${gateway.name}`, gateway.kind === 'classic' ? 'classic' : 'Gateway API'),
    ...field('identity', identityOf(gateway, cluster)),
  ];
}

function ignored({ ignored: kinds }: Cluster): readonly string[] {
  if (kinds.size === 0) return [];
  const digits = Math.max(...[...kinds.values()].map((number) => String(number).length));
  return ['not read', ...[...kinds].map(([kind, number]) => `  ${String(number).padStart(digits)}  ${kind}`)];
}
