import type { DestinationPolicy, Enrolment, PlannedWaypoint } from '../../../ir/policy-ir.js';
import type { Origin } from '../../../resolve/resolved.js';
import { groupBy, sortBy, sortedUnique } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';

/** The waypoints that have to be created, each with every reason for it. */
export function plannedWaypoints(context: PlaceContext): PlannedWaypoint[] {
  const planned = context.ir.destinations.filter(({ waypoint }) => waypoint !== undefined && !waypoint.exists);
  const groups = groupBy(planned, ({ waypoint }) => `${waypoint?.cluster}/${waypoint?.namespace}/${waypoint?.name}`);
  return sortBy(groups, ([key]) => key).flatMap(([, policies]) => {
    const [first] = policies;
    if (first?.waypoint === undefined) return [];
    const { cluster, namespace, name } = first.waypoint;
    const { revision } = context.clusterOf(first).settings.istio;
    const because = sortedUnique(policies.flatMap(({ waypoint }) => waypoint?.because ?? []));
    return [{ cluster, namespace, name, revision, because, origins: policies.flatMap(causesOf) }];
  });
}

/** The labels that send a service's traffic through its waypoint, where they are not there yet or Ambit's own. */
export function enrolments(context: PlaceContext): Enrolment[] {
  return context.ir.destinations.flatMap((policy) => {
    const { waypoint, destination } = policy;
    const { service } = destination;
    if (waypoint === undefined || service === undefined) return [];
    const isWrittenAgain = !waypoint.bound && service.binding.kind === 'bound';
    const hasIngress = service.ingressUsesWaypoint && !isWrittenAgain;
    const labels = {
      ...(waypoint.bound ? {} : { 'istio.io/use-waypoint': waypoint.name }),
      ...(!waypoint.bound && waypoint.namespace !== destination.namespace
        ? { 'istio.io/use-waypoint-namespace': waypoint.namespace }
        : {}),
      ...(waypoint.ingress && !hasIngress ? { 'istio.io/ingress-use-waypoint': 'true' } : {}),
    };
    if (Object.keys(labels).length === 0) return [];
    const purpose = `sends traffic for ${destination.name} through waypoint ${waypoint.namespace}/${waypoint.name}; only these labels are Ambit's`;
    return [
      {
        cluster: destination.cluster,
        namespace: destination.namespace,
        service: destination.name,
        labels,
        purpose,
        origins: causesOf(policy),
      },
    ];
  });
}

function causesOf({ obligations, traffic }: DestinationPolicy): Origin[] {
  const requests = obligations.filter(({ layer }) => layer === 'L7').map(({ origin }) => origin);
  return [...requests, ...(traffic ? [traffic.origin] : [])];
}
