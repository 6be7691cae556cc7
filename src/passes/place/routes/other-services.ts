import type { PolicyIr } from '../../../ir/policy-ir.js';
import type { ResolvedRoute, RoutePlace } from '../../../resolve/resolved-traffic.js';
import { placesOf } from '../../../resolve/traffic/route-places.js';
import { type Cluster, keyOf, type Service } from '../../../topology/model.js';

/** The other Services that routes lead to, by `namespace/name`, and the hosts outside the mesh by their names. */
export function otherServices(
  { outsideHosts }: PolicyIr,
  { name: cluster, services }: Cluster,
  routes: readonly ResolvedRoute[],
): ReadonlyMap<string, Service> {
  const found = (place: RoutePlace): ReadonlyArray<readonly [string, Service | undefined]> => {
    if (place.kind === 'service') return [[keyOf(place), services.get(keyOf(place))]];
    if (place.kind !== 'host') return [];
    return [[place.host, outsideHosts.get(place.host)?.find((each) => each.cluster === cluster)?.service]];
  };
  const all = routes.flatMap(placesOf).flatMap(({ place }) => found(place));
  return new Map(all.flatMap(([key, service]) => (service ? [[key, service] as const] : [])));
}
