import type { TokenRule } from '../mesh/policies/policy.js';
import type { Gate } from './lane.js';

/**
 * What an earlier gate has done with the tokens that it accepts: nothing, or taken them out of the request, so that a
 * second check finds none (§6.1).
 */
export type TokensBefore = 'as sent' | 'taken' | 'perhaps taken';

export function tokensAfter(earlier: readonly Gate[]): TokensBefore {
  const checks = earlier.map(({ enforcement }) => enforcement.authentication.flatMap(({ rules }) => rules));
  if (checks.some((rules) => rules.length > 0 && rules.every(takesBearer))) return 'taken';
  return checks.flat().some(({ forwards }) => !forwards) ? 'perhaps taken' : 'as sent';
}

/** Whether no token is accepted but in the usual place, and none goes on. */
function takesBearer({ issuer, forwards, places }: TokenRule): boolean {
  const isElsewhere = places.headers.length + places.cookies.length > 0;
  return issuer !== '' && !forwards && places.bearer && !isElsewhere;
}
