import { type Gateway, keyOf, type Listener } from '../../../topology/model.js';
import type { Route } from '../route.js';
import { entriesAt, namesOf, noTables, type RouteEntry, type RouteTable, type RouteTables } from '../table.js';
import { ordersOf } from './age.js';
import { asksNothing } from './choosing.js';
import { merged } from './merge.js';
import { inClasses } from './visible.js';

/**
 * What a gateway does with the requests that come to a listener for a host. The closest name that routes and listener have
 * in common has a table of its own: of the rules of all routes for it, those without conditions last (T-93).
 */
export function tablesAtGateway(
  gateway: Gateway,
  listener: Listener,
  bound: readonly Route[],
  host: string,
): RouteTables {
  const closest = closestTo(
    host,
    bound.flatMap((route) => namesInCommon(route, listener)),
  );
  if (closest === undefined) return noTables;
  const ruling = bound.filter((route) => namesInCommon(route, listener).includes(closest));
  const orders = ordersOf(inClasses(withoutRivals(ruling), gateway.namespace));
  return {
    tables: orders.map((routes) => tableOf(gateway, listener, routes)),
    open: `which of ${namesOf(ruling)} is the oldest (T-93)`,
  };
}

/** Routes of the Gateway API for one listener and host are one (T-19). */
function withoutRivals(routes: readonly Route[]): readonly Route[] {
  const byParent = routes.filter(({ reach }) => reach === 'by-parent');
  const others = routes.filter(({ reach }) => reach === 'by-host');
  return byParent.length === 0 ? others : [...others, merged(byParent)];
}

function tableOf(gateway: Gateway, listener: Listener, routes: readonly Route[]): RouteTable {
  const { namespace = 'default', name } = listener.object;
  const proxy = {
    gateway: keyOf({ namespace, name }),
    namespace: gateway.namespace,
    labels: gateway.podLabels,
    port: listener.port,
  };
  const entries = routes.flatMap(({ http }) => untilAll(entriesAt(http, proxy)));
  return { entries: [...entries.filter((entry) => !isForAll(entry)), ...entries.filter(isForAll)], routes };
}

/** Of one route nothing counts behind what takes every request. */
function untilAll(entries: readonly RouteEntry[]): readonly RouteEntry[] {
  const last = entries.findIndex(isForAll);
  return last < 0 ? entries : entries.slice(0, last + 1);
}

function isForAll({ match }: RouteEntry): boolean {
  return match === undefined || asksNothing(match);
}

function namesInCommon({ hosts }: Route, listener: Listener): readonly string[] {
  return hosts.flatMap((host) => listener.hosts.flatMap((served) => narrower(host, served.host.toLowerCase()) ?? []));
}

/** The name that two patterns have in common, where one is part of the other. */
function narrower(left: string, right: string): string | undefined {
  if (covers(left, right)) return right;
  return covers(right, left) ? left : undefined;
}

function covers(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith('*') && name.endsWith(pattern.slice(1)));
}

/** An exact name before wildcards, and of these the longest. */
function closestTo(host: string, names: readonly string[]): string | undefined {
  const name = host.replace(/:\d*$/, '').toLowerCase();
  const fitting = [...new Set(names)].filter((pattern) => covers(pattern, name));
  const rank = (pattern: string) => (pattern === name ? Number.POSITIVE_INFINITY : pattern.length);
  return fitting.sort((left, right) => rank(right) - rank(left))[0];
}
