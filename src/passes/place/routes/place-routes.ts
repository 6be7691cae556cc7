import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, PlacedRoute } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { ResolvedTraffic, Source } from '../../../resolve/resolved.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { mayCall } from '../../reach.js';
import { arrives } from '../at-waypoints/blind-spots.js';
import type { PlaceContext } from '../context.js';
import { checkDestinationRules, checkPassedRules } from './check-destination-rules.js';
import { checkExistingRoutes } from './check-existing-routes.js';
import { checkFilters } from './check-filters.js';
import { versionServices } from './version-services.js';

/**
 * Chooses the form of a service's traffic settings, and only one: two owners of one service's routes are not defined
 * (istio-traffic-topology T-03, T-05). Where requests pass a waypoint it is an HTTPRoute, which sidecars obey as well
 * (I-01); where only sidecars route, it is a VirtualService.
 */
export function placeRoutes(context: PlaceContext, policy: DestinationPolicy): PlacedRoute[] {
  const { traffic, destination } = policy;
  if (traffic === undefined || !checkHttp(context, policy, traffic)) return [];
  const cluster = context.clusterOf(policy);
  const callers = context.sources.filter((source) => mayCall(source, policy, cluster));
  const atWaypoint = callers.some((source) => arrives(policy, source, cluster) === 'waypoint');
  checkExistingRoutes(context, policy, traffic, atWaypoint ? policy.waypoint?.namespace : undefined);
  checkUncovered(context, policy, traffic, callers, cluster);
  if (atWaypoint) checkFilters(context, policy, traffic);
  const form = { destination, traffic, form: 'VirtualService', backends: [] } as const;
  if (!atWaypoint || needsVirtualService(context, policy, traffic, cluster)) {
    checkDestinationRules(context, policy, traffic, callers);
    const why = atWaypoint
      ? 'for sidecar callers and at the waypoint: HTTPRoute cannot say it with the standard CRDs'
      : 'decided at each caller’s sidecar';
    return [{ ...form, why }];
  }
  checkPassedRules(context, policy, traffic);
  const hasSidecars = callers.some(({ plane }) => plane === 'sidecar');
  const why = `decided at the waypoint, for ambient callers${hasSidecars ? ', and at each caller’s sidecar' : ''}`;
  return [{ ...form, form: 'HTTPRoute', backends: versionServices(context, policy, traffic, cluster), why }];
}

function checkHttp(context: PlaceContext, { destination }: DestinationPolicy, traffic: ResolvedTraffic): boolean {
  if (destination.service?.ports.some(({ layer }) => layer !== 'tcp')) return true;
  const field = traffic.timeout ? '`timeout`' : traffic.retries ? '`retries`' : '`split`';
  context.report(diagnostic('not-http', { destination: destinationLabel(destination), field }, traffic.origin.span));
  return false;
}

/** What an HTTPRoute's retries are for, always (istio-traffic-topology T-34). */
const routeRetries = ['cancelled', 'connect-failure', 'refused-stream', 'unavailable'];

/** HTTPRoute has `retry` in the experimental channel only; elsewhere one VirtualService serves both kinds of callers (T-21, T-33). */
function needsVirtualService(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  traffic: ResolvedTraffic,
  cluster: Cluster,
): boolean {
  if (traffic.retries === undefined) return false;
  const { retryOn } = traffic.retries;
  const isFixedSet =
    retryOn.length === 0 ||
    (retryOn.length === routeRetries.length && routeRetries.every((cause) => retryOn.includes(cause)));
  if (cluster.settings.gatewayApi.channel === 'experimental' && isFixedSet) return false;
  const notes = [{ message: 'VirtualService at a waypoint is Alpha (istio-traffic-topology T-21, T-33)' }];
  context.report(
    diagnostic('retries-in-virtual-service', { destination: destinationLabel(destination) }, traffic.retries.span, {
      notes,
    }),
  );
  return true;
}

function checkUncovered(
  context: PlaceContext,
  policy: DestinationPolicy,
  traffic: ResolvedTraffic,
  callers: readonly Source[],
  cluster: Cluster,
): void {
  const destination = destinationLabel(policy.destination);
  const strays = callers.filter(
    (source) => source.plane === 'ambient' && arrives(policy, source, cluster) !== 'waypoint',
  );
  const own = new Set(policy.destination.workloads.map(keyOf));
  const stray = strays.find(({ name }) => !own.has(name)) ?? strays[0];
  if (stray) {
    const why =
      policy.destination.service?.hasVip === false
        ? 'the Service has no virtual IP, so no waypoint can route its requests'
        : 'no waypoint can be put in front of it';
    const help = 'give the Service a virtual IP, or drop the traffic settings';
    context.report(
      diagnostic('traffic-not-covered', { destination, caller: `\`${stray.name}\``, why }, traffic.origin.span, {
        help,
      }),
    );
  }
  for (const { plane, name } of callers) {
    if (plane === 'gateway' && !policy.waypoint?.ingress)
      context.report(diagnostic('ingress-not-covered', { gateway: name, destination }, traffic.origin.span));
  }
}
