import type { PlacedDestinationRule, PlacedIr } from '../../ir/policy-ir.js';
import { sortBy } from '../../util/order.js';
import type { PlaceContext } from './context.js';
import { placeDestinationRules } from './endpoints/place-destination-rules.js';
import { placeRoutes } from './routes/place-routes.js';

/** Where requests to each Service go, and what proxies keep to on the way there. */
export function placeTraffic(context: PlaceContext): Pick<PlacedIr, 'routes' | 'destinationRules'> {
  const placed = context.ir.destinations.map((policy) => {
    const routes = placeRoutes(context, policy);
    return { routes, rules: placeDestinationRules(context, policy, routes) };
  });
  return {
    routes: placed.flatMap(({ routes }) => routes),
    destinationRules: inOrder(placed.flatMap(({ rules }) => rules)),
  };
}

function inOrder(rules: readonly PlacedDestinationRule[]): PlacedDestinationRule[] {
  return sortBy(
    rules,
    ({ cluster }) => cluster,
    ({ namespace }) => namespace,
    ({ name }) => name,
  );
}
