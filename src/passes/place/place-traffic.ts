import type { PlacedDestinationRule, PlacedVersionService, VersionService } from '../../ir/placed-traffic.js';
import type { DestinationPolicy, PlacedIr } from '../../ir/policy-ir.js';
import { sortBy } from '../../util/order.js';
import type { PlaceContext } from './context.js';
import { placeDestinationRules } from './endpoints/place-destination-rules.js';
import { checkLedTwice } from './gateway-routes/check-led-twice.js';
import { grantsFor } from './gateway-routes/grants.js';
import { placeGatewayRoutes } from './gateway-routes/place-gateway-routes.js';
import { versionsAtGateways } from './gateway-routes/versions-at-gateways.js';
import { checkPastGateways, placeEgress } from './outside/place-egress.js';
import { placeOnward } from './outside/through-gateway-api.js';
import { remarkOnAmbient, reportNothingExported } from './reachability/exported-to-some.js';
import { checkCanaries } from './rollouts/check-canaries.js';
import { checkRollouts, type PlacedDestination } from './rollouts/check-rollouts.js';
import { rolloutNotes } from './rollouts/rollout-notes.js';
import { placeRoutes } from './routes/place-routes.js';
import { versionServices } from './routes/version-services.js';

type PlacedTraffic = Pick<
  PlacedIr,
  'routes' | 'egress' | 'gatewayRoutes' | 'gatewayConnections' | 'grants' | 'destinationRules' | 'versionServices'
>;

/** Where requests to each Service and gateway go, and what proxies keep to on the way there. */
export function placeTraffic(context: PlaceContext): PlacedTraffic {
  const asSubsets = versionsAtGateways(context.ir, 'istio');
  const asServices = versionsAtGateways(context.ir, 'gateway-api');
  checkPastGateways(context);
  const placed = context.ir.destinations.map((policy) => {
    checkCanaries(context, policy);
    remarkOnAmbient(context, policy);
    const routes = placeRoutes(context, policy);
    const { id } = policy.destination;
    const services = asServices.has(id) ? servicesOf(context, policy) : [];
    const backends = routes.flatMap((route) => route.backends);
    const versions = backends.length > 0 ? backends : services;
    const hasSubsets = asSubsets.has(id) || routes.some(({ form }) => form === 'VirtualService');
    const rules = placeDestinationRules(context, policy, { hasSubsets, versions });
    const isOut = policy.traffic?.through !== undefined;
    const egress = isOut ? routes.flatMap((route) => placeEgress(context, policy, route)) : [];
    const onward = isOut ? routes.map((route) => placeOnward(context, policy, route)) : [];
    return { policy, routes: isOut ? [] : routes, egress, onward, rules, versions };
  });
  const written = placed.filter(({ routes, rules, egress }) => routes.length + rules.length + egress.length > 0);
  reportNothingExported(
    context,
    written.map(({ policy }) => policy.destination),
  );
  const services = new Map(placed.map(({ policy, versions }) => [policy.destination.id, versions]));
  const atGateways = placeGatewayRoutes(context, services);
  for (const each of placed) checkRollouts(context, each, atGateways.gatewayRoutes);
  const onward = placed.flatMap((each) => each.onward);
  const gatewayRoutes = [...atGateways.gatewayRoutes, ...onward.flatMap((each) => each.gatewayRoutes)];
  const gatewayConnections = [...atGateways.gatewayConnections, ...onward.flatMap((each) => each.gatewayConnections)];
  checkLedTwice(context, gatewayConnections);
  return {
    routes: placed.flatMap(({ routes }) => routes),
    egress: placed.flatMap(({ egress }) => egress),
    destinationRules: inOrder(placed.flatMap(({ rules }) => rules)),
    versionServices: placed.flatMap((each) => emittedVersions(context, each)),
    gatewayRoutes,
    gatewayConnections,
    grants: grantsFor(gatewayRoutes, gatewayConnections),
  };
}

function servicesOf(context: PlaceContext, policy: DestinationPolicy): VersionService[] {
  const { traffic } = policy;
  return traffic ? versionServices(context, policy, traffic, context.clusterOf(policy)) : [];
}

function emittedVersions(
  context: PlaceContext,
  { policy, versions }: Pick<PlacedDestination, 'policy' | 'versions'>,
): PlacedVersionService[] {
  const { destination, traffic } = policy;
  if (traffic === undefined) return [];
  const notes = rolloutNotes(policy, context.clusterOf(policy), '.spec.selector');
  const emitted = versions.filter(({ exists }) => !exists);
  return emitted.map((version) => ({ destination, origin: traffic.origin, version, notes }));
}

function inOrder(rules: readonly PlacedDestinationRule[]): PlacedDestinationRule[] {
  return sortBy(
    rules,
    ({ cluster }) => cluster,
    ({ namespace }) => namespace,
    ({ name }) => name,
  );
}
