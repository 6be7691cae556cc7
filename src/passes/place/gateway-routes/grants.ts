import type { PlacedGatewayConnections, PlacedGatewayRoute, PlacedGrant } from '../../../ir/placed-traffic.js';
import type { Origin } from '../../../resolve/resolved.js';
import type { ResolvedRoute } from '../../../resolve/resolved-traffic.js';
import { placesOf } from '../../../resolve/traffic/route-places.js';
import { keyOf, type Service } from '../../../topology/model.js';
import { groupBy, sortBy, sortedUnique } from '../../../util/order.js';

/** A route that leads to a Service of another namespace. */
interface Leading {
  readonly kind: string;
  readonly cluster: string;
  readonly home: string;
  readonly origin: Origin;
  readonly service: Named;
}

type Named = Pick<Service, 'namespace' | 'name'>;

/** A route of a gateway needs leave to lead to another namespace (istio-traffic-topology T-25); a VirtualService does not. */
export function grantsFor(
  routes: readonly PlacedGatewayRoute[],
  connections: readonly PlacedGatewayConnections[],
): PlacedGrant[] {
  const leading = [
    ...routes.flatMap((each) => leadingOf({ ...each, kind: each.form, routes: each.rules.map(({ route }) => route) })),
    ...connections.flatMap((each) => leadingOf({ ...each, origin: each.route.origin, routes: [each.route] })),
  ];
  const needed = leading.filter(({ kind, home, service }) => kind !== 'VirtualService' && service.namespace !== home);
  const groups = groupBy(needed, ({ kind, cluster, home, service }) => [kind, cluster, service.namespace, home].join());
  const grants = [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [grantFor(first, group)];
  });
  return sortBy(
    grants,
    ({ cluster }) => cluster,
    ({ namespace }) => namespace,
    ({ name }) => name,
  );
}

function grantFor({ kind, cluster, home, service }: Leading, group: readonly Leading[]): PlacedGrant {
  const routes = kind === 'HTTPRoute' ? 'routes' : `${kind.toLowerCase()}s`;
  return {
    ...{ cluster, namespace: service.namespace, name: `${routes}-from-${home}`, from: home, kind },
    services: sortedUnique(group.map((each) => each.service.name)),
    origins: group.map(({ origin }) => origin),
  };
}

interface PlacedAtGateway extends Pick<PlacedGatewayRoute, 'cluster' | 'namespace' | 'otherVersions' | 'origin'> {
  readonly kind: string;
  readonly routes: readonly ResolvedRoute[];
}

function leadingOf({ kind, cluster, namespace: home, origin, routes, otherVersions }: PlacedAtGateway): Leading[] {
  return routes.flatMap(placesOf).flatMap(({ place }) => {
    if (place.kind !== 'service') return [];
    const { namespace, version } = place;
    const service = version === undefined ? undefined : otherVersions.get(`${keyOf(place)} ${version}`);
    return [{ kind, cluster, home, origin, service: { namespace, name: service?.name ?? place.name } }];
  });
}
