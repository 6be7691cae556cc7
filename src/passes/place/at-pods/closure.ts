import type { DestinationPolicy, PlacedRule } from '../../../ir/policy-ir.js';
import { holds } from '../../../resolve/scopes.js';
import { keyInMesh } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';

/** What a default means for the policies of one destination. */
type Closure =
  /** Nothing but what the rules allow. */
  | 'closed'
  /** A wider default denies; this destination is open all the same, which has to be said. */
  | 'reopened'
  /** Nothing denies by default. */
  | 'open';

export function closureOf(context: PlaceContext, policy: DestinationPolicy): Closure {
  const { destination, default: fallback } = policy;
  if (fallback?.value === 'Deny') return 'closed';
  const isDeniedAbove = context.ir.defaults.some(({ value, scope }) => value === 'Deny' && holds(scope, destination));
  return isDeniedAbove || closedWith(context, policy).length > 0 ? 'reopened' : 'open';
}

/** Destinations of some of the same pods that are closed by a default of their own. */
export function closedWith(context: PlaceContext, { destination }: DestinationPolicy): DestinationPolicy[] {
  const others = destination.workloads.flatMap((workload) => context.closed.get(keyInMesh(workload)) ?? []);
  return [...new Set(others)].filter((other) => other.destination.id !== destination.id);
}

export const openToAll: PlacedRule = {
  origins: [],
  sources: undefined,
  ports: undefined,
  conditions: [],
  why: ['open by its own default, under a wider one that denies'],
};

/** Defaults speak of the workloads of the mesh; at a waypoint they would close a host outside as well. */
export const openHost: PlacedRule = { ...openToAll, why: ['a host outside the mesh, of which no default speaks'] };
