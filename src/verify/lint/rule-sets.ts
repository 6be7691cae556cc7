import type { Bits } from '../algebra/bits.js';
import { type Bound, policySet } from '../algebra/gate-sets.js';
import { constantsOf, type Gate, type LanePlan, type Way } from '../algebra/lane.js';
import { boxSet, intersect, type RequestSet } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import { realRequests } from '../algebra/universe.js';
import type { CompiledPolicy, CompiledRule } from '../compiled.js';
import { commonWishes, withWishes } from './compare.js';
import type { LintContext } from './context.js';

/** One enforcement point on one way in, with all the callers that meet it in the same guise. */
export interface Door {
  readonly plan: LanePlan;
  readonly space: Space;
  readonly gate: Gate;
  /** The requests that come to it. */
  readonly arriving: RequestSet;
}

/** A rule at a door: the requests there that it matches for certain, and those that it may match. */
export interface RuleAtDoor {
  readonly door: Door;
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
  readonly matched: RequestSet;
  readonly possible: RequestSet;
}

/** Every door of the mesh, those that enforce alike once. */
export function doorsOf(context: LintContext): readonly Door[] {
  const known = new Set<string>();
  return [...context.sites, ...context.gatewaySites].flatMap(({ plan }) => {
    const space = context.spaceOf(withWishes(constantsOf(context.mesh, plan), commonWishes));
    return gatesOf(plan.ways).flatMap(({ gate, callers }) => {
      const key = keyOf(gate, callers, plan);
      if (known.has(key)) return [];
      known.add(key);
      const here = boxSet(space.shape, new Map([[0, callers]]));
      return { plan, space, gate, arriving: intersect(realRequests(context.mesh, space), here) };
    });
  });
}

interface Arrivals {
  readonly gate: Gate;
  readonly callers: Bits;
}

function gatesOf(ways: readonly Way[]): readonly Arrivals[] {
  const arrivals: Arrivals[] = [];
  for (const { gates, callers } of ways) {
    for (const gate of gates) {
      const index = arrivals.findIndex(({ gate: { hop, enforcement } }) => {
        return enforcement === gate.enforcement && hop.peer.kind === gate.hop.peer.kind;
      });
      const before = arrivals[index];
      if (before === undefined) arrivals.push({ gate, callers });
      else arrivals[index] = { gate, callers: before.callers | callers };
    }
  }
  return arrivals;
}

/** Two doors with the same policies, the same port and the same callers match the same requests. */
function keyOf({ hop, enforcement }: Gate, callers: Bits, { lane }: LanePlan): string {
  const policies = enforcement.policies.map(({ policy }) => `${policy.kind} ${policy.namespace}/${policy.name}`);
  const tokens = enforcement.authentication.map(({ namespace, name }) => `${namespace}/${name}`);
  const peer = hop.peer.kind === 'proxy' ? JSON.stringify(hop.peer.identity) : hop.peer.kind;
  const place = [hop.mesh.cluster.name, hop.point.kind, hop.chain, hop.port, peer, lane.payload, callers];
  return [...place, ...policies, '', ...tokens].join('\n');
}

/** What each rule of the AuthorizationPolicies of an action matches at a door, in their order. */
export function rulesAt(door: Door, action: CompiledPolicy['action']): readonly RuleAtDoor[] {
  return door.gate.enforcement.policies
    .filter(({ policy, action: own }) => own === action && policy.kind === 'AuthorizationPolicy')
    .flatMap((policy) =>
      policy.rules.map((rule) => {
        const alone = { ...policy, rules: [rule] };
        return { door, policy, rule, matched: matchedAt(door, alone), possible: matchedAt(door, alone, 'possibly') };
      }),
    );
}

/** The requests at a door that a policy matches for certain, or may match. */
export function matchedAt(door: Door, policy: CompiledPolicy, bound: Bound = 'surely'): RequestSet {
  return intersect(door.arriving, policySet(policy, { ...door.gate, space: door.space }, bound));
}

/**
 * Whether one rule can be covered by another. Pods may listen on ports that no manifest tells of, so a rule for all
 * ports is never covered by one for some; the ports of a Service are all known at its waypoint.
 */
export function canCover(cover: CompiledRule, covered: CompiledRule, { gate }: Door): boolean {
  return gate.hop.point.kind === 'waypoint' || !namesPorts(cover) || namesPorts(covered);
}

function namesPorts({ clauses }: CompiledRule): boolean {
  const conditions = clauses.flatMap(({ alternatives }) => alternatives.flatMap((item) => item.conditions));
  return conditions.some(({ attribute }) => attribute === 'destination.port');
}
