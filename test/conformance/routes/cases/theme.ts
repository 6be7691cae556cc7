/** The proxies whose routes a case is about. */
export type RoutingProxy = 'sidecar' | 'waypoint' | 'gateway';

/** What the routes of a case are written in. */
export type RouteKind =
  | 'VirtualService'
  | 'HTTPRoute'
  | 'GRPCRoute'
  | 'several kinds'
  | 'connections'
  | 'hosts outside';

export interface RouteTheme {
  readonly proxy: RoutingProxy;
  readonly kind: RouteKind;
}

const proxies: readonly RoutingProxy[] = ['sidecar', 'waypoint', 'gateway'];
const kinds: readonly RouteKind[] = [
  'VirtualService',
  'HTTPRoute',
  'several kinds',
  'VirtualService',
  'GRPCRoute',
  'HTTPRoute',
  'connections',
];

/** One after the other, each with each; kinds that say more come more often. */
export const routeThemes: readonly RouteTheme[] = kinds.flatMap((kind) => proxies.map((proxy) => ({ proxy, kind })));
