import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedEgress, PlacedRoute, PlacedRouteRule } from '../../../ir/placed-traffic.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { rulesOnPort } from '../../../ir/rules-on-port.js';
import type { GatewayHop, ResolvedRoute, RouteBackend } from '../../../resolve/resolved-traffic.js';
import { placesOf } from '../../../resolve/traffic/route-places.js';
import { keyOf } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';
import { checkPublished } from '../gateway-routes/check-published.js';
import { homeOfRoute } from '../gateway-routes/home-of-route.js';

/** The routes of a host from callers to the gateway, and where that is Istio's own from there to the host as the settings say. */
export function placeEgress(context: PlaceContext, policy: DestinationPolicy, route: PlacedRoute): PlacedEgress[] {
  const { destination, traffic } = route;
  const { service } = destination;
  const hops = (traffic.through?.hops ?? []).filter(({ gateway }) => gateway.cluster === destination.cluster);
  const [first] = hops;
  if (first === undefined || service === undefined) return [];
  const { gateway } = first;
  const span = traffic.through?.span ?? traffic.origin.span;
  checkPublished(context, context.clusterOf(policy), gateway, [{ value: `host \`${service.host}\``, span }]);
  if (gateway.api === 'gateway-api')
    return [{ route, gateway, home: undefined, hops: hops.map((hop) => ({ ...hop, rules: [] })) }];
  const listeners = hops.map(({ listener }) => listener);
  const home = homeOfRoute(context.clusterOf(policy), gateway, listeners, { own: [service], others: [] });
  if (home === undefined) {
    context.report(diagnostic('route-not-taken', { gateway: keyOf(gateway) }, traffic.origin.span));
    return [];
  }
  return [
    {
      route,
      gateway,
      home,
      hops: hops.map((hop) => ({ ...hop, rules: rulesBehind(route.rules, hop, hops) })),
    },
  ];
}

/** A route that leads to the host from elsewhere leads there straight from whoever obeys it. */
export function checkPastGateways(context: PlaceContext): void {
  const { destinations, gatewayTraffic } = context.ir;
  const led = destinations.filter(({ traffic }) => traffic?.through !== undefined);
  const hosts = new Set(led.map(({ destination }) => destination.service?.host));
  const all = [
    ...destinations.flatMap(({ traffic }) => traffic?.routes ?? []),
    ...gatewayTraffic.flatMap(({ routes }) => routes),
  ];
  for (const { place, span } of all.flatMap(placesOf)) {
    if (place.kind === 'host' && hosts.has(place.host))
      context.report(diagnostic('route-past-gateway', { host: place.host }, span));
  }
}

/** The rules for one port of the host, as the gateway's listener for it has them. */
function rulesBehind(rules: readonly PlacedRouteRule[], { port, listener }: GatewayHop, all: readonly GatewayHop[]) {
  const isShared = all.some((other) => other.port !== port && other.port.layer !== 'tcp');
  const here = port.layer === 'tcp' ? [] : rulesOnPort(rules, port.number);
  return here.map((rule): PlacedRouteRule => {
    const { matches } = rule;
    const atListener = isShared && matches.length === 0 ? [{ ...anything, port: listener.port }] : matches;
    return {
      ...rule,
      matches: isShared ? atListener.map((match) => ({ ...match, port: listener.port })) : matches,
      route: toPort(rule.route, port.number),
    };
  });
}

const anything = { path: undefined, method: undefined, headers: [], query: [], without: [], port: undefined } as const;

/** What was asked for at a port of the host stays for that port, whatever the gateway's is. */
function toPort(route: ResolvedRoute, asked: number): ResolvedRoute {
  const at = <T extends Pick<RouteBackend, 'place' | 'port'>>(target: T): T =>
    target.place.kind === 'self' ? { ...target, port: target.port ?? asked } : target;
  const { action, mirrors } = route;
  return {
    ...route,
    action: action.kind === 'forward' ? { ...action, backends: action.backends.map(at) } : action,
    mirrors: mirrors.map(at),
  };
}
