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
import { printable } from '../display-width.js';
import { hanging, type Page, wrap } from '../layout.js';
import { counted } from '../words.js';
import { gatewayToText, serviceEntryToText, serviceToText, waypointToText, workloadToText } from './blocks.js';
import { planePhrase } from './phrases.js';

/**
 * The deployment as Ambit understood it, for a person: grouped by cluster and namespace. A cluster of more than so many
 * objects is counted instead, namespace by namespace: nobody reads thousands of lines.
 */
export function topologyToText(topology: Topology, page: Page, mostObjects = Number.POSITIVE_INFINITY): string {
  const rule = `\n${page.pen.dim('─'.repeat(page.columns))}\n\n`;
  return topology.clusters.map((cluster) => clusterToText(cluster, page, mostObjects)).join(rule);
}

function clusterToText(cluster: Cluster, page: Page, mostObjects: number): string {
  const groups = groupByNamespace(cluster);
  const namespaces = [...cluster.namespaces.values()];
  const objects = namespaces.reduce((sum, { name }) => sum + sizeOf(groups(name)), 0);
  const blocks =
    objects > mostObjects
      ? [namespaces.flatMap(({ name }) => countsOf(name, groups(name), page)), hintOf(page)]
      : namespaces.map((namespace) => namespaceToText(namespace, groups(namespace.name), cluster, page));
  return [
    ...wrap(printable(title(cluster)), page.columns).map((line) => page.pen.bold(line)),
    ...wrap(summary(contentsOf(cluster)), page.columns),
    '',
    ...blocks.flatMap((lines) => [...lines, '']),
    ...notRead(cluster, page),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function title({ name, settings }: Cluster): string {
  const { version, revision } = settings.istio;
  return `cluster ${name} · network ${settings.network} · Istio ${version}, revision ${revision} · ${settings.trustDomain}`;
}

function summary({ workloads, services, waypoints, gateways }: Contents): string {
  const planes = groupBy(workloads, ({ mode }) => planePhrase(mode.plane));
  const counts = [...planes].sort(([left], [right]) => compareText(left, right));
  const modes = counts.map(([plane, members]) => `${members.length} ${plane}`).join(', ');
  return [
    `${counted(workloads.length, 'workload')}${modes === '' ? '' : ` (${modes})`}`,
    counted(services.length, 'Service'),
    ...(waypoints.length === 0 ? [] : [counted(waypoints.length, 'waypoint')]),
    ...(gateways.length === 0 ? [] : [counted(gateways.length, 'gateway')]),
  ].join(' · ');
}

/** What one namespace holds. */
interface Contents {
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  readonly waypoints: readonly Waypoint[];
  readonly gateways: readonly Gateway[];
  readonly serviceEntries: readonly ServiceEntry[];
}

function contentsOf(cluster: Cluster): Contents {
  return {
    workloads: [...cluster.workloads.values()],
    services: [...cluster.services.values()],
    waypoints: [...cluster.waypoints.values()],
    gateways: [...cluster.gateways.values()],
    serviceEntries: [...cluster.serviceEntries.values()],
  };
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

function namespaceToText(namespace: Namespace, contents: Contents, cluster: Cluster, page: Page): readonly string[] {
  const blocks = [
    ...contents.gateways.map((gateway) => gatewayToText(gateway, cluster, page)),
    ...contents.waypoints.map((waypoint) => waypointToText(waypoint, cluster, page)),
    ...contents.services.map((service) => serviceToText(service, cluster, page)),
    ...contents.serviceEntries.map((entry) => serviceEntryToText(entry, page)),
    ...contents.workloads.map((workload) => workloadToText(workload, cluster, page)),
  ];
  const note = namespace.object === undefined ? ' (no manifest: its labels count as absent)' : '';
  const empty = blocks.length === 0 ? ['  nothing in it takes part'] : [];
  return [page.pen.bold(printable(`namespace ${namespace.name}${note}`)), ...empty, ...blocks.flat()];
}

function sizeOf(contents: Contents): number {
  return Object.values(contents).reduce((sum, objects) => sum + objects.length, 0);
}

function countsOf(name: string, contents: Contents, { columns, pen }: Page): readonly string[] {
  const counts = summary(contents);
  const [first = '', ...more] = hanging(`namespace ${printable(name)}  `, counts, columns);
  return [pen.bold(first.slice(0, first.length - counts.length)) + first.slice(first.length - counts.length), ...more];
}

function hintOf({ columns }: Page): readonly string[] {
  return wrap(
    '`-n NAMESPACE` shows one namespace object by object, a name one object, and `--all` everything',
    columns,
  );
}

/** Kinds that say nothing of the mesh, or nothing that the model knows, each with how many there are. */
function notRead({ ignored: kinds }: Cluster, { pen }: Page): readonly string[] {
  if (kinds.size === 0) return [];
  const digits = Math.max(...[...kinds.values()].map((number) => String(number).length));
  const lines = [...kinds].map(([kind, number]) => `  ${String(number).padStart(digits)}  ${printable(kind)}`);
  return [pen.bold('not read'), ...lines];
}
