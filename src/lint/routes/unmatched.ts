import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { anyProxy, type Route, type RouteMatch } from '../../mesh/routes/route.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { covers } from './covering.js';
import { hasSidecars, ownersOf } from './known-hosts.js';
import { allRoutes } from './route-rules.js';
import { lawsOf } from './shown.js';

/** A route of the mesh for a Service all of whose rules ask for something: what none of them is for is answered 404 (T-10). */
export function unmatchedRequests(context: LintContext): readonly Diagnostic[] {
  const said = new Set<object>();
  return allRoutes(context).flatMap(({ at, route }) => {
    const [object] = route.objects;
    const host = route.hosts.find((each) => ownersOf(at, each).some(({ kind }) => kind === 'Service'));
    const isForMesh = route.attachments.some(({ kind }) => kind === 'mesh');
    if (object === undefined || host === undefined || !isForMesh || said.has(object) || !isPartial(route)) return [];
    if (!hasSidecars(at) && others(at, route, host).some((other) => !isPartial(other))) return [];
    said.add(object);
    const [rule] = route.http.slice(-1);
    return diagnostic('no-last-rule', { route: describe(object), host }, spanIn(object, rule?.origin.place ?? []), {
      witness: `a request to ${host} that none of the rules is for is answered 404`,
      ...lawsOf('where a host is routed there is no way beside its rules (istio-traffic-topology T-10)'),
    });
  });
}

/** A waypoint tries the rules of all that are for a host. */
function others({ routes }: MeshCluster, route: Route, host: string): readonly Route[] {
  return routes.filter((each) => each !== route && each.reach === 'by-host' && each.hosts.includes(host));
}

/** Several routes of the Gateway API may be one. Where a rule is for other proxies alone, it does not exist for the rest. */
function isPartial({ http, reach }: Route): boolean {
  const isForAll = (match: RouteMatch) => covers({ ...match, proxy: anyProxy }, undefined);
  const hasLast = http.some(({ matches }) => matches.length === 0 || matches.some(isForAll));
  return reach === 'by-host' && http.length > 0 && !hasLast;
}
