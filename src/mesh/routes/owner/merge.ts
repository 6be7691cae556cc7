import type { IstioVersion } from '../../../parse/mesh.js';
import { groupBy, sortBy } from '../../../util/order.js';
import type { PathMatch, Route, RouteRule } from '../route.js';
import { byAgeAndPlace } from './age.js';
import { type RuleOf, withTies } from './ties.js';

/** The routes for the mesh: those of the Gateway API for one host, port and namespace are one (T-19). */
export function mergedForMesh(routes: readonly Route[], version: IstioVersion): readonly Route[] {
  const forMesh = routes.filter(({ attachments }) => attachments.some(({ kind }) => kind === 'mesh'));
  const byKey = groupBy(forMesh, (route) => (isMerged(route) ? mergeKey(route, version) : route));
  return [...byKey.values()].map(merged);
}

function isMerged({ reach, http }: Route): boolean {
  return reach === 'by-parent' && http.length > 0;
}

/** HTTPRoutes and GRPCRoutes are merged with each other from 1.30 on. */
function mergeKey({ namespace, parentPort, hosts, objects }: Route, version: IstioVersion): string {
  const kind = version === '1.28' || version === '1.29' ? objects[0]?.kind : '';
  return [kind, namespace, parentPort, ...hosts].join(' ');
}

/** One route of several, the oldest of which gives its age. */
export function merged(routes: readonly Route[]): Route {
  const ordered = [...routes].sort(byAgeAndPlace);
  const [first = ordered[0], ...others] = ordered;
  if (first === undefined) throw new Error('invariant broken: nothing to merge');
  if (first.reach === 'by-host') return first;
  return {
    ...first,
    objects: [first, ...others].flatMap(({ objects }) => objects),
    http: inPrecedence(ordered.flatMap((route) => route.http.map((rule) => ({ rule, route })))),
  };
}

/** The order that the Gateway API gives to matches; rules without one come last. */
function inPrecedence(rules: readonly RuleOf[]): readonly RouteRule[] {
  const ranks = groupBy(rules, ({ rule }) => JSON.stringify(rankOf(rule)));
  const sorted = sortBy([...ranks.values()], ...[0, 1, 2, 3, 4, 5].map((part) => rankAt(part)));
  return sorted.flatMap(withTies);
}

function rankAt(part: number): (rules: readonly RuleOf[]) => number {
  return ([first]) => (first === undefined ? 0 : (rankOf(first.rule)[part] ?? 0));
}

function rankOf({ matches: [match], origin }: RouteRule): readonly number[] {
  return [
    match === undefined ? 1 : 0,
    -kindOf(match?.path),
    -lengthOf(match?.path, origin.object.kind),
    match?.method === undefined ? 1 : 0,
    -(match?.headers.length ?? 0),
    -(match?.query.length ?? 0),
  ];
}

/** Istiod ends the prefix for a service of a GRPCRoute with a slash, and that of an HTTPRoute without one. */
function lengthOf(path: PathMatch | undefined, kind: string): number {
  if (path === undefined) return 0;
  return path.value.length + (path.kind === 'elements' && kind === 'GRPCRoute' ? 1 : 0);
}

function kindOf(path: PathMatch | undefined): number {
  return path === undefined ? 0 : { exact: 3, prefix: 2, elements: 2, regex: 1 }[path.kind];
}
