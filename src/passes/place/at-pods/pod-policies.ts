import { type PointKind, podPoint } from '../../../dataplanes/capabilities.js';
import type { DestinationPolicy, Obligation, PlacedPolicy, PlacedRule } from '../../../ir/policy-ir.js';
import type { Effect } from '../../../parse/ast.js';
import { portsAt } from '../../../resolve/ports.js';
import { targetPortOf, type Workload } from '../../../topology/model.js';
import { groupBy, sortBy } from '../../../util/order.js';
import { isOwnDefault, type PlaceContext } from '../context.js';
import { destinationSpan } from '../destination-span.js';
import { objectName } from '../object-name.js';
import { allowAtPods } from './allow-at-pods.js';
import { closureOf, openToAll } from './closure.js';
import { denyAtPods } from './deny-at-pods.js';
import { exactSelectors, namedSelectors } from './selectors.js';

/** Pods of one destination that need the same policies. */
interface PodGroup {
  readonly points: readonly PointKind[];
  readonly workloads: readonly Workload[];
  readonly allow: readonly PlacedRule[] | undefined;
  readonly deny: readonly PlacedRule[];
}

/** The policies at the pods themselves, by selector: one for all of them where they need the same, else one a kind of pod. */
export function podPolicies(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  const groups = mergeAlike(kindsOf(policy).map((kind) => podGroup(context, policy, kind)));
  return groups.flatMap((group) => [
    ...(group.allow ? groupPolicies(context, policy, group, groups, 'Allow', group.allow) : []),
    ...(group.deny.length > 0 ? groupPolicies(context, policy, group, groups, 'Deny', group.deny) : []),
  ]);
}

interface PodKind {
  readonly point: PointKind;
  readonly workloads: readonly Workload[];
}

/** Pods differ by the proxy that decides there, and by what they call the ports of their Service (istio-security §4.4). */
function kindsOf({ destination }: DestinationPolicy): PodKind[] {
  const ports = (destination.service?.ports ?? []).filter(({ targetPort }) => typeof targetPort === 'string');
  const kinds = groupBy(
    destination.workloads,
    (workload) =>
      `${podPoint[workload.mode.plane]} ${ports.map((port) => targetPortOf(port, workload) ?? '-').join(' ')}`,
  );
  return sortBy(kinds, ([key]) => key).flatMap(([, workloads]) => {
    const point = workloads[0] && podPoint[workloads[0].mode.plane];
    return point ? [{ point, workloads }] : [];
  });
}

/** A namespace or mesh default closes the pods already; a policy without rules would only repeat it. */
function podGroup(context: PlaceContext, whole: DestinationPolicy, { point, workloads }: PodKind): PodGroup {
  const policy = narrow(whole, workloads);
  const closure = closureOf(context, whole);
  const hasOwnDefault = isOwnDefault(policy);
  const allow =
    closure === 'closed'
      ? allowAtPods(context, policy, point)
      : closure === 'reopened' && hasOwnDefault
        ? [openToAll]
        : undefined;
  const isRepeat = allow?.length === 0 && !hasOwnDefault;
  return { points: [point], workloads, allow: isRepeat ? undefined : allow, deny: denyAtPods(context, policy, point) };
}

/** The same obligations with the ports as these pods call them; one on a port that they do not have says nothing here. */
function narrow(policy: DestinationPolicy, workloads: readonly Workload[]): DestinationPolicy {
  const obligations = policy.obligations.flatMap((obligation): Obligation[] => {
    const ports = obligation.ports && portsAt(policy.destination, obligation.ports, workloads);
    const exceptPorts = portsAt(policy.destination, obligation.exceptPorts, workloads);
    return ports?.length === 0 ? [] : [{ ...obligation, ports, exceptPorts }];
  });
  return { ...policy, obligations };
}

/** Kinds of pods that need the same rules share one policy; it is only where their rules differ that each gets its own. */
function mergeAlike(groups: readonly PodGroup[]): PodGroup[] {
  const [first, ...rest] = groups;
  if (first === undefined) return [];
  const isAlike = rest.every((group) => sameRules(group.allow, first.allow) && sameRules(group.deny, first.deny));
  if (!isAlike) return [...groups];
  const points = [...new Set(groups.flatMap((group) => group.points))];
  return [{ ...first, points, workloads: groups.flatMap(({ workloads }) => workloads) }];
}

function sameRules(left: readonly PlacedRule[] | undefined, right: readonly PlacedRule[] | undefined): boolean {
  return JSON.stringify(left?.map(shapeOf)) === JSON.stringify(right?.map(shapeOf));
}

function shapeOf({ sources, ports, notPorts, conditions }: PlacedRule) {
  const values = conditions.map((condition) => [
    condition.key,
    condition.name,
    condition.isNegated,
    condition.values.map(({ value }) => value),
  ]);
  return { sources, ports, notPorts, values };
}

function groupPolicies(
  context: PlaceContext,
  policy: DestinationPolicy,
  group: PodGroup,
  groups: readonly PodGroup[],
  effect: Effect,
  rules: readonly PlacedRule[],
): PlacedPolicy[] {
  const { destination, waypoint } = policy;
  const service = groups.length === 1 ? destination.service : undefined;
  const selectors = exactSelectors(context, context.around(policy), group.workloads, service, destinationSpan(policy));
  const base = `${objectName(destination)}-${roleName(policy, effect)}${suffixOf(group, groups)}`;
  return namedSelectors(base, selectors, group.workloads).map(({ name, labels }) => ({
    cluster: destination.cluster,
    namespace: destination.namespace,
    name,
    attachment: { kind: 'selector', labels },
    effect,
    role: waypoint ? 'guard' : 'rules',
    purpose: purposeAt(policy, group, effect),
    rules,
    origins: effect === 'Allow' ? [...defaultOrigins(policy), ...guardedOrigins(policy)] : [],
  }));
}

function roleName({ waypoint }: DestinationPolicy, effect: Effect): string {
  if (waypoint) return effect === 'Deny' ? 'guard-deny' : 'guard';
  return effect.toLowerCase();
}

/** What tells the policies of several groups apart: the proxy or, where groups share one, the first of the pods. */
function suffixOf(group: PodGroup, groups: readonly PodGroup[]): string {
  if (groups.length === 1) return '';
  const point = group.points.join('-');
  const isAlone = groups.filter(({ points }) => points.join('-') === point).length === 1;
  return `-${isAlone ? point : group.workloads[0]?.name}`;
}

function purposeAt({ destination, waypoint }: DestinationPolicy, { points }: PodGroup, effect: Effect): string {
  const where = points.map((point) => (point === 'ztunnel' ? 'ztunnel' : 'the sidecar')).join(' and ');
  if (waypoint) return `guard: nothing reaches the pods of ${destination.name} around its waypoint (${where})`;
  return effect === 'Allow'
    ? `who may call ${destination.name}, decided at ${where}`
    : `who may never call ${destination.name}, decided at ${where}`;
}

/** A guard stands for what the waypoint behind it decides. */
function guardedOrigins({ waypoint, obligations }: DestinationPolicy): PlacedPolicy['origins'] {
  return waypoint ? obligations.filter(({ effect }) => effect === 'Allow').map(({ origin }) => origin) : [];
}

/** The default that asks for a policy, where it has to be one that closes. */
export function defaultOrigins({ default: fallback }: DestinationPolicy): PlacedPolicy['origins'] {
  return fallback?.value === 'Deny' ? [fallback.origin] : [];
}
