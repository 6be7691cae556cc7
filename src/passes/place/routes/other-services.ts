import type { ResolvedRoute } from '../../../resolve/resolved-traffic.js';
import { placesOf } from '../../../resolve/traffic/route-places.js';
import { type Cluster, keyOf, type Service } from '../../../topology/model.js';

/** The other Services that routes lead to, by `namespace/name`. */
export function otherServices({ services }: Cluster, routes: readonly ResolvedRoute[]): ReadonlyMap<string, Service> {
  const places = routes.flatMap(placesOf);
  const keys = places.flatMap(({ place }) => (place.kind === 'service' ? [keyOf(place)] : []));
  return new Map(
    keys.flatMap((key) => {
      const service = services.get(key);
      return service ? [[key, service] as const] : [];
    }),
  );
}
