import { all, type Bits, bitsWhere, none } from '../../algebra/bits.js';
import { namingOthers as setsNamingOthers } from '../../algebra/by-host.js';
import type { CallerClass } from '../../algebra/callers.js';
import type { LanePlan, Way } from '../../algebra/lane.js';
import type { Address } from '../../algebra/lanes.js';
import { emptySet, type RequestSet, union } from '../../algebra/request-set.js';
import type { Rewritten } from '../../algebra/routes/rewritten.js';
import type { Space } from '../../algebra/space.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { Demand } from './demands.js';

/** One lane to one workload, with what the intents say of it: everything that the bounds are made of. */
export interface Situation {
  readonly mesh: Mesh;
  readonly demand: Demand;
  readonly plan: LanePlan;
  readonly space: Space;
  readonly address: Address;
  /** What routes have made of the requests when they come to the pod. */
  readonly arriving: Rewritten;
  /** Whether plaintext is accepted where no settings speak of mutual TLS. */
  readonly plaintextByDefault: boolean;
}

/**
 * Callers for whom there is a way at all, or would be, were it not for the mode that settings give to the pods, or for a
 * waypoint that is told of no pods.
 */
export function connected({ demand, plan }: Situation): Bits {
  const isDisabled = demand.mtls.some(({ value }) => value === 'Disabled');
  return bitsOfWays(
    plan.ways,
    ({ stop }) => stop === undefined || stop.isOfWaypoint === true || (isDisabled && stop.isOfMode === true),
  );
}

/** Callers who arrive by the mutual TLS of sidecars, which is no HBONE. */
export function arrivingByMutualTls({ plan }: Situation): Bits {
  return bitsOfWays(plan.ways, ({ stop, gates }) => {
    const last = gates[gates.length - 1]?.hop;
    return stop === undefined && last?.point.kind === 'sidecar' && last.peer.kind !== 'nobody' && !last.tunnelled;
  });
}

/** Callers whose bytes reach the pod without a certificate: nobody's at the last hop, or nothing at the pod to ask for one. */
export function arrivingPlain({ plan }: Situation): Bits {
  return bitsOfWays(plan.ways, ({ stop, gates }) => {
    const last = gates[gates.length - 1]?.hop;
    return stop === undefined && (last === undefined || last.point.kind === 'waypoint' || last.peer.kind === 'nobody');
  });
}

/** Callers whose certificate nobody sees on their way: from outside the mesh, or sent on by a sidecar as it came. */
export function unseen({ plan }: Situation): Bits {
  return bitsOfWays(
    plan.ways,
    ({ stop, gates }) => stop === undefined && gates.every(({ hop }) => hop.peer.kind !== 'caller'),
  );
}

/** Callers who pass a waypoint on their way. */
export function guided({ plan }: Situation): Bits {
  return bitsOfWays(plan.ways, ({ gates }) => gates.some(({ hop }) => hop.point.kind === 'waypoint'));
}

/** Requests that name another host than the Service, so that sidecars do not send them there (istio-traffic-topology T-92). */
export function namingOthers({ mesh, space, plan }: Situation): RequestSet {
  return union(emptySet(space.shape), ...setsNamingOthers(mesh, space, plan));
}

function bitsOfWays(ways: readonly Way[], holds: (way: Way) => boolean): Bits {
  return ways.filter(holds).reduce((bits, { callers }) => bits | callers, none);
}

export function everyone({ space }: Situation): Bits {
  return all(space.callers.classes.length);
}

export function callersWhere({ space }: Situation, holds: (each: CallerClass) => boolean): Bits {
  const { classes } = space.callers;
  return bitsWhere(classes.length, (index) => {
    const each = classes[index];
    return each !== undefined && holds(each);
  });
}
