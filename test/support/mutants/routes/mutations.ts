import { at } from '../emitted.js';
import type { Mutation } from '../mutation.js';
import { destinationMutations } from './destination-mutations.js';
import { gatewayMutations, ownershipMutations } from './ownership-mutations.js';
import { changeMutations, matchMutations } from './rule-mutations.js';

/** Every kind of mutation of routes and of what they lead through and to, in the order of the table. */
export const routeMutations: readonly Mutation[] = [
  ...matchMutations,
  ...changeMutations,
  ...destinationMutations,
  ...ownershipMutations,
  ...gatewayMutations,
].map(notOfWaypoints);

/** What a waypoint is has mutations of its own. */
function notOfWaypoints({ kind, variants }: Mutation): Mutation {
  return {
    kind,
    variants: (emitted, cluster) =>
      at(emitted.value, ['spec', 'gatewayClassName']) === 'istio-waypoint' ? [] : variants(emitted, cluster),
  };
}
