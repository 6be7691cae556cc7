import type { Route, WeightedDestination } from './route.js';

/** Where the rules of a route for requests forward them. */
export function requestDestinations({ http }: Pick<Route, 'http'>): readonly WeightedDestination[] {
  return http.flatMap(({ result }) => (result.kind === 'forward' ? result.destinations : []));
}

/** Where its rules for connections do. */
export function connectionDestinations({ tls, tcp }: Pick<Route, 'tls' | 'tcp'>): readonly WeightedDestination[] {
  return [...tls, ...tcp].flatMap(({ destinations }) => destinations);
}
