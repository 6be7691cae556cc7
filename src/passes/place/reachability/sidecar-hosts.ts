import type { ReachedHost, ResolvedReachability } from '../../../resolve/resolved-reachability.js';
import { isToBeWritten } from '../../../resolve/traffic/outside/outside-hosts.js';
import type { Cluster, Service } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { isExportedTo } from '../exports.js';
import { type CallableService, mayCall, type Who } from './callable-services.js';
import { routedHosts } from './routed-hosts.js';

/** What a Sidecar lists for some pods, as `namespace/host`. */
export function sidecarHosts(
  context: PlaceContext,
  cluster: Cluster,
  { isDeclared, reaches }: Pick<ResolvedReachability, 'isDeclared' | 'reaches'>,
  callable: readonly CallableService[],
  who: Who,
): readonly string[] {
  const hosts = [
    ...reaches,
    ...hostsOfProviders(context, cluster),
    ...hostsOfLimits(context, cluster, who),
    ...(isDeclared ? declaredHosts(context, cluster, callable, who) : []),
  ];
  const whole = new Set(hosts.filter(({ host }) => host === '*').map(({ namespace }) => namespace));
  const needed = hosts.filter(({ namespace, host }) => host === '*' || !whole.has(namespace));
  const listed = sortedUnique(needed.map(({ namespace, host }) => `${namespace}/${host}`));
  return listed.length > 0 ? listed : [nothing];
}

/** A list must not be empty: this is of no namespace. */
const nothing = '~/*';

/**
 * Who may call what is what the intents say of Services. Nobody says it of hosts outside the mesh, so that all of them stay
 * known.
 */
function declaredHosts(
  context: PlaceContext,
  cluster: Cluster,
  callable: readonly CallableService[],
  who: Who,
): readonly ReachedHost[] {
  const { namespace } = who;
  const known = callable
    .filter((each) => mayCall(each, who))
    .flatMap(({ services }) => services.slice(0, 1))
    .filter((service) => isExportedTo(service.exportTo, service.namespace, namespace));
  const entries = hostsOfEntries(context).filter((entry) => isExportedTo(entry.exportTo, entry.namespace, namespace));
  return [...known, ...entries, ...routedHosts(cluster, namespace, known)];
}

type ExportedHost = ReachedHost & Pick<Service, 'exportTo'>;

/** Of the ServiceEntries that there are, and of those that are written. */
function hostsOfEntries({ ir }: PlaceContext): readonly ExportedHost[] {
  const existing = ir.topology.clusters.flatMap(({ serviceEntries }) => [...serviceEntries.values()]);
  const readersOf = new Map(ir.destinations.map(({ destination, traffic }) => [destination.id, traffic?.readers]));
  const named = [...ir.outsideHosts.values()].flat().flatMap(({ id, service }) => {
    if (service === undefined) return [];
    const exportTo = isToBeWritten({ service }, ir.topology) ? readersOf.get(id) : undefined;
    return [exportTo ? { ...service, exportTo } : service];
  });
  return [...existing.flatMap(({ hosts, ...entry }) => hosts.map((host) => ({ ...entry, host }))), ...named];
}

/** Proxies ask authorizers and collectors themselves, whoever may call those (istio-traffic-topology F-58). */
function hostsOfProviders(context: PlaceContext, { settings, services }: Cluster): readonly ReachedHost[] {
  const { providerHosts = [] } = settings.istio;
  const known = providerHosts.length === 0 ? [] : [...services.values(), ...hostsOfEntries(context)];
  return providerHosts.flatMap((written) => known.filter(({ namespace, host }) => isAt(written, namespace, host)));
}

/** Sidecars that count through a service ask it themselves. */
function hostsOfLimits({ ir }: PlaceContext, { name }: Cluster, { namespace }: Who): readonly ReachedHost[] {
  const here = ir.destinations.filter(
    ({ destination: { cluster, workloads } }) =>
      cluster === name && workloads.some((workload) => workload.namespace === namespace),
  );
  return here.flatMap(({ traffic }) => (traffic?.limits ?? []).flatMap(({ through }) => through ?? []));
}

function isAt(written: string, namespace: string, host: string): boolean {
  return written === host || written === `${namespace}/${host}`;
}
