import { policySet } from '../../algebra/gate-sets.js';
import { boxSet, emptySet, intersect, isEmpty, type RequestSet, subtract, union } from '../../algebra/request-set.js';
import type { ManifestObject } from '../../parse/document.js';
import type { AskDifference } from './asks.js';
import { here, isAddressed } from './bounds.js';
import type { Grant } from './grant.js';
import { grantedSet } from './granted.js';
import type { Situation } from './situation.js';

/**
 * Compares what AUDIT policies mark on one lane with what the settings name, of the requests that pass. What is said of a
 * Service is owed to requests to it; what policies that were there before mark besides is theirs.
 */
export function auditDifferences(
  situation: Situation,
  passing: RequestSet,
  isExisting: (object: ManifestObject) => boolean,
): readonly AskDifference[] {
  const { audited } = situation.demand;
  const [first] = audited;
  if (first === undefined) return [];
  const nothing = emptySet(situation.space.shape);
  const speaking = here(situation, audited);
  const meant = (grants: readonly Grant[]) =>
    union(nothing, ...grants.map((grant) => grantedSet(situation, grant, { extent: 'all', conditions: 'held' })));
  const owed = speaking.filter((grant) => isAddressed(situation, grant));
  const marked = markedSet(situation, () => true);
  const own = markedSet(situation, (object) => !isExisting(object));
  const differences: readonly AskDifference[] = [
    { kind: 'unmarked', grant: owed[0] ?? first, requests: subtract(intersect(passing, meant(owed)), marked) },
    { kind: 'marked', grant: first, requests: subtract(intersect(passing, own), meant(speaking)) },
  ];
  return differences.filter(({ requests }) => !isEmpty(requests));
}

function markedSet({ space, plan }: Situation, isMeant: (object: ManifestObject) => boolean): RequestSet {
  const sets = plan.ways.flatMap(({ callers, gates }) =>
    gates.flatMap((gate) =>
      gate.enforcement.policies
        .filter(({ action, policy }) => action === 'AUDIT' && isMeant(policy.object))
        .map((policy) =>
          intersect(policySet(policy, { ...gate, space }, 'surely'), boxSet(space.shape, new Map([[0, callers]]))),
        ),
    ),
  );
  return union(emptySet(space.shape), ...sets);
}
