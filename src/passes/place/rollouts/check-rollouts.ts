import { diagnostic } from '../../../diagnostics/create.js';
import type {
  PlacedDestinationRule,
  PlacedGatewayRoute,
  PlacedRoute,
  VersionService,
} from '../../../ir/placed-traffic.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { placesOf } from '../../../resolve/traffic/route-places.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import type { ArgoRollout } from '../../../topology/rollouts/argo-rollout.js';
import { rolloutOf } from '../../../topology/rollouts/weight-controllers.js';
import type { PlaceContext } from '../context.js';
import { faultsOf } from './rollout-faults.js';
import { objectOfGateway, objectsOf } from './routing-objects.js';

/** What the settings of one Service become. */
export interface PlacedDestination {
  readonly policy: DestinationPolicy;
  readonly routes: readonly PlacedRoute[];
  readonly rules: readonly PlacedDestinationRule[];
  readonly versions: readonly VersionService[];
}

/** A Rollout of Argo finds what it changes by names: it has to name what is written, and to leave the rest of it alone (F-50, F-51). */
export function checkRollouts(
  context: PlaceContext,
  { policy, routes, rules, versions }: PlacedDestination,
  gatewayRoutes: readonly PlacedGatewayRoute[],
): void {
  const { destination, traffic } = policy;
  if (traffic === undefined) return;
  const leading = gatewayRoutes.filter((route) => leadsTo(route, policy));
  const site = {
    objects: [...routes.flatMap(objectsOf), ...leading.map((route) => objectOfGateway(route, destination))],
    destinationRule: rules.find(({ subsets }) => subsets.length > 0),
    services: versions,
    whole: destination.name,
  };
  for (const rollout of rolloutsOf(policy, context.clusterOf(policy))) {
    for (const { why, help, path } of faultsOf(rollout, site)) {
      const parameters = {
        rollout: keyOf({ namespace: destination.namespace, name: rollout.object.name }),
        destination: destinationLabel(destination),
        why,
      };
      const notes = [{ message: 'the settings are here', span: traffic.origin.span }];
      context.report(diagnostic('rollout-disagrees', parameters, spanIn(rollout.object, path), { notes, help }));
    }
  }
}

function rolloutsOf({ destination }: DestinationPolicy, cluster: Cluster): readonly ArgoRollout[] {
  return [...new Set(destination.workloads.flatMap((workload) => rolloutOf(cluster, workload) ?? []))];
}

function leadsTo({ cluster, rules }: PlacedGatewayRoute, { destination }: DestinationPolicy): boolean {
  return (
    cluster === destination.cluster &&
    rules.some(({ route }) =>
      placesOf(route).some(({ place }) => place.kind === 'service' && keyOf(place) === keyOf(destination)),
    )
  );
}
