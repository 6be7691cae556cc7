import type { PlacedConnectionRule } from '../../../ir/placed-traffic.js';
import type { ResolvedRoute, ResolvedTraffic, RouteMatch } from '../../../resolve/resolved-traffic.js';
import { portNamed } from '../../../resolve/traffic/route-ports.js';
import type { Service } from '../../../topology/model.js';

/**
 * Where connections to the TCP ports of a Service go: by the first route that asks for nothing of a request. A route to the
 * same port of the Service as a whole says nothing that would not be done without it: it is written where nothing else is.
 */
export function connectionRules({ routes }: ResolvedTraffic, service: Service | undefined): PlacedConnectionRule[] {
  const ports = (service?.ports ?? []).filter(({ layer, transport }) => layer === 'tcp' && transport === 'TCP');
  const led = ports.flatMap(({ number }) => {
    const route = routes.find(({ matches }) => matches.length === 0 || matches.some(isFor(service, number)));
    if (route === undefined || route.action.kind !== 'forward') return [];
    return [{ route, port: number, backends: route.action.backends }];
  });
  const elsewhere = led.filter(({ port: number, backends }) =>
    backends.some(({ place, port = number }) => place.kind !== 'self' || portNamed(service, port)?.number !== number),
  );
  const isOfConnectionsAlone = service?.ports.every(({ layer }) => layer === 'tcp') ?? false;
  return elsewhere.length === 0 && isOfConnectionsAlone ? led : elsewhere;
}

function isFor(service: Service | undefined, port: number): (match: RouteMatch) => boolean {
  return (match) =>
    asksNothingOfRequests(match) && (match.port === undefined || portNamed(service, match.port)?.number === port);
}

function asksNothingOfRequests({ hosts, paths, methods, headers, query, except }: RouteMatch): boolean {
  return hosts.length + paths.length + methods.length + headers.length + query.length + except.length === 0;
}

/** The routes without what they say for TCP ports alone. */
export function routesOfRequests(traffic: ResolvedTraffic, service: Service | undefined): ResolvedTraffic {
  const isOfRequests = ({ port }: RouteMatch) => port === undefined || portNamed(service, port)?.layer !== 'tcp';
  const routes = traffic.routes.flatMap((route) => {
    const matches = route.matches.filter(isOfRequests);
    return matches.length === 0 && route.matches.length > 0 ? [] : [{ ...route, matches }];
  });
  return { ...traffic, routes };
}

/** What of a route only requests can be given, by the name of its field; `undefined` where it is all for connections too. */
export function wishOfRequests({ matches, action, ...route }: ResolvedRoute): string | undefined {
  if (!matches.every(asksNothingOfRequests)) return 'match';
  if (action.kind !== 'forward') return action.kind;
  const wishes = [
    ['timeout', route.timeout],
    ['retries', route.retries],
    ['rewrite', route.rewrite],
    ['headers', route.headers],
    ['mirror', route.mirrors[0]],
    ['faults', route.faults[0]],
    ['cors', route.cors],
  ] as const;
  return wishes.find(([, wish]) => wish !== undefined)?.[0];
}
