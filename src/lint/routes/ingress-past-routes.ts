import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { Route, RouteRule } from '../../mesh/routes/route.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { Service } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import type { LintContext } from '../context.js';
import { ownersOf } from './known-hosts.js';
import { allRoutes, type RouteIn, type Sending, sendingsOf } from './route-rules.js';
import { sampleOf } from './samples.js';

/**
 * A gateway that sends to a Service, and a route of the mesh that sends requests for the same Service somewhere else: the
 * gateway goes by its own routes alone, unless it comes through a waypoint (I-01, W-60).
 */
export function ingressPastRoutes(context: LintContext): readonly Diagnostic[] {
  const routes = allRoutes(context);
  const elsewhere = routes.filter(({ route }) => isForMesh(route)).flatMap(leadingElsewhere);
  const byHost = groupBy(elsewhere, ({ at, host }) => `${at.cluster.name} ${host}`);
  return routes
    .filter(({ route }) => !isForMesh(route))
    .flatMap(({ at, route }) =>
      sendingsOf(route).flatMap((sending) => {
        const passed = (byHost.get(`${at.cluster.name} ${sending.host}`) ?? [])[0];
        if (passed === undefined || sending.share === 'a copy' || !goesStraight(at, sending)) return [];
        return [finding(route, sending, passed)];
      }),
    );
}

/** A rule of the mesh that does with a host something else than send to it. */
export interface Elsewhere {
  readonly at: MeshCluster;
  readonly host: string;
  readonly rule: RouteRule;
  readonly does: string;
}

export function isForMesh({ attachments }: Route): boolean {
  return attachments.some(({ kind }) => kind === 'mesh');
}

export function leadingElsewhere({ at, route }: RouteIn<Route>): readonly Elsewhere[] {
  return route.hosts.flatMap((host) =>
    route.http.flatMap((rule) => {
      const does = whatElse(rule, host);
      return does === undefined ? [] : [{ at, host, rule, does }];
    }),
  );
}

function whatElse({ result, abort }: RouteRule, host: string): string | undefined {
  if (abort !== undefined) return `aborts requests for \`${host}\``;
  if (result.kind !== 'forward') return undefined;
  const other = result.destinations.find(
    (destination) => destination.host !== host || destination.subset !== undefined,
  );
  if (other === undefined) return undefined;
  const version = other.subset === undefined ? '' : ` in version \`${other.subset}\``;
  return `sends requests for \`${host}\` to \`${other.host}\`${version}`;
}

/** A version that the gateway chooses itself is its own choice. */
function goesStraight(at: MeshCluster, { subset, host }: Sending): boolean {
  if (subset !== undefined) return false;
  const service = ownersOf(at, host).find(({ kind }) => kind === 'Service')?.owner;
  return service !== undefined && !isThroughWaypoint(service);
}

function isThroughWaypoint({
  binding,
  ingressUsesWaypoint,
}: Pick<Service, 'binding' | 'ingressUsesWaypoint'>): boolean {
  return binding.kind === 'bound' && ingressUsesWaypoint;
}

function finding(route: Route, { object, place, host, rule }: Sending, { rule: passed, does }: Elsewhere): Diagnostic {
  const other = describe(passed.origin.object);
  const sample = rule && sampleOf(route, rule);
  return diagnostic('route-past-by-ingress', { route: describe(object), host, other, does }, spanIn(object, place), {
    ...(sample !== undefined && { witness: `${sample} goes to any pod of \`${host}\`, whatever ${other} says` }),
    notes: [
      { message: 'the rule of the mesh is here', span: spanIn(passed.origin.object, passed.origin.place) },
      {
        message:
          'a gateway goes by the routes that are bound to it, and by no routes of the mesh (istio-traffic-topology I-01, W-60)',
      },
    ],
  });
}
