import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { weightControllers } from '../../../topology/rollouts/weight-controllers.js';
import type { PlaceContext } from '../context.js';

/**
 * Flagger writes the route of its Service and the DestinationRules of its versions as a whole, so that nobody else can have a part
 * in them (istio-traffic-topology F-52).
 */
export function checkCanaries(context: PlaceContext, policy: DestinationPolicy): void {
  const { destination, traffic } = policy;
  if (traffic === undefined) return;
  for (const { object, namespace, service, writesRoutes } of weightControllers(context.clusterOf(policy)).canaries) {
    if (!writesRoutes || namespace !== destination.namespace || service !== destination.name) continue;
    const parameters = { canary: `${namespace}/${object.name}`, destination: destinationLabel(destination) };
    const notes = [{ message: 'the settings are here', span: traffic.origin.span }];
    context.report(diagnostic('routes-of-flagger', parameters, spanIn(object, ['metadata', 'name']), { notes }));
  }
}
