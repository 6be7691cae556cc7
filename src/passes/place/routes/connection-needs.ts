import type { RoutingPoint } from '../../../dataplanes/traffic.js';
import type { PlacedConnectionRule } from '../../../ir/placed-traffic.js';
import type { Destination } from '../../../resolve/resolved.js';
import { isOutside } from '../../../resolve/traffic/outside/outside-hosts.js';
import { isTlsPort } from '../../../topology/tls-port.js';
import type { RouteNeed } from './route-needs.js';

/**
 * What settings ask of a route for connections, at each point that leads them. TLS to a host outside the mesh asks for its one
 * name, and TLS to a Service for any.
 */
export function connectionNeeds(
  { service }: Pick<Destination, 'service'>,
  connections: readonly PlacedConnectionRule[],
  points: readonly RoutingPoint[],
): RouteNeed[] {
  const ofTls = isOutside({ service }) ? ('connectionsByName' as const) : ('connectionsOfTls' as const);
  const tlsPorts = new Set((service?.ports ?? []).filter(isTlsPort).map(({ number }) => number));
  return connections.flatMap(({ port, route: { origin } }) => [
    { feature: 'connections' as const, span: origin.span },
    ...(tlsPorts.has(port) ? points.map((point) => ({ feature: ofTls, span: origin.span, point })) : []),
  ]);
}
