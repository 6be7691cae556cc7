import { coversName } from '../../../topology/listeners/admitted.js';
import { type Gateway, keyOf, type Listener } from '../../../topology/model.js';
import { groupBy } from '../../../util/order.js';
import type { Route } from '../route.js';
import { entriesAt, namesOf, noTables, type RouteEntry, type RouteTable, type RouteTables } from '../table.js';
import { ordersOf } from './age.js';
import { asksNothing } from './choosing.js';
import { merged } from './merge.js';
import { redirectTable } from './redirect-to-https.js';
import { inClasses } from './visible.js';

/** A listener, and the routes that bind to it. */
export interface BoundListener {
  readonly listener: Listener;
  readonly routes: readonly BoundRoute[];
}

export interface BoundRoute {
  readonly route: Route;
  /** Of a route of the Gateway API the one of its hosts that this is about: each counts by itself. */
  readonly host: string | undefined;
  /** The names that it has in common with the listener: a full name, `*.suffix` or `*`. */
  readonly names: readonly string[];
}

/** The names for which a gateway has rules, or a redirect, at listeners that are one to clients. */
export function namesAtGateway(bound: readonly BoundListener[]): readonly string[] {
  const names = bound.flatMap(({ listener, routes }) => [
    ...routes.flatMap((each) => each.names),
    ...(listener.redirectsToHttps === true ? listener.hosts.map(({ host }) => host.toLowerCase()) : []),
  ]);
  return [...new Set(names)];
}

/**
 * What a gateway does with the requests for one of these names: by the rules of all routes for it, those without conditions
 * last (T-93).
 */
export function tablesAtGateway(gateway: Gateway, bound: readonly BoundListener[], name: string): RouteTables {
  const ruling = bound
    .map(({ listener, routes }) => ({ listener, routes: routesFor(routes, name) }))
    .filter(({ routes }) => routes.length > 0);
  const redirecting = bound.find(({ listener, routes }) => redirects(listener, routes, name));
  if (redirecting !== undefined) {
    const mayBeRouted = ruling.length > 0 && gateway.topology.numTrustedProxies !== 0;
    return { ...noTables, tables: [redirectTable(redirecting.listener, mayBeRouted)] };
  }
  if (ruling.length === 0) return noTables;
  return {
    tables: ordersAt(gateway, ruling).map((order) => tableOf(gateway, order)),
    open: `which of ${namesOf(ruling.flatMap(({ routes }) => routes.map(({ route }) => route)))} is the oldest (T-93)`,
  };
}

function redirects(listener: Listener, routes: readonly BoundRoute[], name: string): boolean {
  if (listener.redirectsToHttps !== true) return false;
  return routesFor(routes, name).length > 0 || listener.hosts.some(({ host }) => host.toLowerCase() === name);
}

function routesFor(routes: readonly BoundRoute[], name: string): readonly BoundRoute[] {
  return routes.filter(({ names }) => names.includes(name));
}

interface Ruling {
  readonly listener: Listener;
  readonly routes: readonly Route[];
}

/** One listener after the other, the routes of each in the orders that they may have. */
function ordersAt(gateway: Gateway, ruling: readonly BoundListener[]): ReadonlyArray<readonly Ruling[]> {
  return ruling.reduce<ReadonlyArray<readonly Ruling[]>>(
    (orders, { listener, routes }) => {
      const own = ordersOf(inClasses(withoutRivals(routes), gateway.namespace));
      return orders.flatMap((order) => own.map((next) => [...order, { listener, routes: next }]));
    },
    [[]],
  );
}

/** Routes of the Gateway API for one listener and host are one (T-19). */
function withoutRivals(routes: readonly BoundRoute[]): readonly Route[] {
  const byParent = routes.filter(({ host }) => host !== undefined);
  const others = routes.filter(({ host }) => host === undefined).map(({ route }) => route);
  const byHost = groupBy(byParent, ({ host }) => host);
  return [...others, ...[...byHost.values()].map((rivals) => merged(rivals.map(({ route }) => route)))];
}

function tableOf(gateway: Gateway, order: readonly Ruling[]): RouteTable {
  const entries = order.flatMap(({ listener, routes }) =>
    routes.flatMap(({ http }) => untilAll(entriesAt(http, proxyOf(gateway, listener)))),
  );
  const routes = order.flatMap((each) => each.routes);
  return { entries: [...entries.filter((entry) => !isForAll(entry)), ...entries.filter(isForAll)], routes };
}

function proxyOf({ namespace, podLabels }: Gateway, { object, port }: Listener) {
  const gateway = keyOf({ namespace: object.namespace ?? 'default', name: object.name });
  return { gateway, namespace, labels: podLabels, port };
}

/** Of one route nothing counts behind what takes every request. */
function untilAll(entries: readonly RouteEntry[]): readonly RouteEntry[] {
  const last = entries.findIndex(isForAll);
  return last < 0 ? entries : entries.slice(0, last + 1);
}

function isForAll({ match }: RouteEntry): boolean {
  return match === undefined || asksNothing(match);
}

/** The name for which a gateway has a request, by its Host: an exact one before wildcards, and of these the longest. */
export function closestTo(host: string, names: readonly string[]): string | undefined {
  const name = host.replace(/:.*$/s, '').toLowerCase();
  const rank = (pattern: string) => (pattern === name ? Number.POSITIVE_INFINITY : pattern.length);
  return names
    .filter((pattern) => coversName(pattern, name))
    .reduce<string | undefined>(
      (best, pattern) => (best === undefined || rank(pattern) > rank(best) ? pattern : best),
      undefined,
    );
}
