import { hasBit } from '../algebra/bits.js';
import { isEnforcing, nameOfPoint } from '../algebra/enforcement-points.js';
import type { LanePlan } from '../algebra/lane.js';
import type { Caller } from '../mesh/paths/caller.js';
import { sortedUnique } from '../util/order.js';

/** The proxies on the ways of a caller that enforce anything. */
export function gatesOf({ ways }: LanePlan, caller: number): readonly string[] {
  const own = ways.filter(({ callers }) => hasBit(callers, caller));
  const gates = own.flatMap((way) => way.gates).filter(isEnforcing);
  return sortedUnique(gates.map(({ hop }) => nameOfPoint(hop.point)));
}

/** What closes ways out to a caller's pods: a Sidecar only where what it does not import is not passed on all the same. */
export function closersOf({ speaks, networkPolicies = [], scopes = [], outboundPolicy }: Caller): readonly string[] {
  const closing = scopes.filter(({ outbound = outboundPolicy ?? 'ALLOW_ANY' }) => outbound !== 'ALLOW_ANY');
  const isByMesh = speaks === 'sidecar' && scopes.length === 0 && outboundPolicy === 'REGISTRY_ONLY';
  return [
    ...(isByMesh ? ['REGISTRY_ONLY of the mesh'] : []),
    ...networkPolicies.map(({ name }) => `NetworkPolicy ${name}`),
    ...closing.map(({ name }) => `Sidecar ${name}`),
  ];
}
