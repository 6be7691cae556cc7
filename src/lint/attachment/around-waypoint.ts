import { type Bits, none } from '../../algebra/bits.js';
import { satisfying } from '../../algebra/conditions.js';
import type { LanePlan, Way } from '../../algebra/lane.js';
import { boxSet, emptySet, intersect, isEmpty, type RequestSet, subtract, union } from '../../algebra/request-set.js';
import type { Space } from '../../algebra/space.js';
import { type Condition, conditionsOf } from '../../mesh/policies/compiled.js';
import type { AuthorizationPolicy } from '../../mesh/policies/policy.js';
import type { PolicyForms } from '../../mesh/policies/policy-forms.js';
import { compare } from '../compare.js';
import type { LintContext } from '../context.js';
import { type Evidence, evidenceIn } from '../evidence.js';
import { asDecision } from '../planes/audits.js';
import { withGates } from '../plans.js';
import { unaskedIn } from '../unasked.js';
import { isIdentity } from '../written.js';
import { gateHolding, seenBy } from './imaginary-gate.js';
import type { WaypointPath } from './waypoint-paths.js';

/** How callers come to pods without passing the waypoint of their Service, and why they do (§4.5). */
export interface Bypass {
  readonly law: string;
  readonly evidence: Evidence;
  /** What closes this way, where a guard at the pods does not. */
  readonly help: string | undefined;
}

/** Callers whom the pods admit by name although they cannot go through a waypoint, or all others. */
export type Whom = 'expected' | 'unexpected';

const laws = {
  ambient: 'traffic to the address of a pod does not go through the waypoint of a Service (istio-security §4.5)',
  sidecar: 'sidecar callers never go through a waypoint (istio-security §4.5)',
  gateway: 'ingress goes through a waypoint only if the Service is labelled for it (istio-security §4.5)',
  plaintext: 'callers outside the mesh never go through a waypoint (istio-security §4.5)',
} as const;

/** Every kind of way on which requests get in that the policies, which decide together, would refuse or ask about. */
export function bypassesOf(
  context: LintContext,
  policy: AuthorizationPolicy,
  together: readonly PolicyForms[],
  waypointPaths: readonly WaypointPath[],
  whom: Whom = 'unexpected',
): readonly Bypass[] {
  const found = new Map<string, Bypass>();
  for (const waypointPath of waypointPaths) {
    const slipping = slippingAt(context, policy, together, waypointPath, whom);
    if (slipping === undefined) continue;
    for (const [speaks, law] of Object.entries(laws)) {
      const evidence = found.has(speaks) ? undefined : slipping(speaks);
      if (evidence !== undefined) found.set(speaks, bypassOf(evidence, law));
    }
  }
  return Object.keys(laws).flatMap((speaks) => found.get(speaks) ?? []);
}

/** A request that passes a waypoint on such a way, where it is asked nothing of the policies, which decide together. */
export function unaskedAtWaypoint(
  context: LintContext,
  policy: AuthorizationPolicy,
  together: readonly PolicyForms[],
  waypointPath: WaypointPath,
): Evidence | undefined {
  const ways = waypointPath.plan.ways.filter(({ gates }) => gates.some(({ hop }) => hop.point.kind === 'waypoint'));
  if (ways.length === 0) return undefined;
  const plan = { ...waypointPath.plan, ways };
  return slippingAt(context, policy, together, { ...waypointPath, plan }, 'unexpected')?.('ambient');
}

/** Who addresses a pod may come through a waypoint all the same, and is asked nothing there that is for a Service (§3.2). */
function bypassOf(evidence: Evidence, law: string): Bypass {
  const isThrough = evidence.trace.some(({ hop }) => hop.point.kind === 'waypoint');
  if (!isThrough) return { law, evidence, help: undefined };
  return {
    law: 'policies for a Service are not asked about traffic to the address of a pod (istio-security §3.2)',
    evidence,
    help: 'name the Gateway of the waypoint under `targetRefs`, or let it serve `service` traffic only',
  };
}

/** What slips past a waypoint at one site, by the kind of caller; `undefined` where nobody passes it by. */
function slippingAt(
  context: LintContext,
  policy: AuthorizationPolicy,
  together: readonly PolicyForms[],
  { plan, ...post }: WaypointPath,
  whom: Whom,
): ((speaks: string) => Evidence | undefined) | undefined {
  const around = { ...plan, ways: plan.ways.filter((way) => passesBy(way, policy)) };
  if (isShut(context, around)) return undefined;
  const gate = gateHolding(together.map(asDecision), post);
  const meant = withGates(around, (gates, way) => [...gates, seenBy(gate, way)]);
  const comparison = compare(context, around, meant);
  const slips = policy.action === 'CUSTOM' ? unaskedIn(comparison, policy) : comparison.slips;
  const { space } = comparison;
  const expected = expectedAtPods(context, around, space);
  return (speaks) => {
    const bits = around.ways
      .filter(({ representative }) => representative.caller.speaks === speaks)
      .reduce((found, way) => found | way.callers, none);
    const coming = boxSet(space.shape, new Map([[0, bits]]));
    const here = speaks === 'ambient' ? emptySet(space.shape) : intersect(coming, expected);
    const asked = whom === 'expected' ? here : subtract(coming, here);
    return evidenceIn(context.mesh, comparison, intersect(slips, asked), 'allowed');
  };
}

/**
 * Who cannot go through a waypoint, and is named one by one at the pods, comes straight to them with their leave: by
 * identity, or by address where there is none.
 */
function expectedAtPods(context: LintContext, { ways }: LanePlan, space: Space): RequestSet {
  const policies = new Set(ways.flatMap(({ gates }) => gates.flatMap(({ enforcement }) => enforcement.policies)));
  const conditions = [...policies].filter(({ action }) => action === 'ALLOW').flatMap(conditionsOf);
  const plain = ways
    .filter(({ representative }) => representative.caller.identity === null)
    .reduce((found, way) => found | way.callers, none);
  const addressed = conditions
    .filter(({ attribute, anyOf }) => attribute === 'source.ip' && anyOf.length > 0)
    .map((condition) => satisfying(space, condition, 'surely'));
  const own = union(emptySet(space.shape), ...addressed);
  return union(
    boxSet(space.shape, new Map([[0, namedAmong(context, conditions)]])),
    intersect(own, boxSet(space.shape, new Map([[0, plain]]))),
  );
}

function namedAmong({ callers }: LintContext, conditions: readonly Condition[]): Bits {
  return conditions
    .filter(isIdentity)
    .flatMap(({ attribute, anyOf }) => {
      const single = anyOf.filter(({ kind }) => kind === 'exact' || attribute === 'source.serviceAccount');
      return attribute === 'source.namespace'
        ? []
        : single.map((matcher) => callers.matching(attribute, matcher).surely);
    })
    .reduce((expected, bits) => expected | bits, none);
}

/** Most waypoints that matter are guarded, and a guard needs no look at requests. */
function isShut(context: LintContext, around: LanePlan): boolean {
  return isEmpty(compare(context, around, around).is.surely);
}

/** A waypoint asks policies for a Service nothing about traffic that is addressed to a pod (§3.2). */
function passesBy({ stop, gates }: Way, policy: AuthorizationPolicy): boolean {
  if (stop !== undefined) return false;
  return gates.every(
    ({ hop, enforcement }) =>
      hop.point.kind !== 'waypoint' || enforcement.policies.every((compiled) => compiled.policy !== policy),
  );
}
