import type { DestinationPolicy, Enrolment, PlannedWaypoint } from '../../../ir/policy-ir.js';
import type { Destination, Origin } from '../../../resolve/resolved.js';
import { isToBeWritten } from '../../../resolve/traffic/outside/outside-hosts.js';
import { waypointPolicyOf } from '../../../resolve/waypoints/waypoint-policies.js';
import { isHostOfEntry } from '../../../topology/entry-host.js';
import { type Cluster, keyOf, type Service } from '../../../topology/model.js';
import { oncePerObject } from '../../../util/once.js';
import { groupBy, sortBy, sortedUnique } from '../../../util/order.js';
import { egressRulesTo } from '../../egress-rules.js';
import type { PlaceContext } from '../context.js';
import { nearPodsAnnotation } from '../endpoints/near-pods.js';

/** The waypoints that have to be created, each with every reason for it. */
export function plannedWaypoints(context: PlaceContext): PlannedWaypoint[] {
  const planned = context.ir.destinations.filter(({ waypoint }) => waypoint !== undefined && !waypoint.exists);
  const groups = groupBy(planned, ({ waypoint }) => `${waypoint?.cluster}/${waypoint?.namespace}/${waypoint?.name}`);
  return sortBy(groups, ([key]) => key).flatMap(([, policies]) => {
    const [first] = policies;
    if (first?.waypoint === undefined) return [];
    const { cluster, namespace, name } = first.waypoint;
    const { revision } = context.clusterOf(first).settings.istio;
    const { place, pods } = waypointPolicyOf(context.ir.waypoints, first.destination.namespace);
    const planned = { cluster, namespace, name, revision, placement: place.kind, pods };
    const behind = policies.map(({ destination }) => destination);
    return [
      {
        ...planned,
        services: sortedUnique(behind.map(keyOf)),
        admits: sortedUnique([...behind, ...namingIt(context.clusterOf(first), planned)].map((each) => each.namespace)),
        because: sortedUnique(policies.flatMap(({ waypoint }) => waypoint?.because ?? [])),
        origins: policies.flatMap((policy) => causesOf(context, policy)),
      },
    ];
  });
}

/** The Services whose label names a waypoint, whether or not anything is to be enforced for them: it goes on to admit them. */
function namingIt(
  { services }: Cluster,
  waypoint: { readonly namespace: string; readonly name: string },
): readonly Service[] {
  return servicesByWaypoint(services).get(keyOf(waypoint)) ?? [];
}

const servicesByWaypoint = oncePerObject((services: Cluster['services']) =>
  groupBy(services.values(), ({ binding }) =>
    binding.kind === 'bound' || binding.kind === 'broken' ? binding.waypoint : undefined,
  ),
);

/** What Services and ServiceEntries need that Ambit did not write: the labels that send their traffic through a waypoint, and wishes of their own. */
export function enrolments(context: PlaceContext): Enrolment[] {
  return context.ir.destinations.flatMap((policy) => {
    if (policy.waypoint === undefined && policy.traffic === undefined) return [];
    const { cluster, namespace, name } = policy.destination;
    if (isToBeWritten(policy.destination, context.ir.topology)) return [];
    const labels = waypointLabels(policy);
    const annotations = nearPodsAnnotation(context, policy);
    const purposes = [
      ...(Object.keys(labels).length > 0
        ? [`sends traffic for ${name} through waypoint ${policy.waypoint?.namespace}/${policy.waypoint?.name}`]
        : []),
      ...(Object.keys(annotations).length > 0 ? ['makes callers prefer pods that are near'] : []),
    ];
    if (purposes.length === 0) return [];
    const owned = Object.keys(annotations).length > 0 ? 'nothing else of it is' : 'only these labels are';
    const purpose = `${purposes.join(', and ')}; ${owned} Ambit's`;
    const enrolled = objectOf(policy.destination);
    return [{ cluster, namespace, ...enrolled, labels, annotations, purpose, origins: causesOf(context, policy) }];
  });
}

function objectOf({ name, service }: Destination): Pick<Enrolment, 'kind' | 'name'> {
  const isOutside = service !== undefined && isHostOfEntry(service);
  return isOutside ? { kind: 'ServiceEntry', name: service.object.name } : { kind: 'Service', name };
}

/** The labels that send a service's traffic through its waypoint, where they are not there yet or Ambit's own. */
export function waypointLabels({ waypoint, destination }: DestinationPolicy): Enrolment['labels'] {
  const { service } = destination;
  if (waypoint === undefined || service === undefined) return {};
  const namesNamespace = service.labels['istio.io/use-waypoint-namespace'] !== undefined;
  const isWrittenAgain = !waypoint.bound && service.binding.kind === 'bound';
  const hasIngress = service.ingressUsesWaypoint && !isWrittenAgain;
  return {
    ...(waypoint.bound ? {} : { 'istio.io/use-waypoint': waypoint.name }),
    ...(!waypoint.bound && (waypoint.namespace !== destination.namespace || namesNamespace)
      ? { 'istio.io/use-waypoint-namespace': waypoint.namespace }
      : {}),
    ...(waypoint.ingress && !hasIngress ? { 'istio.io/ingress-use-waypoint': 'true' } : {}),
  };
}

function causesOf({ ir }: PlaceContext, policy: DestinationPolicy): Origin[] {
  const { obligations, traffic } = policy;
  const requests = obligations.filter(({ layer }) => layer === 'L7').map(({ origin }) => origin);
  const egress = egressRulesTo(ir, policy).map(({ rule }) => rule.origin);
  return [...requests, ...(traffic ? [traffic.origin] : []), ...egress];
}
