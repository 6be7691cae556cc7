import { notCounted } from '../../../dataplanes/limits.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedRateLimits } from '../../../ir/placed-limits.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import type { Plane } from '../../../topology/model.js';
import { sortBy } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { limitsAtGateways } from './limits-at-gateways.js';
import { limitsAtSidecars } from './limits-at-sidecars.js';
import { limitsAtWaypoint } from './limits-at-waypoint.js';

/** The EnvoyFilters by which proxies in front of pods count requests, where somebody accepts them. */
export function placeLimits(context: PlaceContext): PlacedRateLimits[] {
  const atPods = context.ir.destinations.flatMap((policy) => {
    const { traffic } = policy;
    return traffic && traffic.limits.length > 0 ? placeOf(context, policy, traffic) : [];
  });
  const atGateways = context.ir.gatewayLimits.flatMap((settings) => {
    const placed = limitsAtGateways(context, settings);
    checkConsent(context, settings, placed);
    return placed;
  });
  return sortBy(
    [...atPods, ...atGateways],
    ({ cluster }) => cluster,
    ({ namespace }) => namespace,
    ({ name }) => name,
  );
}

function placeOf(context: PlaceContext, policy: DestinationPolicy, traffic: ResolvedTraffic): PlacedRateLimits[] {
  const planes = new Set(policy.destination.workloads.map(({ mode }) => mode.plane));
  checkPlanes(context, policy, traffic, planes);
  const placed = [
    ...limitsAtSidecars(context, policy, traffic),
    ...(planes.has('ambient') ? limitsAtWaypoint(context, policy, traffic) : []),
  ];
  checkConsent(context, traffic, placed);
  return placed;
}

/** Pods in front of which nobody counts would take any number of requests. */
function checkPlanes(
  context: PlaceContext,
  { destination, waypoint }: DestinationPolicy,
  { limits }: ResolvedTraffic,
  planes: ReadonlySet<Plane>,
): void {
  const isAlone = planes.has('ambient') && waypoint === undefined;
  const isOutside = [...planes].some((plane) => plane !== 'ambient' && plane !== 'sidecar');
  const [limit] = limits;
  if (limit === undefined || (!isAlone && !isOutside)) return;
  const lack = isAlone ? notCounted('ztunnel') : undefined;
  const because = lack?.because ?? 'some of its pods have no proxy of the mesh';
  const parameters = { limit: limit.origin.id, destination: destinationLabel(destination), because };
  const notes = lack === undefined ? [] : [{ message: lack.fact }];
  context.report(diagnostic('limit-not-kept', parameters, limit.origin.span, { notes }));
}

/** Whoever wants it has to say so, for the next release of Istio may take such a patch otherwise (T-60). */
function checkConsent(
  context: PlaceContext,
  { limits, origin, acceptsExtensions }: Pick<ResolvedTraffic, 'limits' | 'origin' | 'acceptsExtensions'>,
  [first]: readonly PlacedRateLimits[],
): void {
  if (first === undefined || acceptsExtensions) return;
  const [limit] = limits;
  const message = `it would be EnvoyFilter \`${first.namespace}/${first.name}\` for ${whomOf(first)} before the router`;
  const parameters = { limit: limit?.origin.id ?? origin.id };
  context.report(
    diagnostic('extension-not-accepted', parameters, limit?.origin.span ?? origin.span, { notes: [{ message }] }),
  );
}

function whomOf({ attachment, chains: [chain] }: PlacedRateLimits): string {
  const isGateway = chain !== undefined && 'portNumber' in chain;
  if (isGateway) return 'the gateway: an HTTP_FILTER of context GATEWAY';
  const whom = attachment.kind === 'gateway' ? `waypoint \`${attachment.name}\`` : 'the sidecars';
  return `${whom}: an HTTP_FILTER of context SIDECAR_INBOUND`;
}
