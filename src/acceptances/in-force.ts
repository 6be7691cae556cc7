import { type Acceptance, acceptancePaths } from '../parse/acceptance.js';
import { isDay } from '../util/day.js';
import { acceptableCodes } from './acceptable.js';

/**
 * Whether an acceptance holds on a day, as YYYY-MM-DD; where nobody says what day it is, none with a last day does. One
 * that does not hold covers nothing, and is reported beside what it would have covered.
 */
export function isInForce({ what, until }: Acceptance, today: string | undefined): boolean {
  if (!isGap(what) && acceptableCodes.get(what) !== true) return false;
  return until === undefined || isBeforeEnd(until.value, today);
}

/** Whether a day, as YYYY-MM-DD, is not over yet. Where nobody says what day it is, none is known not to be. */
export function isBeforeEnd(until: string, today: string | undefined): boolean {
  return today !== undefined && isDay(until) && today <= until;
}

export function isGap(what: string): boolean {
  return acceptancePaths.some((path) => path === what);
}
