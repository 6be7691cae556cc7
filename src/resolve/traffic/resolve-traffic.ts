import { diagnostic } from '../../diagnostics/create.js';
import type { TrafficSettings } from '../../parse/traffic/settings.js';
import type { ServicePort } from '../../topology/model.js';
import { sortBy } from '../../util/order.js';
import type { ResolveContext } from '../context.js';
import { destinationLabel } from '../destinations.js';
import type { Destination } from '../resolved.js';
import type { ResolvedEgress } from '../resolved-egress.js';
import type { ResolvedTraffic } from '../resolved-traffic.js';
import { bindScope, destinationsIn } from '../scopes.js';
import { checkConnections } from './check-connections.js';
import { checkMembership } from './check-membership.js';
import { checkRollout } from './check-rollout.js';
import { checkTimes } from './check-times.js';
import { checkVersions } from './check-versions.js';
import { checkEndpoints } from './endpoints/check-endpoints.js';
import { endpointsOfVersion, resolveEndpoints } from './endpoints/resolve-endpoints.js';
import { readersOf } from './exports/readers.js';
import { checkLimitedPorts, resolveLimits } from './limits/resolve-limits.js';
import { withNamesInTls } from './outside/named-tls.js';
import { outsideDestinations, refuseOutsideFields } from './outside/outside-destinations.js';
import { wayOut } from './outside/through-gateway.js';
import { plainRoute } from './plain-route.js';
import { placesOf } from './route-places.js';
import { checkPort } from './route-ports.js';
import type { RouteSite, SitePort } from './route-site.js';
import { resolveRoutes } from './routes.js';
import type { VersionsOfServices } from './versions-of-services.js';

/** Binds the traffic settings of Services and of hosts outside the mesh; each takes them from one document. */
export function resolveTraffic(
  context: ResolveContext,
  settings: readonly TrafficSettings[],
  namedByGateways: VersionsOfServices,
  egress: readonly ResolvedEgress[],
): ResolvedTraffic[] {
  const owners = new Map<string, TrafficSettings>();
  return sortBy(settings, ({ name }) => name.value).flatMap((each) => {
    refuseGatewayFields(context, each);
    const destinations =
      each.scope.kind === 'host' ? outsideDestinations(context, each) : serviceDestinations(context, each);
    if (destinations.length === 0) return [];
    reportSecondOwner(context, each, destinations, owners);
    checkTimes(context, each);
    const named = new Set(namedByGateways.get(each.scope.reference));
    if (each.scope.kind === 'service') checkVersions(context, each, destinations, named);
    checkEndpoints(context, each, destinations);
    checkConnections(context, each.routes, destinations);
    checkRollout(context, each);
    checkLimitedPorts(context, each, destinations);
    const traffic = bound(context, each, destinations, { named, egress });
    checkMembership(context, each, destinations, traffic.routes);
    return [traffic];
  });
}

function serviceDestinations(context: ResolveContext, settings: TrafficSettings): readonly Destination[] {
  const scope = bindScope(context, { ...settings.scope, kind: 'service' });
  if (scope === undefined) return [];
  refuseOutsideFields(context, settings);
  return destinationsIn(context, scope);
}

function refuseGatewayFields(context: ResolveContext, settings: TrafficSettings): void {
  for (const field of ['hosts', 'listeners'] as const)
    for (const { span } of settings[field].slice(0, 1)) context.report(diagnostic('hosts-of-service', { field }, span));
}

function bound(
  context: ResolveContext,
  settings: TrafficSettings,
  destinations: readonly Destination[],
  { named, egress }: { readonly named: ReadonlySet<string>; readonly egress: readonly ResolvedEgress[] },
): ResolvedTraffic {
  const { value: id, span } = settings.name;
  const origin = { id, span, reason: undefined, owner: undefined, ticket: undefined };
  const through = settings.outside.through && wayOut(context, settings.outside.through, destinations);
  const written = resolveRoutes(context, settings, siteOf(context, destinations));
  // What leaves by a gateway is routed even where nothing else is said of it.
  const routes = written.length === 0 && through !== undefined ? [plainRoute(origin)] : written;
  const places = routes.flatMap(placesOf);
  const own = places.flatMap(({ place }) => (place.kind === 'version' ? [place.version] : []));
  const used = new Set([...own, ...named]);
  const { kind, reference } = settings.scope;
  const said = resolveEndpoints(settings);
  const endpoints = kind === 'host' ? withNamesInTls(said, reference) : said;
  const versions = settings.versions.map(({ name, labels, endpoints: own }) => ({
    name: name.value,
    labels,
    endpoints: endpointsOfVersion(endpoints, own),
  }));
  return {
    origin,
    destinations,
    versions: sortBy(
      versions.filter(({ name }) => used.has(name)),
      ({ name }) => name,
    ),
    routes,
    endpoints,
    limits: resolveLimits(context, settings, siteOf(context, destinations)),
    acceptsExtensions: settings.acceptsExtensions,
    through,
    readers: readersOf(context, settings, destinations, egress, through),
  };
}

function siteOf(context: ResolveContext, own: readonly Destination[]): RouteSite {
  return {
    namespace: own[0]?.namespace ?? '',
    clusters: own.map(({ cluster }) => cluster),
    own,
    ports: own.flatMap(
      ({ service }) => service?.ports.filter(({ transport }) => transport === 'TCP').map(portOfSite) ?? [],
    ),
    versions: new Map(),
    // Which object says that of a Service is asked where one is chosen.
    checkHost: () => {},
    checkPort: (port) => {
      for (const destination of own) checkPort(context, destination, port);
    },
  };
}

function portOfSite({ number, name, layer }: ServicePort): SitePort {
  return { number, name, readsRequests: layer !== 'tcp' };
}

function reportSecondOwner(
  context: ResolveContext,
  settings: TrafficSettings,
  destinations: readonly Destination[],
  owners: Map<string, TrafficSettings>,
): void {
  for (const destination of destinations) {
    const owner = owners.get(destination.id);
    if (owner === undefined) owners.set(destination.id, settings);
    else {
      const parameters = {
        first: owner.name.value,
        second: settings.name.value,
        service: destinationLabel(destination),
      };
      const notes = [{ message: 'the other is here', span: owner.name.span }];
      context.report(diagnostic('duplicate-traffic', parameters, settings.name.span, { notes }));
    }
  }
}
