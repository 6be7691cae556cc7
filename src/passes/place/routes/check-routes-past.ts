import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, PolicyIr } from '../../../ir/policy-ir.js';
import { type ManifestObject, spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { type Cluster, keyOf, type Service } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';
import { homeOf, isRouteOf, parentsOf } from './route-objects.js';
import { keyNamed, routesByBackend } from './routes-by-backend.js';

/**
 * A waypoint evaluates the policies of the Service that a request was addressed to, and not those of the one that a route
 * sends it to (T-23); and the pods admit the waypoint. Whoever may call the first reaches the second past its rules.
 */
export function checkRoutesPast(context: PlaceContext, policy: DestinationPolicy): void {
  const { waypoint, destination, obligations } = policy;
  const isProtected = policy.default?.value === 'Deny' || obligations.some(({ effect }) => effect === 'Deny');
  if (waypoint === undefined || !isProtected || context.around(policy).routes.length === 0) return;
  const cluster = context.clusterOf(policy);
  const at = `${waypoint.namespace}/${waypoint.name}`;
  for (const route of routesByBackend(cluster).get(keyOf(destination)) ?? []) {
    const other = servicesOf(cluster, route).find(
      (service) =>
        !service.workloads.some((key) => destination.service?.workloads.includes(key)) &&
        isRouteOf(route, { service, name: service.name, namespace: service.namespace }, waypoint.namespace) &&
        waypointOf(context.ir, service) === at,
    );
    if (other) reportPast(context, policy, route, other);
  }
}

/** The Services that a route may be for: those that it names, or all where it names them by a wildcard. */
function servicesOf(cluster: Cluster, route: ManifestObject): readonly Service[] {
  const names = parentsOf(route);
  if (names.some((name) => name.startsWith('*'))) return [...cluster.services.values()];
  return names.flatMap((name) => cluster.services.get(keyNamed(cluster, route, name)) ?? []);
}

/** The waypoint in front of a Service: the one that it is bound to, or that is planned for it. */
function waypointOf({ destinations }: PolicyIr, service: Service): string | undefined {
  const { binding } = service;
  if (binding.kind === 'bound') return binding.waypoint;
  const planned = destinations.find(({ destination }) => destination.service === service)?.waypoint;
  return planned && `${planned.namespace}/${planned.name}`;
}

function reportPast(
  context: PlaceContext,
  { destination, waypoint, default: fallback, obligations }: DestinationPolicy,
  route: ManifestObject,
  other: Service,
): void {
  const parameters = {
    route: `${route.kind} ${keyOf({ namespace: homeOf(route), name: route.name })}`,
    other: keyOf(other),
    destination: destinationLabel(destination),
  };
  const span = fallback?.origin.span ?? obligations[0]?.span;
  const details = {
    witness: `a request to ${keyOf(other)} that the route sends on arrives at a pod of ${keyOf(destination)} as waypoint ${waypoint?.namespace}/${waypoint?.name}`,
    notes: [
      { message: 'a waypoint evaluates the policies of the Service that was addressed (istio-traffic-topology T-23)' },
      ...(span ? [{ message: 'what the route goes past', span }] : []),
    ],
  };
  context.report(diagnostic('route-past-policies', parameters, spanIn(route, ['metadata', 'name']), details));
}
