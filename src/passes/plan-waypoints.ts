import { capability, podPoint } from '../dataplanes/capabilities.js';
import { wayOutOf } from '../dataplanes/egress.js';
import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import type { DestinationPolicy, Obligation, PolicyIr, WaypointChoice } from '../ir/policy-ir.js';
import { isManaged } from '../parse/document.js';
import { destinationLabel } from '../resolve/destinations.js';
import type { Caller, Source } from '../resolve/resolved.js';
import type { ResolvedTraffic } from '../resolve/resolved-traffic.js';
import { indexSources } from '../resolve/sources.js';
import { waypointPolicyOf } from '../resolve/waypoints/waypoint-policies.js';
import { type Cluster, keyOf, type Waypoint } from '../topology/model.js';
import { asBeforeOfEach } from '../util/alike.js';
import type { Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';
import { sortedUnique } from '../util/order.js';
import { clusterOf } from './clusters.js';
import { egressRulesTo } from './egress-rules.js';
import { wishesBeyondZtunnel } from './endpoint-needs.js';
import type { Pass } from './pass.js';
import { pinnedToWaypoint, wantsWaypoint } from './pins.js';
import { mayCall } from './reach.js';
import { recordsBeyondZtunnel } from './recording-wishes.js';
import { attributesOf } from './request-attributes.js';
import { choiceOf, waypointFor } from './waypoints/waypoint-place.js';
import { appliesPolicies, refusalOf, refusalOfHidden } from './waypoints/waypoint-refusal.js';

/**
 * Decides which destinations have a waypoint in front: those that are bound to one already, and those with something
 * to enforce that their pods' own proxy cannot see. Where a new one stands the project says, and services that need none are
 * left alone.
 */
export const planWaypoints: Pass = {
  name: 'plan-waypoints',
  run: (ir, recall) => {
    const { topology, waypoints, egress } = ir;
    const lasting = recall('waypoints', '', [], asBeforeOfEach<DestinationPolicy, Result<DestinationPolicy>>);
    const choiceFor = recall('waypoints before destinations', '', [topology, waypoints, ...egress], () =>
      oncePerObject((policy: DestinationPolicy) =>
        lasting(policy, withWaypoint({ topology, waypoints, egress }, policy)),
      ),
    );
    const chosen = ir.destinations.map((policy) => choiceFor(policy));
    const planned = new Map(
      chosen.flatMap(({ value: { waypoint } }) =>
        waypoint && !waypoint.exists ? [[idOf(waypoint), waypoint] as const] : [],
      ),
    );
    return {
      value: { ...ir, destinations: chosen.map(({ value }) => follow(value, planned, recall)) },
      diagnostics: chosen.flatMap(({ diagnostics }) => diagnostics),
    };
  },
};

/** What of an IR the choice for one destination is made from. */
type Surroundings = Pick<PolicyIr, 'topology' | 'waypoints' | 'egress'>;

function withWaypoint(ir: Surroundings, policy: DestinationPolicy): Result<DestinationPolicy> {
  const diagnostics: Diagnostic[] = [];
  const waypoint = choose(ir, policy, indexSources(ir.topology).all, diagnostics);
  return { value: waypoint === policy.waypoint ? policy : { ...policy, waypoint }, diagnostics };
}

/**
 * A Service whose label waits for a waypoint is behind it as soon as it is planned, for whatever reason (W-11), unless it
 * has no virtual IP to be addressed by (W-15).
 */
function follow(
  policy: DestinationPolicy,
  planned: ReadonlyMap<string, WaypointChoice>,
  recall: Recall,
): DestinationPolicy {
  const { cluster, service } = policy.destination;
  if (policy.waypoint !== undefined || service?.hasVip !== true) return policy;
  if (service.binding.kind !== 'broken' || service.binding.reason !== 'missing') return policy;
  const waypoint = planned.get(`${cluster}/${service.binding.waypoint}`);
  if (waypoint === undefined) return policy;
  const followed = { ...waypoint, bound: true, because: [], ingress: service.ingressUsesWaypoint };
  return recall('waypoint followed by', policy.destination.id, [policy, waypoint], () => ({
    ...policy,
    waypoint: followed,
  }));
}

function idOf({ cluster, namespace, name }: WaypointChoice): string {
  return `${cluster}/${namespace}/${name}`;
}

function choose(
  ir: Surroundings,
  policy: DestinationPolicy,
  sources: readonly Source[],
  diagnostics: Diagnostic[],
): WaypointChoice | undefined {
  const { service } = policy.destination;
  if (service === undefined || !service.hasVip) return undefined;
  const cluster = clusterOf(ir.topology, policy.destination.cluster);
  const because = sortedUnique([...causes(policy, cluster, sources), ...causesOfEgress(ir, policy)]);
  const waypoint = service.binding.kind === 'bound' ? cluster.waypoints.get(service.binding.waypoint) : undefined;
  if (waypoint === undefined && because.length === 0) return undefined;
  const ingress = service.ingressUsesWaypoint || wantsIngress(policy, cluster, sources);
  const wanted = service.binding.kind === 'broken' ? service.binding.waypoint : undefined;
  const { place, isWritten } = waypointPolicyOf(ir.waypoints, service.namespace);
  const planned = waypointFor(place, cluster, service, wanted);
  const isMoved = isWritten && because.length > 0 && waypoint !== undefined && isElsewhere(waypoint, planned);
  const isKept = !isMoved && waypoint && (appliesPolicies(waypoint) || (because.length === 0 && !hasPolicies(policy)));
  const found = isKept
    ? { ...choiceOf(waypoint), bound: !isManaged(waypoint.object) }
    : (refusalOf(service, isMoved ? undefined : waypoint, place) ?? planned);
  const hidden = 'why' in found || because.length === 0 ? undefined : refusalOfHidden(service, found);
  const chosen = hidden ?? found;
  if ('why' in chosen) {
    const cause = firstCause(policy);
    const span =
      cause?.conditions[0]?.span ??
      policy.obligations[0]?.span ??
      policy.traffic?.origin.span ??
      policy.telemetry?.origin.span ??
      policy.default?.origin.span ??
      egressRulesTo(ir, policy)[0]?.rule.origin.span ??
      null;
    const details = { notes: because.map((message) => ({ message })), help: chosen.help };
    const parameters = { destination: destinationLabel(policy.destination), why: chosen.why };
    diagnostics.push(diagnostic('waypoint-refused', parameters, span, details));
    return undefined;
  }
  return { bound: wanted !== undefined, ...chosen, because, ingress };
}

/** Whether a waypoint that Ambit wrote stands where the project no longer says that one is to stand. */
function isElsewhere(waypoint: Waypoint, planned: ReturnType<typeof waypointFor>): boolean {
  return isManaged(waypoint.object) && ('why' in planned || keyOf(planned) !== keyOf(waypoint));
}

/** Why a waypoint is needed: each rule that the pods' own proxy cannot enforce, and traffic settings with ambient callers. */
function causes(policy: DestinationPolicy, cluster: Cluster, sources: readonly Source[]): string[] {
  const { traffic, telemetry, destination, audits } = policy;
  const isAmbient = destination.workloads.some(({ mode }) => mode.plane === 'ambient');
  const rules = policy.obligations.flatMap((obligation) => {
    const unseen = unseenAttributes(policy, obligation, cluster);
    if (unseen.length > 0) return [`${obligation.origin.id} ${needOf(obligation, unseen)}`];
    return isAmbient && wantsWaypoint(obligation.pin) ? [`${obligation.origin.id} ${pinnedToWaypoint}`] : [];
  });
  const records = telemetry && isAmbient ? recordsBeyondZtunnel(telemetry.telemetry, cluster) : [];
  const wishes = traffic ? [...beyondZtunnel(traffic, cluster), ...(isAmbient ? countedFor(traffic) : [])] : [];
  const isAsked =
    wishes.length > 0 && sources.some((source) => source.plane === 'ambient' && mayCall(source, policy, cluster));
  const marks = isAmbient ? audits.filter(({ named }) => named) : [];
  return sortedUnique([
    ...rules,
    ...marks.map(({ origin }) => `${origin.id} is recorded by an AUDIT policy, which ztunnel is not sent`),
    ...records.map((feature) => `${telemetry?.origin.id} asks for \`${feature}\`, which ztunnel does not give`),
    ...(isAsked ? wishes.map((wish) => `${traffic?.origin.id} ${wish}`) : []),
  ]);
}

/** Rules that let callers out of the mesh by a waypoint, which asks who they are. */
function causesOfEgress(ir: Pick<PolicyIr, 'egress'>, policy: DestinationPolicy): string[] {
  const rules = egressRulesTo(ir, policy).filter(({ callers }) =>
    callers.some(({ mode }) => wayOutOf(mode.plane).throughWaypoint),
  );
  return rules.map(
    ({ rule }) => `${rule.origin.id} lets ambient callers out of the mesh, of whom ztunnel asks nothing`,
  );
}

/** What traffic settings ask for ambient callers that ztunnel does not do. */
function beyondZtunnel(traffic: ResolvedTraffic, { settings }: Cluster): string[] {
  const ofEndpoints = wishesBeyondZtunnel(traffic, settings);
  return [
    ...(traffic.routes.length > 0 ? ['routes requests of ambient callers'] : []),
    ...ofEndpoints.map((wish) => `${wish} for ambient callers, which ztunnel does not`),
  ];
}

/** Sidecars count what comes to their pods, whoever sends it. */
function countedFor({ limits }: ResolvedTraffic): string[] {
  return limits.length > 0 ? ['limits requests to ambient pods, which ztunnel does not count'] : [];
}

function needOf({ authorizer }: Obligation, unseen: readonly string[]): string {
  if (authorizer !== undefined) return `asks \`${authorizer}\`, which ztunnel cannot`;
  return `matches on ${unseen.join(' and ')}, which ztunnel cannot see`;
}

function unseenAttributes({ destination }: DestinationPolicy, obligation: Obligation, cluster: Cluster): string[] {
  const points = new Set(destination.workloads.flatMap(({ mode }) => podPoint[mode.plane] ?? []));
  const { istio } = cluster.settings;
  const unseen = attributesOf(obligation)
    .filter((key) => capability('waypoint', key, istio).enforced)
    .filter((key) => [...points].some((point) => !capability(point, key, istio).enforced));
  return sortedUnique(unseen);
}

function firstCause({ obligations }: DestinationPolicy): Obligation | undefined {
  return obligations.find(({ layer }) => layer === 'L7');
}

/** Gateways come through the waypoint as soon as one of them may call: past it, nothing would read their requests. */
function wantsIngress(policy: DestinationPolicy, cluster: Cluster, sources: readonly Source[]): boolean {
  const isCounted = (policy.traffic?.limits.length ?? 0) > 0;
  const hasRequests = isCounted || policy.audits.length > 0 || policy.obligations.some(({ layer }) => layer === 'L7');
  if (!hasRequests && !policy.obligations.some(({ callers }) => callers.some(isGateway))) return false;
  return sources.some((source) => source.plane === 'gateway' && mayCall(source, policy, cluster));
}

function isGateway(caller: Caller): boolean {
  return caller.kind === 'identities' && caller.members.some(({ plane }) => plane === 'gateway');
}

function hasPolicies({ obligations, audits, default: fallback, traffic, telemetry }: DestinationPolicy): boolean {
  return (
    obligations.length + audits.length > 0 ||
    fallback?.value === 'Deny' ||
    traffic !== undefined ||
    telemetry !== undefined
  );
}
