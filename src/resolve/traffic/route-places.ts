import type { ResolvedRoute, RouteBackend } from '../resolved-traffic.js';

/** Everywhere that a route sends requests or copies of them. */
export function placesOf({ action, mirrors }: ResolvedRoute): ReadonlyArray<Pick<RouteBackend, 'place' | 'span'>> {
  return [...(action.kind === 'forward' ? action.backends : []), ...mirrors];
}
