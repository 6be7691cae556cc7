import { diagnostic } from '../../../diagnostics/create.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import { sortBy } from '../../../util/order.js';
import type { ResolveContext } from '../../context.js';
import type { GatewayObject, ResolvedGatewayLimits, RouteMatch } from '../../resolved-traffic.js';
import { gatewaysOf } from '../gateway-objects.js';
import { gatewaySite } from '../gateway-site.js';
import { resolveLimits } from './resolve-limits.js';

/** Binds the limits of gateways. What is wrong with the gateways themselves is said where their routes are bound. */
export function resolveGatewayLimits(
  context: ResolveContext,
  settings: readonly TrafficSettings[],
): ResolvedGatewayLimits[] {
  const limited = settings.filter(({ limits }) => limits.length > 0);
  return sortBy(limited, ({ name }) => name.value).flatMap((each) => {
    const gateways = gatewaysOf({ ...context, report: () => {} }, each) ?? [];
    if (gateways.length === 0) return [];
    checkReading(context, each, gateways);
    return [bound(context, each, gateways)];
  });
}

function bound(
  context: ResolveContext,
  settings: TrafficSettings,
  gateways: readonly GatewayObject[],
): ResolvedGatewayLimits {
  const { name, hosts, acceptsExtensions } = settings;
  const site = gatewaySite(context, settings, gateways, new Map());
  const limits = resolveLimits(context, settings, site).map((limit) => ({
    ...limit,
    match: withHosts(limit.match, hosts, limit.origin.span),
  }));
  const origin = { id: name.value, span: name.span, reason: undefined, owner: undefined, ticket: undefined };
  return { origin, gateways, limits, acceptsExtensions };
}

/** Settings of hosts speak about requests for these, and about no others at the same ports. */
function withHosts(
  match: RouteMatch | undefined,
  hosts: TrafficSettings['hosts'],
  span: RouteMatch['span'],
): RouteMatch | undefined {
  if (hosts.length === 0 || (match && match.hosts.length > 0)) return match;
  return { ...(match ?? { ...everything, span }), hosts: sortBy(hosts, ({ value }) => value) };
}

const everything: Omit<RouteMatch, 'span'> = {
  serverNames: [],
  hosts: [],
  paths: [],
  ignoreCase: false,
  methods: [],
  headers: [],
  query: [],
  port: undefined,
  except: [],
};

/** Reports limits of a gateway that reads no requests. */
function checkReading(
  context: ResolveContext,
  { limits: [limit] }: TrafficSettings,
  gateways: readonly GatewayObject[],
): void {
  for (const { namespace, name, listeners } of gateways) {
    const isDeaf = listeners.every(({ reads, standing }) => reads === 'connections' || standing.kind === 'left-out');
    if (!isDeaf || limit === undefined) continue;
    context.report(diagnostic('limit-without-requests', { gateway: `${namespace}/${name}` }, limit.name.span));
  }
}
