import type { PointKind } from '../../dataplanes/capabilities.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { DestinationPolicy, Obligation, PlacedRule } from '../../ir/policy-ir.js';
import type { Acceptance } from '../../parse/ast.js';
import { destinationLabel } from '../../resolve/destinations.js';
import type { Caller } from '../../resolve/resolved.js';
import { keyOf } from '../../topology/model.js';
import { sortedUnique } from '../../util/order.js';
import { withPorts } from './hosts.js';
import { arrives, type Bypass, blindPorts, bypasses, canDecide, podPorts } from './blind-spots.js';
import type { PlaceContext } from './context.js';
import { refuseBypass } from './refuse-bypass.js';
import { exceptIdentities, identitySources, sourceMatches } from './source-match.js';

const viaWaypoint = 'L4, but its callers arrive through the waypoint';

/** The rules that admit callers at the pods themselves: for everyone who does not come through a waypoint. */
export function allowAtPods(context: PlaceContext, policy: DestinationPolicy, point: PointKind): PlacedRule[] {
  const allows = policy.obligations.filter(({ effect }) => effect === 'Allow');
  const admissions = allows.flatMap((obligation) => admitAtPods(context, policy, obligation, point));
  return [...waypointItself(context, policy), ...admissions];
}

/** The waypoint has already decided about everything that it forwards (istio-security §4.3). */
function waypointItself(context: PlaceContext, policy: DestinationPolicy): PlacedRule[] {
  const { waypoint, destination, obligations } = policy;
  if (waypoint === undefined) return [];
  const passing = obligations.filter(({ effect, ports }) => effect === 'Allow' && (ports?.some(({ service }) => service !== undefined) ?? true));
  const anyPort = passing.some(({ ports }) => ports === undefined);
  const named = passing.flatMap(({ ports }) => ports?.filter(({ service }) => service !== undefined).flatMap(({ pod }) => pod) ?? []);
  const ports = [...new Set(named)].sort((left, right) => left - right);
  if (!anyPort && ports.length === 0) return [];
  const account = `${waypoint.namespace}/${waypoint.serviceAccount}`;
  return [
    {
      origins: [],
      sources: identitySources(context.ir.topology, [account]),
      ports: anyPort ? undefined : ports,
      conditions: [],
      why: [`the waypoint itself, which has decided about requests to ${destination.name}`],
    },
  ];
}

function admitAtPods(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation, point: PointKind): PlacedRule[] {
  const cluster = context.clusterOf(policy);
  const callers = obligation.callers.flatMap((caller) => directCaller(context, policy, obligation, caller));
  if (policy.waypoint === undefined && !canDecide(point, obligation, cluster)) {
    reportNoWaypoint(context, policy, obligation);
    return [];
  }
  const admitted = callers.map((caller) => ({ caller, blind: blindPorts(context, policy, obligation, caller, point) }));
  const clear = admitted.filter(({ blind }) => blind.size === 0).map(({ caller }) => caller);
  const partly = admitted.filter(({ blind }) => blind.size > 0);
  return [
    ...(clear.length > 0 ? [rule(context, obligation, clear, podPorts(obligation), undefined, reasonAt(policy, obligation))] : []),
    ...partly.flatMap(({ caller, blind }) => admitPartly(context, policy, obligation, caller, blind)),
  ];
}

/** A caller as the pods see it: those who come through the waypoint are the waypoint there, and are left out. */
function directCaller(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation, caller: Caller): Caller[] {
  if (policy.waypoint === undefined || !obligation.named) return [caller];
  if (caller.kind !== 'identities' && caller.kind !== 'namespace') return [caller];
  const cluster = context.clusterOf(policy);
  const direct = caller.members.filter((source) => arrives(policy, source, cluster) === 'direct');
  if (direct.length === 0) return [];
  const serviceAccounts = sortedUnique(direct.map(({ serviceAccount }) => serviceAccount));
  return [{ kind: 'identities', serviceAccounts, members: direct, strangers: [], label: caller.label, span: caller.span }];
}

/** Where requests cannot be read, a caller is admitted on the other ports, and on these only as far as somebody accepted it. */
function admitPartly(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation, caller: Caller, blind: ReadonlyMap<number, Obligation>): PlacedRule[] {
  const ports = podPorts(obligation);
  const readable = ports?.filter((port) => !blind.has(port));
  const rules: PlacedRule[] = [];
  if (readable === undefined || readable.length > 0) {
    rules.push(rule(context, obligation, [caller], readable, readable ? undefined : [...blind.keys()], 'the ports where nothing has to be read'));
  }
  const unread = [...blind.keys()].sort((left, right) => left - right);
  for (const bypass of bypasses(context, policy, caller, unread)) {
    const cause = [...blind.values()][0] ?? obligation;
    const accepted = acceptance(context, obligation, cause, bypass);
    if (accepted) {
      const why = `accepted until ${accepted.until.value}: ${bypass.caller.label} is not held to what ${cause.origin.id} says about requests (${accepted.reason})`;
      rules.push({ ...rule(context, obligation, [bypass.caller], unread, undefined, why), conditions: [] });
    } else refuseBypass(context, policy, obligation, bypass, cause);
  }
  return rules;
}

function acceptance(context: PlaceContext, obligation: Obligation, cause: Obligation, { path, caller }: Bypass): Acceptance | undefined {
  const gap = `${caller.label} reaches the pods without its requests being read`;
  return context.accepts(obligation, path, gap) ?? context.accepts(cause, path, gap);
}

function rule(
  context: PlaceContext,
  obligation: Obligation,
  callers: readonly Caller[],
  ports: readonly number[] | undefined,
  notPorts: readonly number[] | undefined,
  why: string,
): PlacedRule {
  return {
    origins: [obligation.origin],
    sources: sourceMatches(context.ir.topology, callers),
    ports,
    ...(notPorts && { notPorts }),
    conditions: withPorts(obligation.conditions, servicePorts(obligation)),
    why: why === '' ? [] : [why],
  };
}

function servicePorts({ ports }: Obligation): number[] {
  return ports?.flatMap(({ service }) => service ?? []) ?? [];
}

function reasonAt(policy: DestinationPolicy, obligation: Obligation): string {
  if (policy.waypoint === undefined) return '';
  return obligation.named ? 'for callers that do not use the waypoint' : 'L4, needs no waypoint';
}

function reportNoWaypoint(context: PlaceContext, { destination }: DestinationPolicy, obligation: Obligation): void {
  const [condition] = obligation.conditions;
  const { service } = destination;
  // A Service that could have had a waypoint and has none was refused one, with its own diagnostic.
  if (service?.hasVip) return;
  const why = service ? 'its Service has no virtual IP, and pods are addressed directly' : 'no Service leads to it';
  context.report(
    diagnostic('no-waypoint-possible', { destination: destinationLabel(destination), why }, condition?.span ?? obligation.span, {
      label: 'seen only at a waypoint',
      notes: [{ message: 'only traffic addressed to a virtual IP goes through a service’s waypoint (istio-traffic-topology W-13, W-15)' }],
    }),
  );
}

/** The rules that refuse callers at the pods: every denial that the proxy there can decide. */
export function denyAtPods(context: PlaceContext, policy: DestinationPolicy, point: PointKind): PlacedRule[] {
  const denials = policy.obligations.filter(({ effect }) => effect === 'Deny');
  const cluster = context.clusterOf(policy);
  return denials.flatMap((obligation) => {
    if (canDecide(point, obligation, cluster)) return [denial(context, policy, obligation)];
    if (policy.waypoint === undefined) {
      reportNoWaypoint(context, policy, obligation);
      return [];
    }
    return policy.default?.value === 'Deny' ? [] : closeWayAround(context, policy, obligation);
  });
}

function denial(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation): PlacedRule {
  const why = policy.waypoint ? 'for callers that do not use the waypoint' : '';
  const placed = rule(context, obligation, obligation.callers, podPorts(obligation), undefined, why);
  return { ...placed, sources: sparingWaypoint(context, policy, obligation.callers) };
}

/** A denial of addresses, or of a waypoint's namespace, would hit that waypoint, which stands in for callers that are not meant. */
function sparingWaypoint(context: PlaceContext, policy: DestinationPolicy, callers: readonly Caller[]): PlacedRule['sources'] {
  const { topology } = context.ir;
  const waypoints = waypointsAt(context, policy);
  const hitsWaypoint = (caller: Caller) =>
    waypoints.length > 0 &&
    (caller.kind === 'addresses' || (caller.kind === 'namespace' && waypoints.some((account) => account.startsWith(`${caller.namespace}/`))));
  const direct = callers.filter((caller) => !hitsWaypoint(caller));
  if (direct.length === callers.length) return sourceMatches(topology, callers);
  const spared = exceptIdentities(topology, sourceMatches(topology, callers.filter(hitsWaypoint)), waypoints);
  return [...(sourceMatches(topology, direct) ?? []), ...spared];
}

/** The waypoints that forward to some of a destination's pods, whichever Service they stand for. */
function waypointsAt(context: PlaceContext, { destination }: DestinationPolicy): string[] {
  return sortedUnique(destination.workloads.flatMap((workload) => context.waypoints.get(`${workload.cluster}/${keyOf(workload)}`) ?? []));
}

/** Under `default: Allow` the pods admit everyone; whoever a denial of requests means must then come through the waypoint. */
function closeWayAround(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation): PlacedRule[] {
  const { topology } = context.ir;
  const accepted = acceptedBypasses(context, policy, obligation);
  const accounts = sortedUnique(accepted.flatMap(({ caller }) => (caller.kind === 'identities' ? caller.serviceAccounts : [])));
  const callers = obligation.callers.flatMap((caller) => withoutAccounts(caller, accounts));
  if (callers.length === 0) return [];
  const sources = exceptIdentities(topology, sourceMatches(topology, callers), sortedUnique([...waypointsAt(context, policy), ...accounts]));
  const admitsOutside = accepted.some(({ path }) => path === 'outsideCallers');
  return [
    {
      origins: [obligation.origin],
      sources: admitsOutside ? sources.map((source) => ({ principals: ['*'], ...source })) : sources,
      ports: podPorts(obligation),
      conditions: [],
      why: [`whoever ${obligation.origin.id} means must come through the waypoint, where requests are read`],
    },
  ];
}

/** The ways around the waypoint that somebody answers for; every other one is refused. */
function acceptedBypasses(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation): Bypass[] {
  const found = obligation.callers.flatMap((caller) => bypasses(context, policy, caller, podPorts(obligation) ?? []));
  return found.filter((bypass) => {
    const isAccepted = acceptance(context, obligation, obligation, bypass) !== undefined;
    if (!isAccepted) refuseBypass(context, policy, obligation, bypass, obligation);
    return isAccepted;
  });
}

function withoutAccounts(caller: Caller, accounts: readonly string[]): Caller[] {
  if (caller.kind !== 'identities') return [caller];
  const serviceAccounts = caller.serviceAccounts.filter((account) => !accounts.includes(account));
  return serviceAccounts.length > 0 ? [{ ...caller, serviceAccounts }] : [];
}

/** What the waypoint enforces: every rule whose port the Service exposes, for every caller that can come that way. */
export function atWaypoint(context: PlaceContext, policy: DestinationPolicy, effect: Obligation['effect']): PlacedRule[] {
  const cluster = context.clusterOf(policy);
  return policy.obligations.flatMap((obligation) => {
    const callers = obligation.callers.filter(({ kind }) => kind !== 'unidentified');
    const ports = obligation.ports?.flatMap(({ service }) => service ?? []);
    if (obligation.effect !== effect || callers.length === 0 || ports?.length === 0) return [];
    const needed = policy.destination.workloads.some(({ mode }) => mode.plane === 'ambient') && !canDecide('ztunnel', obligation, cluster);
    return [rule(context, obligation, callers, ports, undefined, needed ? '' : viaWaypoint)];
  });
}
