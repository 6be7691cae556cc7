import type { ResolvedGatewayTraffic, ResolvedRoute } from '../../../resolve/resolved-traffic.js';
import { asksForHostAlone, isForHost } from '../../../resolve/traffic/hosts-of-match.js';
import { groupBy } from '../../../util/order.js';

/** Hosts that are routed alike, for an object of their own. */
export interface RoutedHosts extends ResolvedGatewayTraffic {
  readonly name: string;
}

/**
 * Settings by the hosts that they route alike. Objects for hosts are told apart by a gateway whatever the port and the case in
 * which a client writes them, which a match by authority looks at (istio-traffic-topology F-23).
 */
export function byHosts(traffic: ResolvedGatewayTraffic): RoutedHosts[] {
  const { origin, hosts, routes } = traffic;
  const matches = routes.flatMap((route) => route.matches);
  const groups = [...groupBy(hosts, ({ value }) => matches.map((match) => isForHost(match, value)).join()).values()];
  return groups.map((group) => {
    const first = group[0]?.value ?? '';
    const name = groups.length === 1 ? origin.id : `${origin.id}-${first.replace('*', 'any')}`;
    return { ...traffic, name, hosts: group, routes: routesFor(routes, first) };
  });
}

/** The routes that are tried for a host, up to the one that is for all of its requests. */
function routesFor(routes: readonly ResolvedRoute[], host: string): readonly ResolvedRoute[] {
  const here = routes.flatMap((route) => {
    const matches = route.matches.filter((match) => isForHost(match, host));
    if (matches.length === 0 && route.matches.length > 0) return [];
    return [{ ...route, matches: matches.some(asksForHostAlone) ? [] : matches }];
  });
  const last = here.findIndex(({ matches }) => matches.length === 0);
  return last < 0 ? here : here.slice(0, last + 1);
}
