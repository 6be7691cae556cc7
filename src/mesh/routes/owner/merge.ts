import type { IstioVersion } from '../../../parse/mesh.js';
import { groupBy, sortBy } from '../../../util/order.js';
import type { PathMatch, Route, RouteRule } from '../route.js';
import { byAgeAndPlace } from './age.js';

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
    http: inPrecedence(ordered.flatMap(({ http }) => http)),
  };
}

/** The order that the Gateway API gives to matches; rules without one come last. */
export function inPrecedence(rules: readonly RouteRule[]): readonly RouteRule[] {
  return sortBy(
    rules,
    ({ matches }) => (matches.length === 0 ? 1 : 0),
    ({ matches }) => -rankOf(matches[0]?.path),
    ({ matches }) => -(matches[0]?.path?.value.length ?? 0),
    ({ matches }) => (matches[0]?.method === undefined ? 1 : 0),
    ({ matches }) => -(matches[0]?.headers.length ?? 0),
    ({ matches }) => -(matches[0]?.query.length ?? 0),
  );
}

function rankOf(path: PathMatch | undefined): number {
  return path === undefined ? 0 : { exact: 3, prefix: 2, elements: 2, regex: 1 }[path.kind];
}
