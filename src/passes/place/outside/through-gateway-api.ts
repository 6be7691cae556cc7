import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedGatewayConnections, PlacedGatewayRoute, PlacedRoute } from '../../../ir/placed-traffic.js';
import type { DestinationPolicy, PlacedIr } from '../../../ir/policy-ir.js';
import { rulesOnPort } from '../../../ir/rules-on-port.js';
import type {
  GatewayHop,
  ResolvedRoute,
  ResolvedTraffic,
  RouteBackend,
  RoutePlace,
} from '../../../resolve/resolved-traffic.js';
import { plainRoute } from '../../../resolve/traffic/plain-route.js';
import { portNamed } from '../../../resolve/traffic/route-ports.js';
import { type Cluster, keyOf, type Service } from '../../../topology/model.js';
import { isTlsPort } from '../../../topology/tls-port.js';
import { sortedUnique } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { checkExistingHosts } from '../gateway-routes/check-existing-hosts.js';
import { formsOf } from '../gateway-routes/forms-of.js';
import { homeOfRoute } from '../gateway-routes/home-of-route.js';
import { objectOf } from '../gateway-routes/place-connections.js';
import { chooseForm } from '../routes/choose-form.js';
import { routesOfRequests } from '../routes/connection-rules.js';
import { httpRouteRules } from '../routes/http-route-rules.js';
import { otherServices } from '../routes/other-services.js';
import { type RouteNeed, routeNeeds } from '../routes/route-needs.js';

type Onward = Pick<PlacedIr, 'gatewayRoutes' | 'gatewayConnections'>;

/** Whether a Gateway of Gateway API decides what becomes of requests, and callers only lead them there. */
export function isDecidedAtGateway({ through }: Pick<ResolvedTraffic, 'through'>): boolean {
  return through?.hops.some(({ gateway }) => gateway.api === 'gateway-api') === true;
}

/** The routes by which a Gateway of Gateway API leads on what callers bring for a host: an object for each port of the host. */
export function placeOnward(
  context: PlaceContext,
  policy: DestinationPolicy,
  { destination, traffic }: PlacedRoute,
): Onward {
  const hops = (traffic.through?.hops ?? []).filter(
    ({ gateway }) => gateway.cluster === destination.cluster && gateway.api === 'gateway-api',
  );
  const [first] = hops;
  const { service } = destination;
  if (first === undefined || service === undefined) return nothing;
  const cluster = context.clusterOf(policy);
  const { gateway } = first;
  const span = traffic.through?.span ?? traffic.origin.span;
  const led = { ...traffic, routes: routesOfRequests(traffic, service).routes.map((each) => toHost(each, service)) };
  checkExistingHosts(context, cluster, { hosts: [{ value: service.host, span }], origin: traffic.origin }, gateway);
  const place = {
    ...({ point: 'gateway', forms: formsOf['gateway-api'], cluster, span } as const),
    label: `gateway \`${keyOf(gateway)}\``,
  };
  if (chooseForm(context.report, place, needsOf(hops, led, service)) === undefined) return nothing;
  const others = otherServices(context.ir, cluster, led.routes);
  const listeners = hops.map(({ listener }) => listener);
  const home = homeOfRoute(cluster, gateway, listeners, { own: [service], others: [...others.values()] });
  if (home === undefined) {
    context.report(diagnostic('route-not-taken', { gateway: keyOf(gateway) }, traffic.origin.span));
    return nothing;
  }
  const placing = { hops, led, service, home, cluster, others: new Map([...others, [service.host, service]]) };
  return {
    gatewayRoutes: hops.filter(carriesRequests).map((hop) => requestsAt(placing, hop)),
    gatewayConnections: hops.filter((hop) => !carriesRequests(hop)).map((hop) => connectionsAt(placing, hop)),
  };
}

const nothing: Onward = { gatewayRoutes: [], gatewayConnections: [] };

function carriesRequests({ port }: Pick<GatewayHop, 'port'>): boolean {
  return port.layer !== 'tcp';
}

/** What the settings ask of the gateway's routes, port by port. */
function needsOf(hops: readonly GatewayHop[], traffic: ResolvedTraffic, service: Service): readonly RouteNeed[] {
  const ports = hops.filter(carriesRequests).map(({ port }) => port.number);
  const span = traffic.through?.span ?? traffic.origin.span;
  const requests =
    ports.length === 0 ? [] : routeNeeds(traffic, (port) => numberOf(service, port), { ports, isHidden: false });
  const connections = hops
    .filter((hop) => !carriesRequests(hop))
    .map(({ port }) => ({ feature: isTlsPort(port) ? ('serverNames' as const) : ('connections' as const), span }));
  return [...requests, ...connections];
}

function numberOf(service: Service, port: string | number): number {
  return portNamed(service, port)?.number ?? 0;
}

interface Placing {
  readonly led: ResolvedTraffic;
  readonly service: Service;
  readonly home: string;
  readonly cluster: Cluster;
  readonly others: ReadonlyMap<string, Service>;
}

/** What an object at the gateway is called, of one port of the host, and where it is. */
function objectAt({ led, service, home, cluster, others }: Placing, { gateway, port, listener }: GatewayHop) {
  return {
    ...{ cluster: cluster.name, namespace: home, gateway, port: listener.port, exportTo: [] },
    name: `${service.name}-through-${gateway.name}-${port.number}`,
    origin: led.origin,
    otherServices: others,
    otherVersions: new Map(),
  };
}

function requestsAt(placing: Placing, hop: GatewayHop): PlacedGatewayRoute {
  const { led, service } = placing;
  const rules = rulesOnPort(
    httpRouteRules(led, (port) => numberOf(service, port)),
    hop.port.number,
  );
  return {
    ...objectAt(placing, hop),
    hosts: [service.host],
    form: 'HTTPRoute',
    rules: rules.map((rule) => ({ ...rule, route: withPort(rule.route, service, hop.port.number) })),
  };
}

function connectionsAt(placing: Placing, hop: GatewayHop): PlacedGatewayConnections {
  const { led, service, cluster } = placing;
  const isByName = isTlsPort(hop.port);
  const { origin, through } = led;
  const span = through?.span ?? origin.span;
  const backend = { place: placeOf(service), port: hop.port.number, weight: 1, span };
  const { origin: _, ...object } = objectAt(placing, hop);
  return {
    ...object,
    ...objectOf('HTTPRoute', isByName, cluster),
    hosts: isByName ? [service.host] : sortedUnique(hop.listener.hosts.map(({ host }) => host)),
    isByName,
    route: plainRoute(origin),
    backends: [backend],
  };
}

function placeOf({ host }: Service): RoutePlace {
  return { kind: 'host', host };
}

type Led = Pick<RouteBackend, 'place' | 'port'>;

/** At a gateway a route is for names, and the host is one of the places to which it leads. */
function toHost(route: ResolvedRoute, service: Service): ResolvedRoute {
  return eachPlace(route, (target) => (target.place.kind === 'self' ? { ...target, place: placeOf(service) } : target));
}

/** What was asked for at a port of the host stays for that port, whatever the gateway's is. */
function withPort(route: ResolvedRoute, { host }: Service, asked: number): ResolvedRoute {
  return eachPlace(route, (target) =>
    target.place.kind === 'host' && target.place.host === host ? { ...target, port: target.port ?? asked } : target,
  );
}

function eachPlace(route: ResolvedRoute, change: <T extends Led>(target: T) => T): ResolvedRoute {
  const { action, mirrors } = route;
  return {
    ...route,
    action: action.kind === 'forward' ? { ...action, backends: action.backends.map(change) } : action,
    mirrors: mirrors.map(change),
  };
}
