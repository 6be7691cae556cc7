import { notKept } from '../../../dataplanes/endpoints.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { plainRoute } from '../../../resolve/traffic/plain-route.js';
import type { Cluster } from '../../../topology/model.js';
import { isRouteOf } from './route-objects.js';

/**
 * Settings with the one route that they need though they say nothing of routes: a waypoint that binds callers to pods
 * makes its hash by a route alone before Istio 1.31 (istio-traffic-topology T-40).
 */
export function withCarrier(
  traffic: ResolvedTraffic,
  { destination }: DestinationPolicy,
  { settings, routes }: Cluster,
  waypointNamespace: string | undefined,
): ResolvedTraffic {
  const asks = traffic.routes.length === 0 && traffic.endpoints.whole.affinity !== undefined;
  const carriesRequests = destination.service?.ports.some(({ layer }) => layer !== 'tcp') === true;
  if (!asks || waypointNamespace === undefined || !carriesRequests) return traffic;
  if (routes.some((route) => isRouteOf(route, destination, waypointNamespace))) return traffic;
  const lacks = notKept('affinityWithoutRoute', 'waypoint', settings) !== undefined;
  return lacks ? { ...traffic, routes: [plainRoute(traffic.origin)] } : traffic;
}
