import { compareText, sortBy } from '../../../util/order.js';
import type { Route } from '../route.js';

/** More orders than these are taken for as many: whoever has so many rivals without dates gets a doubt about most of them. */
const most = 12;

/**
 * The orders in which routes may count, by age. Manifests from Git have no ages: then each of the routes may be the first,
 * and which of the others follows makes no difference to what is possible.
 */
export function possibleOrders(routes: readonly Route[]): ReadonlyArray<readonly Route[]> {
  const named = sortBy(
    routes,
    ({ created }) => created,
    nameOf,
    ({ namespace }) => namespace,
  );
  if (named.length < 2 || named.every(({ created }) => created !== '')) return [named];
  return named.slice(0, most).map((first) => [first, ...named.filter((route) => route !== first)]);
}

/** The same for classes that go one after the other. */
export function ordersOf(classes: ReadonlyArray<readonly Route[]>): ReadonlyArray<readonly Route[]> {
  return classes.reduce<ReadonlyArray<readonly Route[]>>(
    (orders, rivals) => orders.flatMap((order) => possibleOrders(rivals).map((next) => [...order, ...next])),
    [[]],
  );
}

function nameOf({ objects }: Route): string {
  return objects[0]?.name ?? '';
}

/** Of several routes the oldest, with its namespace before its name, as the Gateway API compares them. */
export function byAgeAndPlace(left: Route, right: Route): number {
  return (
    compareText(left.created, right.created) ||
    compareText(left.namespace, right.namespace) ||
    compareText(nameOf(left), nameOf(right))
  );
}
