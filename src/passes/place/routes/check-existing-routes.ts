import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { isManaged, type ManifestObject, spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Destination } from '../../../resolve/resolved.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { portsLedBy } from '../../../topology/led-ports.js';
import { keyOf } from '../../../topology/model.js';
import { controllerOf } from '../../../topology/rollouts/weight-controllers.js';
import type { PlaceContext } from '../context.js';
import { controllerHelp } from '../rollouts/controller-help.js';
import { connectionRules } from './connection-rules.js';
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
    const ports = otherPortsOf(route, destination, traffic);
    if (ports.length > 0) {
      context.report(
        diagnostic('ports-led-by-others', { ...parameters, ports: ports.join(', ') }, traffic.origin.span),
      );
      continue;
    }
    const notes = [{ message: 'the settings are here', span: traffic.origin.span }];
    const details = { notes, ...controllerHelp(controllerOf(cluster, route)) };
    context.report(diagnostic('route-exists', parameters, spanIn(route, ['metadata', 'name']), details));
  }
}

/** The ports that a route leads connections to, where settings say nothing of any: no request comes there. */
function otherPortsOf(route: ManifestObject, { service }: Destination, traffic: ResolvedTraffic): readonly number[] {
  const led = (service && portsLedBy(route, service)) ?? [];
  const said = connectionRules(traffic, service).map(({ port }) => port);
  const isOther = (port: number) =>
    !said.includes(port) && service?.ports.some(({ number, layer }) => number === port && layer === 'tcp') === true;
  return led.every(isOther) ? led : [];
}
