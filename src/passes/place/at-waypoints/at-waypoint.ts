import { capability } from '../../../dataplanes/capabilities.js';
import type { DestinationPolicy, Obligation, PlacedRule } from '../../../ir/policy-ir.js';
import type { Caller } from '../../../resolve/resolved.js';
import type { PlaceContext } from '../context.js';
import { placeRule } from '../place-rule.js';

const viaWaypoint = 'L4, but its callers arrive through the waypoint';

/** What the waypoint enforces: every rule whose port the Service exposes, for every caller that can come that way. */
export function atWaypoint(
  context: PlaceContext,
  policy: DestinationPolicy,
  effect: Obligation['effect'],
): PlacedRule[] {
  return policy.obligations.flatMap((obligation) => {
    const callers = obligation.callers.filter(({ kind }) => isSeen(kind, context, policy));
    const ports = obligation.ports?.flatMap(({ service }) => service ?? []);
    if (
      obligation.authorizer !== undefined ||
      obligation.effect !== effect ||
      callers.length === 0 ||
      ports?.length === 0
    )
      return [];
    const notPorts = obligation.exceptPorts.flatMap(({ service }) => service ?? []);
    return [placeRule(context, obligation, callers, ports, notPorts, obligation.layer === 'L7' ? '' : viaWaypoint)];
  });
}

/** Plaintext never comes to a waypoint, and addresses are not seen there. */
function isSeen(kind: Caller['kind'], context: PlaceContext, policy: DestinationPolicy): boolean {
  if (kind !== 'addresses') return kind !== 'unidentified';
  return capability('waypoint', 'addressesByHbone', context.clusterOf(policy).settings.istio).enforced;
}
