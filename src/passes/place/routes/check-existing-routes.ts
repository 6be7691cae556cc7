import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { isManaged, type ManifestObject, spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Destination, ResolvedTraffic } from '../../../resolve/resolved.js';
import { keyOf } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';
import { homeOf, isVisibleIn, matchesHost, namesService } from './route-objects.js';

/** Two owners of one service's routes are not defined: who routes it already has to give way, or the settings have. */
export function checkExistingRoutes(
  context: PlaceContext,
  policy: DestinationPolicy,
  traffic: ResolvedTraffic,
  waypointNamespace: string | undefined,
): void {
  const { destination } = policy;
  for (const route of context.clusterOf(policy).routes) {
    if (isManaged(route) || !routesService(route, destination, waypointNamespace)) continue;
    const parameters = {
      route: `${route.kind} ${keyOf({ namespace: homeOf(route), name: route.name })}`,
      destination: destinationLabel(destination),
    };
    const notes = [{ message: 'the settings are here', span: traffic.origin.span }];
    context.report(diagnostic('route-exists', parameters, spanIn(route, ['metadata', 'name']), { notes }));
  }
}

function routesService(
  route: ManifestObject,
  destination: Destination,
  waypointNamespace: string | undefined,
): boolean {
  if (route.kind === 'DestinationRule') return false;
  return route.kind === 'VirtualService'
    ? isVirtualServiceFor(route, destination, waypointNamespace)
    : hasParent(route, destination);
}

/** At a waypoint a host with a wildcard competes as well, from the Service's namespace and the waypoint's (T-01, T-02). */
function isVirtualServiceFor(
  route: ManifestObject,
  destination: Destination,
  waypointNamespace: string | undefined,
): boolean {
  const { hosts, gateways } = Object(route.value.spec);
  const written: unknown[] = Array.isArray(hosts) ? hosts : [];
  if (Array.isArray(gateways) && !gateways.includes('mesh')) return false;
  if (written.some((host) => namesService(route, host, destination))) return true;
  if (waypointNamespace === undefined) return false;
  const isCandidate = [destination.namespace, waypointNamespace].includes(homeOf(route));
  const isSeen = isCandidate && isVisibleIn(route, waypointNamespace);
  return isSeen && written.some((host) => matchesHost(host, destination.service?.host ?? ''));
}

/** A parent is a Service only with the empty group: without one it is a Gateway of that name, which routes nothing here. */
function hasParent(route: ManifestObject, { name, namespace }: Destination): boolean {
  const { parentRefs } = Object(route.value.spec);
  const parents: unknown[] = Array.isArray(parentRefs) ? parentRefs : [];
  return parents
    .map(Object)
    .some(
      (parent) =>
        parent.group === '' &&
        parent.kind === 'Service' &&
        parent.name === name &&
        (parent.namespace ?? homeOf(route)) === namespace,
    );
}
