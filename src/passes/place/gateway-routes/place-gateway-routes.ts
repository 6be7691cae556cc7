import type { RouteForm } from '../../../dataplanes/traffic.js';
import { diagnostic } from '../../../diagnostics/create.js';
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
import { checkCertificates } from './check-certificates.js';
import { checkExistingHosts } from './check-existing-hosts.js';
import { checkPublished } from './check-published.js';
import { admittingListeners, homeOfRoute } from './home-of-route.js';

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
  for (const planned of context.ir.plannedGateways) checkCertificates(context, planned);
  const gatewayRoutes = context.ir.gatewayTraffic.flatMap(byHosts).flatMap((traffic) =>
    traffic.gateways.flatMap((gateway) => {
      const cluster = clusterOf(context.ir.topology, gateway.cluster);
      return placeAt(context, { traffic, gateway, versions, cluster });
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
}

function placeAt(context: PlaceContext, placing: Placing): readonly PlacedGatewayRoute[] {
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
    ? byListener(context, placing, httpRouteRules(traffic, portNumber))
    : routeFor(context, placing, virtualServiceRules(traffic, portNumber, defaultRetries(cluster)), undefined);
}

/** An HTTPRoute names a listener for all of its rules, so that rules for one port are an object of their own. */
function byListener(
  context: PlaceContext,
  placing: Placing,
  rules: readonly PlacedRouteRule[],
): readonly PlacedGatewayRoute[] {
  const isForAll = rules.every(({ matches }) => matches.every(({ port }) => port === undefined));
  if (isForAll) return routeFor(context, placing, withRestLast(rules, 'gateway'), undefined);
  return portsOf(placing.gateway).flatMap((port) => {
    const here = withRestLast(rulesOnPort(rules, port), 'gateway');
    return here.length === 0 ? [] : routeFor(context, placing, here, port);
  });
}

function portsOf({ listeners }: GatewayObject): number[] {
  return [...new Set(listeners.filter(({ reads }) => reads === 'requests').map(({ port }) => port))];
}

/** One object for some rules; none where no listener of the port is for the hosts, or none takes it from anywhere. */
function routeFor(
  context: PlaceContext,
  placing: Placing,
  rules: readonly PlacedRouteRule[],
  port: number | undefined,
): readonly PlacedGatewayRoute[] {
  const { traffic, gateway, cluster } = placing;
  const services = otherServices(
    context.ir,
    cluster,
    rules.map(({ route }) => route),
  );
  const hosts = traffic.hosts.map(({ value }) => value);
  const listeners = admittingListeners(gateway, hosts, port);
  if (listeners.length === 0) return [];
  const namespace = homeOfRoute(cluster, gateway, listeners, [...services.values()]);
  if (namespace === undefined) {
    context.report(diagnostic('route-not-taken', { gateway: keyOf(gateway) }, traffic.origin.span));
    return [];
  }
  const name = port === undefined ? traffic.name : `${traffic.name}-${port}`;
  return [
    {
      ...{ cluster: gateway.cluster, namespace, name, gateway, port, hosts, rules },
      exportTo: exportedToAll.VirtualService(cluster),
      form: formsOf[gateway.api][0],
      origin: traffic.origin,
      otherServices: services,
      otherVersions: otherVersions(placing, services),
    },
  ];
}

/** The Services of the versions to which routes lead, by `namespace/name version`. */
function otherVersions(
  { cluster, versions }: Placing,
  services: ReadonlyMap<string, Service>,
): ReadonlyMap<string, VersionService> {
  return new Map(
    [...services.keys()].flatMap((key) =>
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
