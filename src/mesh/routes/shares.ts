import type { WeightedDestination } from './route.js';

/** The share of the requests, out of 1, that each of some destinations gets as it is written. */
export function sharesOf(destinations: readonly WeightedDestination[]): (of: WeightedDestination) => number {
  const total = destinations.reduce((sum, { weight }) => sum + weight, 0);
  return ({ weight }) => (total === 0 ? 1 / destinations.length : weight / total);
}
