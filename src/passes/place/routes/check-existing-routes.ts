import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { isManaged, spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { keyOf } from '../../../topology/model.js';
import { controllerOf } from '../../../topology/rollouts/weight-controllers.js';
import type { PlaceContext } from '../context.js';
import { controllerHelp } from '../rollouts/controller-help.js';
import { homeOf, isRouteOf } from './route-objects.js';

/** Two owners of one service's routes are not defined: who routes it already has to give way, or the settings have. */
export function checkExistingRoutes(
  context: PlaceContext,
  policy: DestinationPolicy,
  traffic: ResolvedTraffic,
  waypointNamespace: string | undefined,
): void {
  const { destination } = policy;
  const cluster = context.clusterOf(policy);
  for (const route of cluster.routes) {
    if (isManaged(route) || !isRouteOf(route, destination, waypointNamespace)) continue;
    const parameters = {
      route: `${route.kind} ${keyOf({ namespace: homeOf(route), name: route.name })}`,
      destination: destinationLabel(destination),
    };
    const notes = [{ message: 'the settings are here', span: traffic.origin.span }];
    const details = { notes, ...controllerHelp(controllerOf(cluster, route)) };
    context.report(diagnostic('route-exists', parameters, spanIn(route, ['metadata', 'name']), details));
  }
}
