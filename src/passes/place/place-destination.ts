import { type PointKind, podPoint } from '../../dataplanes/capabilities.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Span } from '../../diagnostics/diagnostic.js';
import type { DestinationPolicy, PlacedPolicy, PlacedRule, PolicyRole } from '../../ir/policy-ir.js';
import type { Effect } from '../../parse/ast.js';
import { destinationLabel } from '../../resolve/destinations.js';
import { holds } from '../../resolve/scopes.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { checkCallers } from './check-callers.js';
import { checkExistingPolicies } from './check-existing.js';
import type { PlaceContext } from './context.js';
import { allowAtPods, atWaypoint, denyAtPods } from './place-at-pods.js';
import { exactSelectors } from './selectors.js';

/** Every policy that one destination needs: at its waypoint, and at the proxies of its pods, plane by plane. */
export function placeDestination(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  for (const obligation of policy.obligations) checkCallers(context, policy, obligation);
  checkRequests(context, policy);
  checkMeshed(context, policy);
  checkExistingPolicies(context, policy);
  return [...waypointPolicies(context, policy), ...podPolicies(context, policy)];
}

/** What a default means for the policies of one destination. */
type Closure =
  /** Nothing but what the rules allow. */
  | 'closed'
  /** A wider default denies; this destination is open all the same, which has to be said. */
  | 'reopened'
  /** Nothing denies by default. */
  | 'open';

function closureOf(context: PlaceContext, { destination, default: fallback }: DestinationPolicy): Closure {
  if (fallback?.value === 'Deny') return 'closed';
  const isDeniedAbove = context.ir.defaults.some(({ value, scope }) => value === 'Deny' && holds(scope, destination));
  return isDeniedAbove ? 'reopened' : 'open';
}

const openToAll: PlacedRule = { origins: [], sources: undefined, ports: undefined, conditions: [], why: ['open by its own default, under a wider one that denies'] };

function waypointPolicies(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  const { waypoint, destination } = policy;
  if (waypoint === undefined) return [];
  const closure = closureOf(context, policy);
  const allow = closure === 'closed' ? atWaypoint(context, policy, 'Allow') : closure === 'reopened' ? [openToAll] : undefined;
  const deny = atWaypoint(context, policy, 'Deny');
  const attachment = { kind: 'service', name: destination.name } as const;
  const place = `decided at waypoint ${waypoint.namespace}/${waypoint.name}`;
  const base = { cluster: destination.cluster, namespace: destination.namespace, attachment, role: 'rules' } as const;
  return [
    ...(allow ? [{ ...base, name: `${destination.name}-allow`, effect: 'Allow' as const, purpose: `what requests ${destination.name} accepts, ${place}`, rules: allow, origins: defaultOrigins(policy) }] : []),
    ...(deny.length > 0 ? [{ ...base, name: `${destination.name}-deny`, effect: 'Deny' as const, purpose: `what requests ${destination.name} never accepts, ${place}`, rules: deny, origins: [] }] : []),
  ];
}

function defaultOrigins({ default: fallback }: DestinationPolicy): PlacedPolicy['origins'] {
  return fallback?.value === 'Deny' ? [fallback.origin] : [];
}

interface PodGroup {
  readonly points: readonly PointKind[];
  readonly workloads: readonly Workload[];
  readonly allow: readonly PlacedRule[] | undefined;
  readonly deny: readonly PlacedRule[];
}

function podPolicies(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  const groups = mergeAlike(pointsOf(policy).map((point) => podGroup(context, policy, point)));
  return groups.flatMap((group) => [
    ...(group.allow ? groupPolicies(context, policy, group, 'Allow', group.allow, groups.length > 1) : []),
    ...(group.deny.length > 0 ? groupPolicies(context, policy, group, 'Deny', group.deny, groups.length > 1) : []),
  ]);
}

function pointsOf({ destination }: DestinationPolicy): PointKind[] {
  const points = new Set(destination.workloads.flatMap(({ mode }) => podPoint[mode.plane] ?? []));
  return [...points].sort();
}

function podGroup(context: PlaceContext, policy: DestinationPolicy, point: PointKind): PodGroup {
  const workloads = policy.destination.workloads.filter(({ mode }) => podPoint[mode.plane] === point);
  const closure = closureOf(context, policy);
  const hasOwnDefault = policy.default?.scope.kind === 'service' || policy.default?.scope.kind === 'workload';
  const allow = closure === 'closed' ? allowAtPods(context, policy, point) : closure === 'reopened' && hasOwnDefault ? [openToAll] : undefined;
  // A namespace or mesh default closes the pods already; a policy without rules would only repeat it.
  const isRepeat = allow?.length === 0 && !hasOwnDefault;
  return { points: [point], workloads, allow: isRepeat ? undefined : allow, deny: denyAtPods(context, policy, point) };
}

/** Planes that need the same rules share one policy; it is only where their rules differ that each gets its own. */
function mergeAlike(groups: readonly PodGroup[]): PodGroup[] {
  const [first, ...rest] = groups;
  if (first === undefined) return [];
  const isAlike = rest.every((group) => sameRules(group.allow, first.allow) && sameRules(group.deny, first.deny));
  if (!isAlike) return [...groups];
  return [{ ...first, points: groups.flatMap(({ points }) => points), workloads: groups.flatMap(({ workloads }) => workloads) }];
}

function sameRules(left: readonly PlacedRule[] | undefined, right: readonly PlacedRule[] | undefined): boolean {
  const shape = (rules: typeof left) =>
    JSON.stringify(rules?.map(({ sources, ports, notPorts, conditions }) => ({ sources, ports, notPorts, values: conditions.map(({ key, header, values }) => [key, header, values.map(({ value }) => value)]) })));
  return shape(left) === shape(right);
}

function groupPolicies(context: PlaceContext, policy: DestinationPolicy, group: PodGroup, effect: Effect, rules: readonly PlacedRule[], isSplit: boolean): PlacedPolicy[] {
  const { destination, waypoint } = policy;
  const isWhole = group.workloads.length === destination.workloads.length;
  const selectors = exactSelectors(context, context.clusterOf(policy), group.workloads, isWhole ? destination.service : undefined, blameOf(policy));
  const role: PolicyRole = waypoint ? 'guard' : 'rules';
  const base = `${destination.name}-${waypoint ? 'guard' : effect.toLowerCase()}${waypoint && effect === 'Deny' ? '-deny' : ''}${isSplit ? `-${group.points.join('-')}` : ''}`;
  return selectors.map((labels, index) => ({
    cluster: destination.cluster,
    namespace: destination.namespace,
    name: selectors.length > 1 ? `${base}-${group.workloads[index]?.name ?? index}` : base,
    attachment: { kind: 'selector', labels },
    effect,
    role,
    purpose: purposeAt(policy, group, effect),
    rules,
    origins: effect === 'Allow' ? defaultOrigins(policy) : [],
  }));
}

function purposeAt({ destination, waypoint }: DestinationPolicy, { points }: PodGroup, effect: Effect): string {
  const where = points.map((point) => (point === 'ztunnel' ? 'ztunnel' : 'the sidecar')).join(' and ');
  if (waypoint) return `guard: nothing reaches the pods of ${destination.name} around its waypoint (${where})`;
  return effect === 'Allow' ? `who may call ${destination.name}, decided at ${where}` : `who may never call ${destination.name}, decided at ${where}`;
}

export function blameOf({ obligations, default: fallback, traffic, plaintext }: DestinationPolicy): Span | null {
  return (obligations[0] ?? plaintext[0])?.span ?? fallback?.origin.span ?? traffic?.origin.span ?? null;
}

/** A rule about requests on a port that only pods have, or about hosts in a form that Envoy cannot match exactly. */
function checkRequests(context: PlaceContext, { destination, obligations }: DestinationPolicy): void {
  const isAmbient = destination.workloads.some(({ mode }) => podPoint[mode.plane] === 'ztunnel');
  for (const { layer, ports, conditions, effect, span } of obligations) {
    const hidden = ports?.find(({ service }) => service === undefined);
    if (layer === 'L7' && isAmbient && hidden && destination.service?.hasVip) {
      context.report(diagnostic('requests-at-pods', { port: hidden.label, destination: destinationLabel(destination) }, conditions[0]?.span ?? span));
    }
    const suffix = conditions.find(({ key }) => key === 'hosts')?.values.find(({ value }) => value.startsWith('*'));
    if (effect === 'Deny' && suffix) {
      const witness = `a request with Host: ${suffix.value.replace('*', 'a')}:8443 is let through`;
      context.report(diagnostic('suffix-host-in-deny', { host: suffix.value }, suffix.span, { witness }));
    }
  }
}

function checkMeshed(context: PlaceContext, policy: DestinationPolicy): void {
  const { destination, obligations } = policy;
  for (const workload of destination.workloads) {
    if (podPoint[workload.mode.plane] !== undefined) continue;
    const [first] = obligations;
    const gap = `nothing enforces it in front of ${keyOf(workload)}`;
    const accepted = first !== undefined && obligations.every((obligation) => context.accepts(obligation, 'unmeshedWorkloads', gap));
    if (accepted) continue;
    const notes = [{ message: `why: ${workload.mode.because} (istio-traffic-topology ${workload.mode.fact})` }];
    const witness = `anybody who can reach the pod sends it any request`;
    context.report(diagnostic('unmeshed-destination', { workload: keyOf(workload) }, blameOf(policy), { label: 'nobody would enforce this', witness, notes }));
  }
}
