import { factInDoubt } from '../algebra/doubt.js';
import type { Decision } from '../mesh/decide/decision.js';

/** What would have to be known for a decision to be yes or no. */
export function doubtOf(decision: Decision): string {
  const { verdict } = decision;
  return verdict.kind === 'allowed' && verdict.asks.length > 0
    ? `external authorizer \`${verdict.asks.join('`, `')}\` has the last word`
    : factInDoubt(decision);
}
