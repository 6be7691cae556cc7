import { coversName } from '../../topology/listeners/admitted.js';
import type { Service } from '../../topology/model.js';
import { sortedUnique } from '../../util/order.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import type { Destination } from '../request.js';
import { connectionDestinations, requestDestinations } from '../routes/destinations.js';
import { namespacesAskedBy } from '../routes/owner/asked-of-callers.js';
import { isRouted, meshRoutesOf, routesNaming } from '../routes/owner/mesh-routes.js';
import { hostsForRequests, hostsNamed, namesFor } from './host-names.js';
import { sharesImports } from './sidecar-scope.js';
import type { ScopedRule } from './tls-settings.js';

/** Whether the proxies of a namespace know a Service: its annotation may say to which it is exported. */
export function isVisible(
  { exportTo, namespace: home }: Pick<Service, 'exportTo' | 'namespace'>,
  namespace: string | undefined,
): boolean {
  if (exportTo === undefined || exportTo.includes('*')) return true;
  if (exportTo.includes('~') || namespace === undefined) return false;
  return exportTo.includes(namespace) || (exportTo.includes('.') && namespace === home);
}

type Named = Pick<Service, 'host' | 'namespace' | 'exportTo'>;

/**
 * The namespaces whose proxies may treat a Service in another way than those of all others, or one to which its routes lead;
 * none where all are alike.
 */
export function namespacesTellingApart(mesh: MeshCluster, service: Named): readonly string[] {
  const routed = routedNamesOf(mesh, service);
  if (routed.length === 0) return namespacesBySettings(mesh, service, false);
  const asked = routed.flatMap((host) => namespacesAskedBy(mesh, { ...service, host }));
  const led = routed.flatMap((host) => ledTo(mesh, { ...service, host }));
  return [
    ...(asked.length === 0 ? [] : [service.namespace, mesh.rootNamespace, ...asked]),
    ...[service, ...led].flatMap((each) => namespacesBySettings(mesh, each, true)),
    ...namespacesByListeners(mesh, service),
  ];
}

/** By which of its names something is called that routes are for: its own, and those by which clients call a Service (T-92). */
export function routedNamesOf(
  mesh: MeshCluster,
  { host, namespace }: Pick<Named, 'host' | 'namespace'>,
): readonly string[] {
  if (meshRoutesOf(mesh).all.length === 0) return [];
  const end = `.${namespace}.svc.${mesh.clusterDomain}`;
  const names = host.endsWith(end) ? namesFor({ name: host.slice(0, -end.length), namespace, host }) : [host];
  return names.filter((name) => isRouted(mesh, name));
}

/**
 * Where a sidecar does not know the Service, by whether it has a listener for requests to its port, which others make that are
 * exported to it (T-97). Sidecars that import the same make listeners of what is exported to one of their namespaces alone.
 */
function namespacesByListeners(mesh: MeshCluster, { host, exportTo }: Named): readonly string[] {
  const isScoped = sharesImports(mesh);
  if (!isScoped && (exportTo === undefined || exportTo.includes('*'))) return [];
  return hostsNamed(mesh, host).flatMap(({ port }) => {
    const listening = hostsForRequests(mesh).get(port.number) ?? [];
    if (!isScoped && listening.some((each) => isVisible(each, undefined))) return [];
    return listening.flatMap((each) => (each.exportTo === undefined ? [] : [each.namespace, ...each.exportTo]));
  });
}

/** What has a host to which routes of a Service lead. */
function ledTo(mesh: MeshCluster, { host }: Named): readonly Named[] {
  const routes = routesNaming(mesh, host);
  const ends = routes.flatMap((route) => [...requestDestinations(route), ...connectionDestinations(route)]);
  const others = sortedUnique(ends.map((end) => end.host)).filter((other) => other !== host);
  return others.flatMap((other) => hostsNamed(mesh, other).slice(0, 1));
}

/** By rules for its host, of which those that name versions count where it is routed, and by whom it is exported to. */
function namespacesBySettings(mesh: MeshCluster, service: Named, isRoutedTo: boolean): readonly string[] {
  const { tlsSettings, rootNamespace, versions } = mesh;
  const settings = tlsSettings.get(service.host) ?? [];
  const { exportTo = [] } = service;
  const naming = isRoutedTo ? versions.filter(({ host }) => host === service.host) : [];
  const isForAll = naming.length === 1 && naming.every((rule) => isOwnForAll(rule, service));
  const rules = [...settings, ...(isForAll ? [] : naming)];
  if (rules.length + exportTo.length === 0) return [];
  const named = rules.flatMap((rule) => [rule.namespace, ...rule.exportTo]);
  return [service.namespace, rootNamespace, ...exportTo, ...named];
}

/** The rule of a Service's own namespace that all proxies find, whatever theirs is. */
function isOwnForAll({ namespace, exportTo, isForSome }: ScopedRule, service: Pick<Service, 'namespace'>): boolean {
  return !isForSome && namespace === service.namespace && (exportTo.length === 0 || exportTo.includes('*'));
}

/** The same for all Services by which a destination may be addressed: a gateway has several in front. */
export function namespacesThatMatter({ clusters }: Mesh, destination: Destination): readonly string[] {
  const at = clusters.get(destination.cluster);
  if (at === undefined) return [];
  const { services, gateways } = at.cluster;
  if (destination.kind === 'service') {
    const service = services.get(destination.service);
    return service === undefined ? [] : namespacesTellingApart(at, service);
  }
  if (destination.kind === 'external') return namespacesOutside(at, destination);
  if (destination.kind !== 'gateway') return [];
  const gateway = gateways.get(destination.gateway);
  const fronts = (gateway?.fronts ?? []).filter(({ port, podPort }) => [port, podPort].includes(destination.port));
  return fronts.flatMap(({ host, service }) => {
    const { namespace = '', exportTo } = services.get(service ?? '') ?? { namespace: gateway?.namespace };
    return namespacesTellingApart(at, { host, namespace, exportTo });
  });
}

/** By the routes of a host outside the mesh, by the rules for it, and by whom its ServiceEntry is exported to. */
function namespacesOutside(at: MeshCluster, { host, entry: key }: Extract<Destination, { kind: 'external' }>) {
  const entry = at.cluster.serviceEntries.get(key);
  const hosts = (entry?.hosts ?? [])
    .map((each) => each.toLowerCase())
    .filter((each) => coversName(each, host.toLowerCase()));
  return [
    ...(isRouted(at, host) ? namespacesAskedBy(at, { host, namespace: '' }) : []),
    ...(entry === undefined ? [] : hosts.flatMap((each) => namespacesBySettings(at, { ...entry, host: each }, true))),
  ];
}
