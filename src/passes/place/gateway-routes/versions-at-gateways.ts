import type { PolicyIr } from '../../../ir/policy-ir.js';
import type { GatewayObject, RoutePlace } from '../../../resolve/resolved-traffic.js';
import { placesOf } from '../../../resolve/traffic/route-places.js';

/** By the destination's id: whether gateways name its versions as subsets, or as Services. */
export function versionsAtGateways({ gatewayTraffic }: PolicyIr, api: GatewayObject['api']): ReadonlySet<string> {
  return new Set(
    gatewayTraffic.flatMap(({ gateways, routes, connections }) => {
      const places = [...routes, ...connections.map(({ route }) => route)].flatMap(placesOf);
      const named = places.flatMap(({ place }) => (isVersion(place) ? [`${place.namespace}/${place.name}`] : []));
      return gateways
        .filter((gateway) => gateway.api === api)
        .flatMap(({ cluster }) => named.map((key) => `${cluster}/${key}`));
    }),
  );
}

function isVersion(place: RoutePlace): place is Extract<RoutePlace, { kind: 'service' }> {
  return place.kind === 'service' && place.version !== undefined;
}
