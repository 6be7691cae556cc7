import { podPoint } from '../../../dataplanes/capabilities.js';
import type { DestinationPolicy, Obligation, PlacedPolicy, PlacedRule } from '../../../ir/policy-ir.js';
import { portsAt } from '../../../resolve/ports.js';
import type { Workload } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import { exactSelectors, namedSelectors } from '../at-pods/selectors.js';
import { canDecide, podPorts } from '../at-waypoints/blind-spots.js';
import { attachedTo } from '../attached-to.js';
import type { PlaceContext } from '../context.js';
import { destinationSpan } from '../destination-span.js';
import { objectName } from '../object-name.js';
import { placeRule } from '../place-rule.js';

/** The policies by which external authorizers are asked about requests to one destination: at every proxy that reads them. */
export function placeExternal(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  const asking = policy.obligations.filter(({ authorizer }) => authorizer !== undefined);
  const authorizers = sortedUnique(asking.flatMap(({ authorizer }) => authorizer ?? []));
  return authorizers.flatMap((authorizer) => {
    const rules = asking.filter((each) => each.authorizer === authorizer);
    const suffix = authorizers.length === 1 ? 'external' : `external-${authorizer}`;
    return [
      ...atWaypoint(context, policy, { authorizer, rules, suffix }),
      ...atPods(context, policy, { authorizer, rules, suffix }),
    ];
  });
}

/** The rules by which one authorizer is asked, and what tells its policies from those of others. */
interface Asking {
  readonly authorizer: string;
  readonly rules: readonly Obligation[];
  readonly suffix: string;
}

function atWaypoint(
  context: PlaceContext,
  { destination, waypoint }: DestinationPolicy,
  { authorizer, rules, suffix }: Asking,
): PlacedPolicy[] {
  if (waypoint === undefined) return [];
  const placed = rules.flatMap((rule) => {
    const ports = rule.ports?.flatMap(({ service }) => service ?? []) ?? [];
    return ports.length === 0 ? [] : [placeRule(context, rule, rule.callers, ports, [], '')];
  });
  if (placed.length === 0) return [];
  const place = `waypoint ${waypoint.namespace}/${waypoint.name}`;
  return [
    {
      ...baseOf(destination, authorizer),
      name: `${destination.name}-${suffix}`,
      attachment: attachedTo(destination),
      purpose: `what requests to ${destination.name} authorizer ${authorizer} is asked about, at ${place}`,
      rules: placed,
    },
  ];
}

function atPods(
  context: PlaceContext,
  policy: DestinationPolicy,
  { authorizer, rules, suffix }: Asking,
): PlacedPolicy[] {
  const { destination, waypoint } = policy;
  const cluster = context.around(policy);
  const asks = ({ mode }: Workload) => {
    const point = podPoint[mode.plane];
    return point !== undefined && rules.every((rule) => canDecide(point, rule, cluster));
  };
  const workloads = destination.workloads.filter(asks);
  const placed = rules.flatMap((rule) => ruleAtPods(context, policy, rule, workloads));
  if (placed.length === 0) return [];
  const service = workloads.length === destination.workloads.length ? destination.service : undefined;
  const selectors = exactSelectors(context, cluster, workloads, service, destinationSpan(policy));
  const name = `${objectName(destination)}-${suffix}${waypoint ? '-sidecar' : ''}`;
  return namedSelectors(name, selectors, workloads).map(({ name, labels }) => ({
    ...baseOf(destination, authorizer),
    name,
    attachment: { kind: 'selector', labels },
    purpose: `what requests to ${destination.name} authorizer ${authorizer} is asked about, at the sidecar`,
    rules: placed,
  }));
}

function ruleAtPods(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  rule: Obligation,
  workloads: readonly Workload[],
): PlacedRule[] {
  const ports = rule.ports && portsAt(destination, rule.ports, workloads);
  if (workloads.length === 0 || ports?.length === 0) return [];
  return [placeRule(context, rule, rule.callers, podPorts({ ...rule, ports }), [], '')];
}

function baseOf({ cluster, namespace }: DestinationPolicy['destination'], authorizer: string) {
  return { cluster, namespace, effect: 'Deny', authorizer, role: 'rules', origins: [] } as const;
}
