import type { Origin } from '../resolved.js';
import type { ResolvedRoute } from '../resolved-traffic.js';

/** Every request to the whole Service, as without a route. */
export function plainRoute(origin: Origin): ResolvedRoute {
  return {
    origin,
    matches: [],
    action: { kind: 'forward', backends: [{ place: { kind: 'self' }, port: undefined, weight: 1, span: origin.span }] },
    rewrite: undefined,
    headers: undefined,
    mirrors: [],
    timeout: undefined,
    retries: undefined,
    faults: [],
    cors: undefined,
  };
}
