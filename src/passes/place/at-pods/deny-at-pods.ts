import type { PointKind } from '../../../dataplanes/capabilities.js';
import type { DestinationPolicy, Obligation, PlacedRule, SourceMatch } from '../../../ir/policy-ir.js';
import { isExcepted } from '../../../resolve/caller-exceptions.js';
import { isInNamespace } from '../../../resolve/namespace-pattern.js';
import type { Caller } from '../../../resolve/resolved.js';
import { keyInMesh } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import { type Bypass, bypasses, canDecide, exceptedPodPorts, podPorts } from '../at-waypoints/blind-spots.js';
import { reportNoWaypoint } from '../at-waypoints/no-waypoint.js';
import { refuseBypass } from '../at-waypoints/refuse-bypass.js';
import { checkTwins } from '../checks/check-shared-identities.js';
import type { PlaceContext } from '../context.js';
import { isWidened } from '../existing/check-existing.js';
import { answerFor, placeRule } from '../place-rule.js';
import { exceptIdentities, sourceMatches } from '../source-match.js';

/** The rules that refuse callers at the pods: every denial that the proxy there can decide. */
export function denyAtPods(context: PlaceContext, policy: DestinationPolicy, point: PointKind): PlacedRule[] {
  const denials = policy.obligations.filter(({ effect }) => effect === 'Deny');
  const cluster = context.around(policy);
  return denials.flatMap((obligation) => {
    if (canDecide(point, obligation, cluster))
      return obligation.authorizer === undefined ? [denial(context, policy, obligation)] : [];
    if (policy.waypoint === undefined) {
      reportNoWaypoint(context, policy, obligation);
      return [];
    }
    const isGuarded = policy.default?.value === 'Deny' && !isWidened(context, policy);
    return isGuarded ? [] : closeWayAround(context, policy, obligation);
  });
}

function denial(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation): PlacedRule {
  const why = policy.waypoint ? 'for callers that do not use the waypoint' : '';
  const placed = placeRule(
    context,
    obligation,
    obligation.callers,
    podPorts(obligation),
    exceptedPodPorts(obligation),
    why,
  );
  return { ...placed, sources: sparingWaypoint(context, policy, obligation) };
}

/**
 * A denial of addresses, or of a waypoint's namespace, would hit that waypoint, which stands in for callers that are not
 * meant; and so would one of tokens, which the waypoint has read and may have taken out (istio-security §6.1).
 */
function sparingWaypoint(
  context: PlaceContext,
  policy: DestinationPolicy,
  { callers, issuers }: Obligation,
): PlacedRule['sources'] {
  const waypoints = waypointsAt(context, policy);
  const hitsWaypoint = (caller: Caller) =>
    caller.kind === 'addresses' || issuers.length > 0
      ? waypoints.length > 0
      : waypoints.some((account) => mayHit(caller, account));
  const direct = callers.filter((caller) => !hitsWaypoint(caller));
  if (direct.length === callers.length) return sourceMatches(context, callers);
  const spared = exceptIdentities(context, sourceMatches(context, callers.filter(hitsWaypoint)), waypoints);
  return [...(sourceMatches(context, direct) ?? []), ...spared];
}

/** Whether a caller of a rule takes a waypoint in; where everybody is denied, so is whoever comes through one. */
function mayHit(caller: Caller, serviceAccount: string): boolean {
  if (caller.kind === 'namespace') return isInNamespace(caller.namespace, serviceAccount);
  return caller.except.length > 0 && !isExcepted(caller.except, { serviceAccount });
}

/** The waypoints that forward to some of a destination's pods, whichever Service they stand for. */
function waypointsAt(context: PlaceContext, { destination }: DestinationPolicy): string[] {
  return sortedUnique(destination.workloads.flatMap((workload) => context.waypoints.get(keyInMesh(workload)) ?? []));
}

/** Where the pods admit more than the guard lists, whoever a denial of requests means must come through the waypoint. */
function closeWayAround(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation): PlacedRule[] {
  const accepted = acceptedBypasses(context, policy, obligation);
  const accounts = sortedUnique(
    accepted.flatMap(({ caller }) => (caller.kind === 'identities' ? caller.serviceAccounts : [])),
  );
  const callers = obligation.callers.flatMap((caller) => withoutAccounts(caller, accounts));
  if (callers.length === 0) return [];
  const sources = exceptIdentities(
    context,
    sourceMatches(context, callers),
    sortedUnique([...waypointsAt(context, policy), ...accounts]),
  );
  const admitsOutside = accepted.some(({ path }) => path === 'outsideCallers');
  return [
    {
      origins: [obligation.origin],
      sources: admitsOutside ? sources.map(withIdentity) : sources,
      ports: podPorts(obligation),
      conditions: [],
      why: [`whoever ${obligation.origin.id} means must come through the waypoint, where requests are read`],
    },
  ];
}

/** Somebody of the mesh; who is named by a ServiceAccount is, and the API admits nothing beside those (istio-security §1.7). */
function withIdentity(source: SourceMatch): SourceMatch {
  return source.serviceAccounts ? source : { principals: ['*'], ...source };
}

/** The ways around the waypoint that somebody answers for; every other one is refused. */
function acceptedBypasses(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation): Bypass[] {
  const found = obligation.callers.flatMap((caller) => bypasses(context, policy, caller, podPorts(obligation) ?? []));
  return found.filter((bypass) => {
    const answer = answerFor(context, obligation, obligation, bypass);
    if (answer) checkTwins(context, policy, answer.rule, bypass);
    else refuseBypass(context, policy, obligation, bypass, obligation);
    return answer !== undefined;
  });
}

function withoutAccounts(caller: Caller, accounts: readonly string[]): Caller[] {
  if (caller.kind !== 'identities') return [caller];
  const serviceAccounts = caller.serviceAccounts.filter((account) => !accounts.includes(account));
  return serviceAccounts.length > 0 ? [{ ...caller, serviceAccounts }] : [];
}
