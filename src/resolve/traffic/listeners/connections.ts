import { diagnostic } from '../../../diagnostics/create.js';
import type { Located } from '../../../diagnostics/diagnostic.js';
import type { RequestMatch, TrafficRoute, TrafficSettings } from '../../../parse/traffic/settings.js';
import { anyHost, coversName } from '../../../topology/listeners/admitted.js';
import { keyOf, type Listener } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import type { ResolveContext } from '../../context.js';
import type { GatewayObject, ResolvedConnections } from '../../resolved-traffic.js';
import { resolveBackends } from '../backends.js';
import { wishOf } from '../check-connections.js';
import { plainRoute } from '../plain-route.js';
import type { RouteSite } from '../route-site.js';
import { originOf } from '../routes.js';

/** The routes of a gateway by what they are for: requests that it reads, and connections that it does not. */
export interface SplitRoutes {
  readonly requests: readonly TrafficRoute[];
  readonly connections: ReadonlyArray<{ readonly route: TrafficRoute; readonly matches: readonly RequestMatch[] }>;
}

/** A match is for connections if it names servers, or a port on which nothing is read. */
export function splitRoutes(
  { routes, hosts }: Pick<TrafficSettings, 'routes' | 'hosts'>,
  gateways: readonly GatewayObject[],
): SplitRoutes {
  const isOfConnections = ({ serverNames, port }: RequestMatch) =>
    serverNames.length > 0 || (port !== undefined && isUnread(gateways, port.value, hosts.length === 0));
  return {
    requests: routes.flatMap((route) => {
      const match = route.match.filter((each) => !isOfConnections(each));
      return match.length === 0 && route.match.length > 0 ? [] : [{ ...route, match }];
    }),
    connections: routes.flatMap((route) => {
      const matches = route.match.filter(isOfConnections);
      return matches.length === 0 ? [] : [{ route, matches }];
    }),
  };
}

/** A port without listener is meant for connections where no host is named. */
function isUnread(gateways: readonly GatewayObject[], port: string | number, isWithoutHosts: boolean): boolean {
  const here = gateways.flatMap(({ listeners }) => listeners.filter((each) => each.port === port));
  return (here.length > 0 || isWithoutHosts) && here.every(({ reads }) => reads === 'connections');
}

/** Binds the routes of connections; what they ask of requests, and names that no listener passes through, are reported. */
export function resolveConnections(
  context: ResolveContext,
  settings: TrafficSettings,
  { requests, connections }: SplitRoutes,
  gateways: readonly GatewayObject[],
  site: RouteSite,
): readonly ResolvedConnections[] {
  if (requests.length === 0) refuseWishes(context, settings);
  return connections.flatMap(({ route, matches }) => {
    const wish = wishOf({ ...route, match: matches });
    if (wish !== undefined) context.report(diagnostic('wish-on-connections', { field: wish }, route.name.span));
    if (route.to === undefined) return [];
    const backends = resolveBackends(context, settings, route.to, site);
    const plain = { ...plainRoute(originOf(settings, route)), action: { kind: 'forward', backends } } as const;
    return matches.map((match) => {
      for (const gateway of gateways)
        for (const name of match.serverNames) checkServerName(context, gateway, match, name);
      if (match.port) site.checkPort(match.port);
      const port = match.port === undefined ? undefined : Number(match.port.value);
      return { route: plain, port, serverNames: namesOf(match, settings, gateways), span: match.span };
    });
  });
}

/** What settings say for all of their routes, where none is for requests. */
function refuseWishes(context: ResolveContext, { timeout, retries, faults, cors }: TrafficSettings): void {
  const wishes = { timeout: timeout?.span, retries: retries?.span, faults: faults?.[0]?.name.span, cors: cors?.span };
  for (const [field, span] of Object.entries(wishes))
    if (span !== undefined) context.report(diagnostic('wish-on-connections', { field }, span));
}

/** By a port alone the hosts of the settings are meant, or all that its listeners are for; TLS that is ended has no names. */
function namesOf(
  { serverNames, port }: RequestMatch,
  { hosts }: TrafficSettings,
  gateways: readonly GatewayObject[],
): readonly string[] {
  if (serverNames.length > 0) return sortedUnique(serverNames.map(({ value }) => value));
  const passing = gateways
    .flatMap(({ listeners }) => listeners.filter((each) => each.port === port?.value))
    .filter(passesTls);
  if (passing.length === 0) return [];
  const served = passing.flatMap((listener) => listener.hosts.map(({ host }) => host));
  const named = hosts.map(({ value }) => value).filter((host) => host !== anyHost);
  return sortedUnique(named.length > 0 ? named : served);
}

function passesTls({ tls }: Listener): boolean {
  return tls === 'PASSTHROUGH';
}

function checkServerName(
  context: ResolveContext,
  gateway: GatewayObject,
  { port }: RequestMatch,
  { value, span }: Located<string>,
): void {
  const passing = gateway.listeners.filter(
    (listener) => passesTls(listener) && (port === undefined || listener.port === port.value),
  );
  const served = passing.flatMap(({ hosts }) => hosts.map(({ host }) => host));
  if (served.some((host) => coversName(host, value))) return;
  const at = port === undefined ? '' : ` on port ${port.value}`;
  const names = sortedUnique(served).join(', ') || 'none';
  context.report(diagnostic('server-name-not-passed', { name: value, gateway: `${keyOf(gateway)}`, at, names }, span));
}
