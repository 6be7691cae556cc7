import type { Service } from '../../topology/model.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import type { Destination } from '../request.js';
import { namespacesAskedBy } from '../routes/owner/asked-of-callers.js';
import { isRouted } from '../routes/owner/mesh-routes.js';
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

/** The namespaces whose proxies may treat a Service in another way than those of all others; none where all are alike. */
export function namespacesTellingApart(
  mesh: MeshCluster,
  service: Pick<Service, 'host' | 'namespace' | 'exportTo'>,
): readonly string[] {
  const { tlsSettings, rootNamespace, versions } = mesh;
  const settings = tlsSettings.get(service.host) ?? [];
  const { exportTo = [] } = service;
  const routed = isRouted(mesh, service.host);
  const naming = routed ? versions.filter(({ host }) => host === service.host) : [];
  const isForAll = naming.length === 1 && naming.every((rule) => isOwnForAll(rule, service));
  const rules = [...settings, ...(isForAll ? [] : naming)];
  const asked = routed ? namespacesAskedBy(mesh, service) : [];
  if (rules.length + exportTo.length + asked.length === 0) return [];
  const named = rules.flatMap((rule) => [rule.namespace, ...rule.exportTo]);
  return [service.namespace, rootNamespace, ...exportTo, ...named, ...asked];
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
  if (destination.kind === 'external')
    return isRouted(at, destination.host) ? namespacesAskedBy(at, { host: destination.host, namespace: '' }) : [];
  if (destination.kind !== 'gateway') return [];
  const gateway = gateways.get(destination.gateway);
  const fronts = (gateway?.fronts ?? []).filter(({ port, podPort }) => [port, podPort].includes(destination.port));
  return fronts.flatMap(({ host, service }) => {
    const { namespace = '', exportTo } = services.get(service ?? '') ?? { namespace: gateway?.namespace };
    return namespacesTellingApart(at, { host, namespace, exportTo });
  });
}
