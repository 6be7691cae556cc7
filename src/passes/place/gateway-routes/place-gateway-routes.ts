import type { RouteForm } from '../../../dataplanes/traffic.js';
import type { PlacedGatewayRoute, PlacedGrant, PlacedIr, PlacedRouteRule } from '../../../ir/policy-ir.js';
import { rulesOnPort } from '../../../ir/rules-on-port.js';
import type { GatewayObject, ResolvedGatewayTraffic } from '../../../resolve/resolved-traffic.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { groupBy, sortBy, sortedUnique } from '../../../util/order.js';
import { clusterOf } from '../../clusters.js';
import type { PlaceContext } from '../context.js';
import { chooseForm } from '../routes/choose-form.js';
import { httpRouteRules } from '../routes/http-route-rules.js';
import { otherServices } from '../routes/other-services.js';
import { routeNeeds } from '../routes/route-needs.js';
import { defaultRetries } from '../routes/route-retries.js';
import { virtualServiceRules } from '../routes/virtual-service-rules.js';
import { checkExistingHosts } from './check-existing-hosts.js';
import { checkPublished } from './check-published.js';
import { homeOfRoute } from './home-of-route.js';

/** A Gateway of Gateway API takes its routes from HTTPRoutes, and one of Istio's own from VirtualServices. */
export const formsOf = {
  'gateway-api': ['HTTPRoute'],
  istio: ['VirtualService'],
} as const satisfies Readonly<Record<GatewayObject['api'], readonly RouteForm[]>>;

/** The routes of gateways, and the leave that their backends' namespaces have to give. */
export function placeGatewayRoutes(context: PlaceContext): Pick<PlacedIr, 'gatewayRoutes' | 'grants'> {
  const gatewayRoutes = context.ir.gatewayTraffic.flatMap((traffic) =>
    traffic.gateways.flatMap((gateway) => placeAt(context, traffic, gateway)),
  );
  return { gatewayRoutes, grants: grantsFor(gatewayRoutes) };
}

function placeAt(context: PlaceContext, traffic: ResolvedGatewayTraffic, gateway: GatewayObject): PlacedGatewayRoute[] {
  const cluster = clusterOf(context.ir.topology, gateway.cluster);
  const portNumber = (port: string | number) => Number(port);
  const place = {
    point: 'gateway',
    forms: formsOf[gateway.api],
    label: `gateway \`${keyOf(gateway)}\``,
    cluster,
    span: traffic.origin.span,
  } as const;
  const form = chooseForm(
    context.report,
    place,
    routeNeeds(traffic, portNumber, { point: 'gateway', ports: portsOf(gateway), connections: [] }),
  );
  checkExistingHosts(context, cluster, traffic, gateway);
  checkPublished(context, cluster, traffic, gateway);
  if (form === undefined) return [];
  const rules =
    form === 'HTTPRoute'
      ? httpRouteRules(traffic, portNumber)
      : virtualServiceRules(traffic, portNumber, defaultRetries(cluster));
  return form === 'HTTPRoute'
    ? byListener(traffic, gateway, rules, cluster)
    : [routeFor(traffic, gateway, rules, cluster)];
}

/** An HTTPRoute names a listener for all of its rules, so that rules for one port are an object of their own. */
function byListener(
  traffic: ResolvedGatewayTraffic,
  gateway: GatewayObject,
  rules: readonly PlacedRouteRule[],
  cluster: Cluster,
): PlacedGatewayRoute[] {
  if (rules.every(({ matches }) => matches.every(({ port }) => port === undefined)))
    return [routeFor(traffic, gateway, rules, cluster)];
  return portsOf(gateway).flatMap((port) => {
    const here = rulesOnPort(rules, port);
    return here.length === 0
      ? []
      : [{ ...routeFor(traffic, gateway, here, cluster), name: `${traffic.origin.id}-${port}`, port }];
  });
}

function portsOf({ listeners }: GatewayObject): number[] {
  return [...new Set(listeners.filter(({ reads }) => reads === 'requests').map(({ port }) => port))];
}

function routeFor(
  traffic: ResolvedGatewayTraffic,
  gateway: GatewayObject,
  rules: readonly PlacedRouteRule[],
  cluster: Cluster,
): PlacedGatewayRoute {
  const services = otherServices(cluster, traffic.routes);
  const hosts = traffic.hosts.map(({ value }) => value);
  return {
    cluster: gateway.cluster,
    namespace: homeOfRoute(cluster, gateway, hosts, [...services.values()]),
    name: traffic.origin.id,
    gateway,
    port: undefined,
    hosts,
    form: formsOf[gateway.api][0],
    origin: traffic.origin,
    rules,
    otherServices: services,
  };
}

/** A route of a gateway needs leave to lead to another namespace (istio-traffic-topology T-25); a VirtualService does not. */
function grantsFor(routes: readonly PlacedGatewayRoute[]): PlacedGrant[] {
  const needed = routes.flatMap((route) =>
    route.form === 'HTTPRoute'
      ? [...route.otherServices.values()]
          .filter(({ namespace }) => namespace !== route.namespace)
          .map((service) => ({ route, service }))
      : [],
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
