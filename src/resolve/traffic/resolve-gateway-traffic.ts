import { diagnostic } from '../../diagnostics/create.js';
import type { Located } from '../../diagnostics/diagnostic.js';
import type { TrafficSettings } from '../../parse/traffic/settings.js';
import { anyHost } from '../../topology/listeners/admitted.js';
import { keyOf } from '../../topology/model.js';
import { sortBy, sortedUnique } from '../../util/order.js';
import type { ResolveContext } from '../context.js';
import type { GatewayObject, ResolvedGatewayTraffic } from '../resolved-traffic.js';
import { checkTimes } from './check-times.js';
import { refuseEndpoints } from './endpoints/endpoints-of-gateway.js';
import { gatewaysOf } from './gateway-objects.js';
import { gatewaySite } from './gateway-site.js';
import { checkHost } from './listeners/check-host.js';
import { checkListeners } from './listeners/check-listeners.js';
import { checkServed } from './listeners/check-served.js';
import { resolveConnections, type SplitRoutes, splitRoutes } from './listeners/connections.js';
import { checkRedirected, redirectsTo } from './listeners/redirects.js';
import { refuseOutsideFields } from './outside/outside-destinations.js';
import { resolveRoutes } from './routes.js';
import type { VersionsOfServices } from './versions-of-services.js';

/** Binds the traffic settings of gateways; each host of a gateway takes its routes from one document. */
export function resolveGatewayTraffic(
  context: ResolveContext,
  settings: readonly TrafficSettings[],
  versions: VersionsOfServices,
): ResolvedGatewayTraffic[] {
  const contradicting = settings.filter((each) => checkListeners(context, each));
  // What such listeners take nobody can say.
  const isOpen = new Set(contradicting.map(({ scope }) => scope.reference));
  checkServed(context, isOpen);
  const owners = new Map<string, TrafficSettings>();
  return sortBy(settings.filter(speaksOfRequests), ({ name }) => name.value).flatMap((each) => {
    checkFields(context, each);
    checkAnyHost(context, each);
    refuseEndpoints(context, each);
    refuseOutsideFields(context, each);
    const gateways = gatewaysOf(context, each);
    if (gateways === undefined) return [];
    checkTimes(context, each);
    const routes = splitRoutes(each, gateways);
    const isRouted = routes.requests.length > 0;
    if (isRouted && each.hosts.length === 0) context.report(diagnostic('gateway-without-hosts', {}, each.scope.span));
    for (const host of isRouted || each.limits.length > 0 ? each.hosts : []) {
      if (isRouted) reportSecondOwner(context, each, gateways, host, owners);
      if (!isOpen.has(each.scope.reference)) for (const gateway of gateways) checkHost(context, gateway, host);
    }
    return each.routes.length === 0 ? [] : [bound(context, each, routes, gateways, versions)];
  });
}

function bound(
  context: ResolveContext,
  settings: TrafficSettings,
  routes: SplitRoutes,
  gateways: readonly GatewayObject[],
  versions: VersionsOfServices,
): ResolvedGatewayTraffic {
  const redirects = redirectsTo(context, settings);
  checkRedirected(context, settings, redirects);
  const { value: id, span } = settings.name;
  const site = gatewaySite(context, settings, gateways, versions);
  const { requests } = routes;
  const ofRequests = requests.length === 0 ? [] : resolveRoutes(context, { ...settings, routes: requests }, site);
  return {
    origin: { id, span, reason: undefined, owner: undefined, ticket: undefined },
    gateways,
    hosts: sortBy(settings.hosts, ({ value }) => value),
    routes: requests.length === 0 ? [] : [...redirects, ...ofRequests],
    connections: resolveConnections(context, settings, routes, gateways, site),
  };
}

/** Records are the proxy's, whatever hosts are asked for. */
function speaksOfRequests({ fields }: TrafficSettings): boolean {
  return fields.some(({ value }) => value !== 'telemetry' && value !== 'deployment');
}

/** A gateway has no versions and no requests of its own, and only hosts tell its routes apart. Listeners may stand alone, and limits without routes. */
function checkFields(context: ResolveContext, settings: TrafficSettings): void {
  const { scope, hosts, versions, rollout, routes, listeners, limits } = settings;
  const ofVersions = versions[0]?.name.span ?? rollout?.span;
  if (ofVersions) context.report(diagnostic('versions-of-gateway', {}, ofVersions));
  if (listeners.length > 0 && hosts.length + routes.length === 0) return;
  if (routes.length === 0 && limits.length === 0) context.report(diagnostic('gateway-without-routes', {}, scope.span));
}

/** Of settings for `*` the names of listeners are taken: one that others have as well would be routed by both. */
function reportSecondOwner(
  context: ResolveContext,
  settings: TrafficSettings,
  gateways: readonly GatewayObject[],
  host: Located<string>,
  owners: Map<string, TrafficSettings>,
): void {
  const keys = namesRouted(gateways, host.value).map((name) => `${gateways[0] && keyOf(gateways[0])} ${name}`);
  const owner = keys.flatMap((key) => owners.get(key) ?? [])[0];
  if (owner === undefined) for (const key of keys) owners.set(key, settings);
  else {
    const parameters = { first: owner.name.value, second: settings.name.value, host: host.value };
    const notes = [{ message: 'the other is here', span: owner.name.span }];
    context.report(diagnostic('duplicate-host', parameters, host.span, { notes }));
  }
}

function namesRouted(gateways: readonly GatewayObject[], host: string): readonly string[] {
  if (host !== anyHost) return [host];
  const reading = gateways.flatMap(({ listeners }) => listeners.filter(({ reads }) => reads === 'requests'));
  return sortedUnique([host, ...reading.flatMap(({ hosts }) => hosts.map((each) => each.host))]);
}

/** All that listeners are for is not said beside some of it. */
function checkAnyHost(context: ResolveContext, { hosts }: TrafficSettings): void {
  const any = hosts.find(({ value }) => value === anyHost);
  const other = hosts.find(({ value }) => value !== anyHost);
  if (any === undefined || other === undefined) return;
  context.report(diagnostic('any-host-beside-others', { host: other.value }, any.span));
}
