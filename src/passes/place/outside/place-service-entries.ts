import type { PlacedServiceEntry } from '../../../ir/placed-traffic.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import type { JsonObject } from '../../../parse/document.js';
import { isToBeWritten } from '../../../resolve/traffic/outside/outside-hosts.js';
import { egressRulesTo } from '../../egress-rules.js';
import { waypointLabels } from '../at-waypoints/place-waypoints.js';
import type { PlaceContext } from '../context.js';
import { exportedToSome } from '../reachability/exported-to-some.js';
import { checkEntry } from './check-entry.js';

/** The ServiceEntries of hosts that none of the manifests makes known: one a host, whoever leads requests to it. */
export function placeServiceEntries(context: PlaceContext): PlacedServiceEntry[] {
  const { destinations, topology } = context.ir;
  for (const policy of destinations) checkEntry(context, policy);
  return destinations
    .filter(({ destination }) => isToBeWritten(destination, topology))
    .flatMap((policy) => entryOf(context, policy));
}

function entryOf(context: PlaceContext, policy: DestinationPolicy): PlacedServiceEntry[] {
  const { ir } = context;
  const { destination, traffic, waypoint } = policy;
  const { service } = destination;
  const origin = traffic?.origin ?? egressRulesTo(ir, policy)[0]?.rule.origin;
  if (service === undefined || origin === undefined) return [];
  // What a namespace or the mesh says of exports is about Services.
  const exportTo = traffic?.readers && exportedToSome(context, policy);
  const through = waypoint ? `, and leads ambient callers through waypoint ${waypoint.namespace}/${waypoint.name}` : '';
  return [
    {
      cluster: destination.cluster,
      namespace: destination.namespace,
      name: service.object.name,
      spec: { ...(service.object.value.spec as JsonObject), ...(exportTo && { exportTo }) },
      labels: waypointLabels(policy),
      purpose: `makes host ${service.host} known to the mesh${through}`,
      origin,
    },
  ];
}
