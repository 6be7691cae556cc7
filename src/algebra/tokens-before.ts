import type { TokenRule } from '../mesh/policies/policy.js';
import { isReadUnclearly, readersOf } from '../mesh/policies/token-places.js';
import type { Gate } from './lane.js';

/**
 * What earlier gates have done with the tokens that a gate looks for: nothing, or taken those that they accept out of the
 * request, so that a second check finds none (§6.1).
 */
export type TokensBefore = 'as sent' | 'taken' | 'perhaps taken';

export function tokensBefore(gate: Gate, earlier: readonly Gate[]): TokensBefore {
  const sought = rulesOf(gate);
  const checks = earlier.map(rulesOf);
  if (sought.length === 0) return 'as sent';
  if (checks.some((rules) => takesAll(rules, sought))) return 'taken';
  return checks.flat().some(({ forwards }) => !forwards) ? 'perhaps taken' : 'as sent';
}

/** Whether nothing is left in any of the places in which a token is sought. */
function takesAll(rules: readonly TokenRule[], sought: readonly TokenRule[]): boolean {
  const places = sought.flatMap((rule) => rule.places);
  return places.every((place) => {
    const readers = readersOf(place, rules);
    return readers.length > 0 && readers.every(({ forwards }) => !forwards) && !isReadUnclearly(place, rules);
  });
}

function rulesOf({ enforcement }: Gate): readonly TokenRule[] {
  return enforcement.authentication.flatMap(({ rules }) => rules);
}
