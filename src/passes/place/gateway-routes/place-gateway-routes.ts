import type { RouteForm } from '../../../dataplanes/traffic.js';
import type { PlacedGatewayRoute, PlacedGrant, PlacedRouteRule, VersionService } from '../../../ir/placed-traffic.js';
import type { PlacedIr } from '../../../ir/policy-ir.js';
import { rulesOnPort } from '../../../ir/rules-on-port.js';
import type { GatewayObject } from '../../../resolve/resolved-traffic.js';
import { placesOf } from '../../../resolve/traffic/route-places.js';
import { type Cluster, keyOf, type Service } from '../../../topology/model.js';
import { groupBy, sortBy, sortedUnique } from '../../../util/order.js';
import { clusterOf } from '../../clusters.js';
import type { PlaceContext } from '../context.js';
import { exportedToAll, isHiddenByDefault } from '../exports.js';
import { chooseForm } from '../routes/choose-form.js';
import { withRestLast } from '../routes/gateway-api-order.js';
import { httpRouteRules } from '../routes/http-route-rules.js';
import { otherServices } from '../routes/other-services.js';
import { routeNeeds } from '../routes/route-needs.js';
import { defaultRetries } from '../routes/route-retries.js';
import { virtualServiceRules } from '../routes/virtual-service-rules.js';
import { byHosts, type RoutedHosts } from './by-hosts.js';
import { checkExistingHosts } from './check-existing-hosts.js';
import { checkPublished } from './check-published.js';
import { homeOfRoute } from './home-of-route.js';

/** A Gateway of Gateway API takes its routes from HTTPRoutes, and one of Istio's own from VirtualServices. */
export const formsOf = {
  'gateway-api': ['HTTPRoute'],
  istio: ['VirtualService'],
} as const satisfies Readonly<Record<GatewayObject['api'], readonly RouteForm[]>>;

/** The Services of versions, by the id of their destination. */
type VersionsOfDestinations = ReadonlyMap<string, readonly VersionService[]>;

/** The routes of gateways, and the leave that their backends' namespaces have to give. */
export function placeGatewayRoutes(
  context: PlaceContext,
  versions: VersionsOfDestinations,
): Pick<PlacedIr, 'gatewayRoutes' | 'grants'> {
  const gatewayRoutes = context.ir.gatewayTraffic.flatMap(byHosts).flatMap((traffic) =>
    traffic.gateways.flatMap((gateway) => {
      const cluster = clusterOf(context.ir.topology, gateway.cluster);
      const others = otherServices(context.ir, cluster, traffic.routes);
      return placeAt(context, { traffic, gateway, versions, cluster, others });
    }),
  );
  return { gatewayRoutes, grants: grantsFor(gatewayRoutes) };
}

/** The settings of one gateway in one cluster. */
interface Placing {
  readonly traffic: RoutedHosts;
  readonly gateway: GatewayObject;
  readonly cluster: Cluster;
  readonly versions: VersionsOfDestinations;
  readonly others: ReadonlyMap<string, Service>;
}

function placeAt(context: PlaceContext, placing: Placing): PlacedGatewayRoute[] {
  const { traffic, gateway, cluster } = placing;
  const portNumber = (port: string | number) => Number(port);
  const place = {
    point: 'gateway',
    forms: formsOf[gateway.api],
    label: `gateway \`${keyOf(gateway)}\``,
    cluster,
    span: traffic.origin.span,
  } as const;
  const isHidden = gateway.api === 'gateway-api' && isHiddenByDefault(cluster, gateway.namespace, []);
  const tried = { point: 'gateway', ports: portsOf(gateway), connections: [], isHidden } as const;
  const form = chooseForm(context.report, place, routeNeeds(traffic, portNumber, tried));
  checkExistingHosts(context, cluster, traffic, gateway);
  checkPublished(context, cluster, traffic, gateway);
  if (form === undefined) return [];
  return form === 'HTTPRoute'
    ? byListener(placing, httpRouteRules(traffic, portNumber))
    : [routeFor(placing, virtualServiceRules(traffic, portNumber, defaultRetries(cluster)))];
}

/** An HTTPRoute names a listener for all of its rules, so that rules for one port are an object of their own. */
function byListener(placing: Placing, rules: readonly PlacedRouteRule[]): PlacedGatewayRoute[] {
  const isForAll = rules.every(({ matches }) => matches.every(({ port }) => port === undefined));
  if (isForAll) return [routeFor(placing, withRestLast(rules, 'gateway'))];
  const { gateway, traffic } = placing;
  return portsOf(gateway).flatMap((port) => {
    const here = withRestLast(rulesOnPort(rules, port), 'gateway');
    return here.length === 0 ? [] : [{ ...routeFor(placing, here), name: `${traffic.name}-${port}`, port }];
  });
}

function portsOf({ listeners }: GatewayObject): number[] {
  return [...new Set(listeners.filter(({ reads }) => reads === 'requests').map(({ port }) => port))];
}

function routeFor(placing: Placing, rules: readonly PlacedRouteRule[]): PlacedGatewayRoute {
  const { traffic, gateway, cluster, others } = placing;
  const hosts = traffic.hosts.map(({ value }) => value);
  return {
    cluster: gateway.cluster,
    namespace: homeOfRoute(cluster, gateway, hosts, [...others.values()]),
    name: traffic.name,
    gateway,
    port: undefined,
    hosts,
    exportTo: exportedToAll.VirtualService(cluster),
    form: formsOf[gateway.api][0],
    origin: traffic.origin,
    rules,
    otherServices: others,
    otherVersions: otherVersions(placing),
  };
}

/** The Services of the versions to which routes lead, by `namespace/name version`. */
function otherVersions({ others, cluster, versions }: Placing): ReadonlyMap<string, VersionService> {
  return new Map(
    [...others.keys()].flatMap((key) =>
      (versions.get(`${cluster.name}/${key}`) ?? []).map((version) => [`${key} ${version.version}`, version] as const),
    ),
  );
}

/** A route of a gateway needs leave to lead to another namespace (istio-traffic-topology T-25); a VirtualService does not. */
function grantsFor(routes: readonly PlacedGatewayRoute[]): PlacedGrant[] {
  const needed = routes.flatMap((route) =>
    (route.form === 'HTTPRoute' ? backendsOf(route) : [])
      .filter(({ namespace }) => namespace !== route.namespace)
      .map((service) => ({ route, service })),
  );
  const groups = groupBy(needed, ({ route, service }) => `${route.cluster} ${service.namespace} ${route.namespace}`);
  const grants = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { route, service } = first;
    return [
      {
        cluster: route.cluster,
        namespace: service.namespace,
        name: `routes-from-${route.namespace}`,
        from: route.namespace,
        services: sortedUnique(group.map((each) => each.service.name)),
        origins: group.map((each) => each.route.origin),
      },
    ];
  });
  return sortBy(
    grants,
    ({ cluster }) => cluster,
    ({ namespace }) => namespace,
    ({ name }) => name,
  );
}

/** The Services that an HTTPRoute names. */
function backendsOf({ rules, otherVersions: services }: PlacedGatewayRoute): ReadonlyArray<Named> {
  return rules.flatMap(({ route }) =>
    placesOf(route).flatMap(({ place }) => {
      if (place.kind !== 'service') return [];
      const { namespace, version } = place;
      const name =
        version === undefined ? place.name : (services.get(`${keyOf(place)} ${version}`)?.name ?? place.name);
      return [{ namespace, name }];
    }),
  );
}

type Named = Pick<Service, 'namespace' | 'name'>;
