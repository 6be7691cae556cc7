import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { type ManifestObject, type Path, spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { keyOf } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';
import { homeOf, isRouteOf, items } from './route-objects.js';

/**
 * A waypoint without a route for a Service takes the routes of a sidecar, which EnvoyFilters patch; with one it makes them of
 * that, and no patch of routes is applied any more (istio-traffic-topology S-07).
 */
export function checkFilters(context: PlaceContext, policy: DestinationPolicy, traffic: ResolvedTraffic): void {
  const { destination, waypoint } = policy;
  if (waypoint === undefined || hasRoute(context, policy)) return;
  for (const filter of context.clusterOf(policy).extensions.filter(({ kind }) => kind === 'EnvoyFilter')) {
    const patch = isFor(filter, policy) ? patchedRoutes(filter, destination.service?.host ?? '') : undefined;
    if (patch === undefined) continue;
    const parameters = {
      filter: keyOf({ namespace: homeOf(filter), name: filter.name }),
      waypoint: keyOf(waypoint),
      destination: destinationLabel(destination),
    };
    const notes = [{ message: 'what it patches', span: spanIn(filter, patch) }];
    context.report(diagnostic('filter-unhooked', parameters, traffic.origin.span, { notes }));
  }
}

/** Whether there is a route already: then nothing changes. */
function hasRoute(context: PlaceContext, policy: DestinationPolicy): boolean {
  const { destination } = policy;
  return context.clusterOf(policy).routes.some((route) => isRouteOf(route, destination, policy.waypoint?.namespace));
}

/** Whether it is for the waypoint: by its Gateway, or by the Service. */
function isFor(filter: ManifestObject, { destination, waypoint }: DestinationPolicy): boolean {
  const { targetRefs } = Object(filter.value.spec);
  const isNear = (namespace: string | undefined) => homeOf(filter) === namespace;
  return items(targetRefs).some(({ kind, name }) => {
    if (kind === 'Gateway') return name === waypoint?.name && isNear(waypoint?.namespace);
    return kind === 'Service' && name === destination.name && isNear(destination.namespace);
  });
}

const ofRoutes: readonly unknown[] = ['HTTP_ROUTE', 'VIRTUAL_HOST', 'ROUTE_CONFIGURATION'];

/** The first patch of routes that may be for a host; the name of a route configuration ends with it. */
function patchedRoutes(filter: ManifestObject, host: string): Path | undefined {
  const patches = items(Object(filter.value.spec).configPatches);
  const index = patches.findIndex(({ applyTo, match }) => {
    const { context, routeConfiguration } = Object(match);
    const { name } = Object(routeConfiguration);
    const isInbound = [undefined, 'ANY', 'SIDECAR_INBOUND'].includes(context);
    return ofRoutes.includes(applyTo) && isInbound && (name === undefined || String(name).endsWith(`|${host}`));
  });
  return index < 0 ? undefined : ['spec', 'configPatches', index];
}
