import type { Mesh } from '../../mesh/mesh.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import { isHostOfEntry } from '../../topology/entry-host.js';
import type { OpenTraffic } from './compare.js';

/** Hosts outside the mesh, to which the model does not follow requests for every caller. */
export function openHosts(
  { clusters }: Mesh,
  { origin, routes, destinations }: ResolvedTraffic,
): readonly OpenTraffic[] {
  if (routes.length === 0) return [];
  return destinations.flatMap(({ cluster, service }) => {
    const at = clusters.get(cluster);
    const [port] = service?.ports ?? [];
    if (at === undefined || service === undefined || port === undefined || !isHostOfEntry(service)) return [];
    const asked = {
      origin,
      routes,
      versions: new Map(),
      at,
      name: service.host,
      service: undefined,
      host: undefined,
      port,
    };
    return [{ asked, fact: 'what proxies do with requests to a host outside the mesh' }];
  });
}
