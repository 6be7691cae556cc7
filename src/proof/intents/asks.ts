import { emptySet, intersect, isEmpty, type RequestSet, subtract, union } from '../../algebra/request-set.js';
import { sortedUnique } from '../../util/order.js';
import { acceptedSet, here } from './bounds.js';
import type { Grant } from './grant.js';
import { grantedSet } from './granted.js';
import type { Situation } from './situation.js';

/**
 * Requests that pass although an authorizer that settings name is not asked about them, or of which it is asked unbidden;
 * the same of the marks of AUDIT policies.
 */
export interface AskDifference {
  readonly kind: 'unasked' | 'asked' | 'unmarked' | 'marked';
  readonly grant: Grant;
  readonly requests: RequestSet;
}

/** Compares what authorizers are asked about on one lane with what the settings name, for every authorizer that these name. */
export function askDifferences(
  situation: Situation,
  passing: RequestSet,
  asks: ReadonlyMap<string, RequestSet>,
): readonly AskDifference[] {
  const { asked } = situation.demand;
  return sortedUnique(asked.flatMap(({ rule }) => rule.authorizer ?? [])).flatMap((authorizer) => {
    const grants = asked.filter(({ rule }) => rule.authorizer === authorizer);
    return differencesOf(situation, grants, passing, asks.get(authorizer) ?? emptySet(situation.space.shape));
  });
}

function differencesOf(
  situation: Situation,
  grants: readonly Grant[],
  passing: RequestSet,
  found: RequestSet,
): readonly AskDifference[] {
  const [first] = grants;
  if (first === undefined) return [];
  const speaking = here(situation, grants);
  const nothing = emptySet(situation.space.shape);
  const setsOf = (setOf: (grant: Grant) => RequestSet) => union(nothing, ...speaking.map(setOf));
  const meant = setsOf((grant) => grantedSet(situation, grant, { extent: 'all', conditions: 'held' }));
  const excused = setsOf((grant) => acceptedSet(situation, grant, 'some'));
  const unasked = subtract(subtract(intersect(passing, meant), excused), found);
  const unbidden = subtract(intersect(found, passing), meant);
  const differences: readonly AskDifference[] = [
    { kind: 'unasked', grant: speaking[0] ?? first, requests: unasked },
    { kind: 'asked', grant: first, requests: unbidden },
  ];
  return differences.filter(({ requests }) => !isEmpty(requests));
}
