import { diagnostic } from '../../../diagnostics/create.js';
import type { Located, Span } from '../../../diagnostics/diagnostic.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import { keyInMesh, type Workload } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import type { ResolveContext } from '../../context.js';
import { destinationLabel } from '../../destinations.js';
import { clusterNames, nearNames } from '../../names.js';
import type { Destination } from '../../resolved.js';
import type { ResolvedEgress } from '../../resolved-egress.js';
import type { WayOut } from '../../resolved-traffic.js';

/**
 * The namespaces for whose sidecars and gateways alone settings are: those that are listed, or for a host those from which
 * rules let it be called; with their own, and with that of a gateway by which requests leave. `undefined`: for all.
 */
export function readersOf(
  context: ResolveContext,
  { scope, exportTo }: Pick<TrafficSettings, 'scope' | 'exportTo'>,
  destinations: readonly Destination[],
  egress: readonly ResolvedEgress[],
  through: WayOut | undefined,
): readonly string[] | undefined {
  if (exportTo === undefined) return undefined;
  const { namespaces, span } = exportTo;
  const own = destinations.map(({ namespace }) => namespace);
  const ways = through?.hops.map(({ gateway }) => gateway.namespace) ?? [];
  if (namespaces) return sortedUnique([...own, ...ways, ...namespaces.flatMap((each) => known(context, each))]);
  if (scope.kind !== 'host') return undefined;
  const callers = destinations.flatMap(({ id }) => namespacesLetOut(egress, id));
  const readers = sortedUnique([...own, ...ways, ...callers]);
  for (const destination of destinations) checkOthers(context, destination, { readers, egress, span });
  return readers;
}

function known({ names, topology, report }: ResolveContext, { value, span }: Located<string>): readonly string[] {
  if (names.namespace.has(value)) return [value];
  const parameters = { name: value, where: clusterNames(topology) };
  report(diagnostic('unknown-namespace', parameters, span, nearNames(value, names.namespace)));
  return [];
}

function namespacesLetOut(egress: readonly ResolvedEgress[], host: string): readonly string[] {
  return egress.flatMap(({ scope, rules }) =>
    rules.flatMap(({ callers, targets }) => {
      if (!targets.some(({ destinations }) => destinations.some(({ id }) => id === host))) return [];
      return callers ? callers.workloads.map(({ namespace }) => namespace) : [scope.namespace];
    }),
  );
}

interface Readers {
  readonly readers: readonly string[];
  readonly egress: readonly ResolvedEgress[];
  readonly span: Span;
}

/** A sidecar that no rules close may call any host, and would not know this one. */
function checkOthers(context: ResolveContext, destination: Destination, { readers, egress, span }: Readers): void {
  const closed = new Set(egress.flatMap(({ workloads }) => workloads.map(keyInMesh)));
  const isOpen = (each: Workload) => each.mode.plane === 'sidecar' && !closed.has(keyInMesh(each));
  const cluster = context.topology.clusters.find(({ name }) => name === destination.cluster);
  const other = [...(cluster?.workloads.values() ?? [])].find(
    (each) => isOpen(each) && !readers.includes(each.namespace),
  );
  if (other === undefined) return;
  const scope = destinationLabel(destination);
  const why = `no \`egress\` closes namespace \`${other.namespace}\`, whose pods may call it too`;
  const help = 'write `egress` for that namespace, or list the namespaces: `exportTo: [shop]`';
  context.report(diagnostic('not-of-scope', { field: 'exportTo', scope, why }, span, { help }));
}
