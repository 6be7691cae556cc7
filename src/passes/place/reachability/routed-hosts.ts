import type { ManifestObject } from '../../../parse/document.js';
import type { ReachedHost } from '../../../resolve/resolved-reachability.js';
import { type Cluster, keyOf, type Service } from '../../../topology/model.js';
import { isExportedTo } from '../exports.js';
import { backendsOf, homeOf, matchesHost, texts } from '../routes/route-objects.js';
import { keyNamed } from '../routes/routes-by-backend.js';

/**
 * The hosts by which a Sidecar has to name existing VirtualServices that live elsewhere than what they route: it reads one by
 * the namespace of the VirtualService (istio-traffic-topology F-56).
 */
export function routedHosts(cluster: Cluster, namespace: string, known: readonly Service[]): readonly ReachedHost[] {
  const keys = new Set(known.map(keyOf));
  return cluster.routes
    .filter((route) => isReadBy(cluster, route, namespace))
    .flatMap((route) => {
      const hosts = texts(Object(route.value.spec).hosts);
      const home = homeOf(route);
      const isKnown = (name: string) => keys.has(keyNamed(cluster, route, name));
      const named = known.filter(({ host }) => hosts.some((each) => matchesHost(each, host)));
      const own = hosts
        .filter(isKnown)
        .map((host) => cluster.services.get(keyNamed(cluster, route, host))?.host ?? host);
      const others = backendsOf(route).some(isKnown) ? hosts.filter((host) => isNoService(cluster, route, host)) : [];
      return [...named.map(({ host }) => host), ...own, ...others].map((host) => ({ namespace: home, host }));
    });
}

function isReadBy(cluster: Cluster, route: ManifestObject, namespace: string): boolean {
  if (route.kind !== 'VirtualService') return false;
  const { gateways, exportTo } = Object(route.value.spec);
  const isOfMesh = !Array.isArray(gateways) || gateways.includes('mesh');
  const byDefault = cluster.settings.istio.defaultVirtualServiceExportTo;
  const written = texts(exportTo);
  return isOfMesh && isExportedTo(written.length > 0 ? written : byDefault, homeOf(route), namespace);
}

/** A name that only the route has. */
function isNoService(cluster: Cluster, route: ManifestObject, host: string): boolean {
  return !host.startsWith('*') && !cluster.services.has(keyNamed(cluster, route, host));
}
