import type { RoutingPoint } from '../../../dataplanes/traffic.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedRoute } from '../../../ir/placed-traffic.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Source } from '../../../resolve/resolved.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { isOutside } from '../../../resolve/traffic/outside/outside-hosts.js';
import { portNamed } from '../../../resolve/traffic/route-ports.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { mayCall } from '../../reach.js';
import { arrives } from '../at-waypoints/blind-spots.js';
import type { PlaceContext } from '../context.js';
import { exportedToAll, isHiddenByDefault } from '../exports.js';
import { isDecidedAtGateway } from '../outside/through-gateway-api.js';
import { exportedToSome } from '../reachability/exported-to-some.js';
import { withCarrier } from './carrier-route.js';
import { checkPassedRules } from './check-destination-rules.js';
import { checkExistingRoutes } from './check-existing-routes.js';
import { checkFilters } from './check-filters.js';
import { chooseForm, forms } from './choose-form.js';
import { connectionNeeds } from './connection-needs.js';
import { connectionRules, routesOfRequests, wishOfRequests } from './connection-rules.js';
import { hostNeeds } from './host-needs.js';
import { httpRouteRules } from './http-route-rules.js';
import { isLedToByGateways } from './led-by-gateways.js';
import { otherServices } from './other-services.js';
import { routeNeeds, serverNameNeeds } from './route-needs.js';
import { defaultRetries } from './route-retries.js';
import { versionServices } from './version-services.js';
import { virtualServiceRules } from './virtual-service-rules.js';

/**
 * Chooses the form of a service's traffic settings, and only one: two owners of one service's routes are not defined
 * (istio-traffic-topology T-03, T-05). Where requests pass a waypoint it is an HTTPRoute, which sidecars obey as well
 * (I-01); where only sidecars route, it is a VirtualService.
 */
export function placeRoutes(context: PlaceContext, policy: DestinationPolicy): PlacedRoute[] {
  const { destination } = policy;
  const cluster = context.clusterOf(policy);
  const callers = policy.traffic ? context.sources.filter((source) => mayCall(source, policy, cluster)) : [];
  const atWaypoint = callers.some((source) => arrives(policy, source, cluster) === 'waypoint');
  const waypointNamespace = atWaypoint ? policy.waypoint?.namespace : undefined;
  const traffic = policy.traffic && withCarrier(policy.traffic, policy, cluster, waypointNamespace);
  if (traffic === undefined || traffic.routes.length === 0 || !checkHttp(context, policy, traffic)) return [];
  checkExistingRoutes(context, policy, traffic, waypointNamespace);
  const isCarrier = traffic !== policy.traffic;
  if (!isCarrier) checkUncovered(context, policy, traffic, callers, cluster);
  if (atWaypoint) checkFilters(context, policy, traffic);
  const portNumber = (port: string | number) => portNamed(destination.service, port)?.number ?? 0;
  const point = atWaypoint ? ('waypoint' as const) : ('sidecar' as const);
  const ports = (destination.service?.ports ?? []).filter(({ layer }) => layer !== 'tcp').map(({ number }) => number);
  const connections = connectionRules(traffic, destination.service);
  const exportTo = exportedToSome(context, policy);
  const readers = readersOf(callers, waypointNamespace);
  const isHidden = exportTo !== undefined || isHiddenByDefault(cluster, destination.namespace, readers);
  const requests = routesOfRequests(traffic, destination.service);
  const place = {
    point,
    forms: forms[point],
    label: destinationLabel(destination),
    cluster,
    span: traffic.origin.span,
  };
  const form = chooseForm(context.report, place, [
    ...(isDecidedAtGateway(traffic) ? [] : routeNeeds(requests, portNumber, { ports, isHidden })),
    ...hostNeeds(destination, traffic),
    ...serverNameNeeds(traffic.routes),
    ...connectionNeeds(destination, connections, pointsOf(callers, point)),
  ]);
  if (form === undefined) return [];
  const placed = {
    destination,
    point,
    traffic,
    connections,
    otherServices: otherServices(context.ir, cluster, traffic.routes),
    exportTo: exportTo ?? exportedToAll.VirtualService(cluster),
  };
  if (form === 'VirtualService') {
    const why = atWaypoint ? 'at the waypoint and at each caller’s sidecar' : 'decided at each caller’s sidecar';
    return [
      {
        ...placed,
        form,
        rules: ports.length === 0 ? [] : virtualServiceRules(requests, portNumber, defaultRetries(cluster)),
        backends: [],
        why,
      },
    ];
  }
  checkPassedRules(context, policy, traffic);
  const why = isCarrier ? becauseOfCarrier : whyHttpRoute(callers, atWaypoint);
  const backends = versionServices(context, policy, traffic, cluster);
  return [{ ...placed, form, rules: httpRouteRules(requests, portNumber), backends, why }];
}

/** Sidecars lead connections themselves, whether or not a waypoint stands behind them. */
function pointsOf(callers: readonly Source[], point: 'sidecar' | 'waypoint'): readonly RoutingPoint[] {
  return point === 'waypoint' && callers.some(({ plane }) => plane === 'sidecar') ? [point, 'sidecar'] : [point];
}

/** The namespaces whose proxies read the route. */
function readersOf(callers: readonly Source[], waypointNamespace: string | undefined): readonly string[] {
  const sidecars = callers.filter(({ plane }) => plane === 'sidecar');
  const namespaces = sidecars.map(({ name }) => name.slice(0, name.indexOf('/')));
  return waypointNamespace === undefined ? namespaces : [...namespaces, waypointNamespace];
}

const becauseOfCarrier = 'as without a route: a waypoint binds callers to pods only where there is one (T-40)';

function whyHttpRoute(callers: readonly Source[], atWaypoint: boolean): string {
  if (!atWaypoint) return 'decided at each caller’s sidecar';
  const hasSidecars = callers.some(({ plane }) => plane === 'sidecar');
  return `decided at the waypoint, for ambient callers${hasSidecars ? ', and at each caller’s sidecar' : ''}`;
}

function whyUncovered({ service }: DestinationPolicy['destination']): { readonly why: string; readonly help: string } {
  if (isOutside({ service })) {
    const why = 'each request goes on to the address that its client chose, and no waypoint stands before it';
    const help =
      'name one host without wildcard, or ask for no more than routes, `timeout`, `retries` and `connections` of HTTP, where no pod has a sidecar';
    return { why, help };
  }
  const help = 'give the Service a virtual IP, or drop the traffic settings';
  return service?.hasVip === false
    ? { why: 'the Service has no virtual IP, so no waypoint can route its requests', help }
    : { why: 'no waypoint can be put in front of it', help };
}

/** What is asked of requests cannot hold for a Service that only takes connections, and no route for one that takes none. */
function checkHttp(context: PlaceContext, { destination }: DestinationPolicy, traffic: ResolvedTraffic): boolean {
  const { ports = [] } = destination.service ?? {};
  if (ports.some(({ layer }) => layer !== 'tcp')) return true;
  const isOfConnections = ports.some(({ transport }) => transport === 'TCP');
  const wishes = traffic.routes.flatMap((route) => {
    const wish = wishOfRequests(route);
    if (wish === undefined && isOfConnections) return [];
    return [{ field: wish === undefined ? 'a route' : `\`${wish}\``, span: route.origin.span }];
  });
  for (const { field, span } of wishes) {
    const parameters = { destination: destinationLabel(destination), field };
    const details = isOutside(destination) ? { help: 'give a port `protocol: HTTP`, or drop the settings' } : {};
    context.report(diagnostic('not-http', parameters, span, details));
  }
  return wishes.length === 0;
}

function checkUncovered(
  context: PlaceContext,
  policy: DestinationPolicy,
  traffic: ResolvedTraffic,
  callers: readonly Source[],
  cluster: Cluster,
): void {
  const destination = destinationLabel(policy.destination);
  const strays = callers.filter(
    (source) => source.plane === 'ambient' && arrives(policy, source, cluster) !== 'waypoint',
  );
  const own = new Set(policy.destination.workloads.map(keyOf));
  const stray = strays.find(({ name }) => !own.has(name)) ?? strays[0];
  if (stray) {
    const { why, help } = whyUncovered(policy.destination);
    context.report(
      diagnostic('traffic-not-covered', { destination, caller: `\`${stray.name}\``, why }, traffic.origin.span, {
        help,
      }),
    );
  }
  if (!isLedToByGateways(context.ir, policy, cluster)) return;
  for (const { plane, name } of callers) {
    if (plane === 'gateway' && !policy.waypoint?.ingress)
      context.report(diagnostic('ingress-not-covered', { gateway: name, destination }, traffic.origin.span));
  }
}
