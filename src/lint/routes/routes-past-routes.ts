import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { PathMatch, RouteRule } from '../../mesh/routes/route.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { groupBy } from '../../util/order.js';
import type { LintContext } from '../context.js';
import { type Elsewhere, isForMesh, leadingElsewhere } from './ingress-past-routes.js';
import { isKnownIn, ownersOf } from './known-hosts.js';
import { allRoutes, type RouteIn, type Sending, sendingsOf } from './route-rules.js';
import { sampleOf } from './samples.js';

/** A route of the mesh that leads to a host which has routes of its own: these are not tried, as nobody routes twice (T-23). */
export function routesPastRoutes(context: LintContext): readonly Diagnostic[] {
  const routes = allRoutes(context).filter(({ route }) => isForMesh(route));
  const elsewhere = groupBy(routes.flatMap(leadingElsewhere), ({ at, host }) => `${at.cluster.name} ${host}`);
  const said = new Set<string>();
  return routes.flatMap(({ at, route }) =>
    sendingsOf(route).flatMap((sending) => {
      const { host, subset, object, rule } = sending;
      if (route.hosts.includes(host) || subset !== undefined) return [];
      if (!ownersOf(at, host).some((owner) => isKnownIn(owner, route.namespace))) return [];
      const key = `${at.cluster.name} ${describe(object)} ${host}`;
      if (said.has(key)) return [];
      const all = elsewhere.get(`${at.cluster.name} ${host}`) ?? [];
      const passed = all.find((other) => rule === undefined || mayMeet(rule, other.rule));
      if (passed === undefined) return [];
      said.add(key);
      return [finding({ at, route }, sending, passed)];
    }),
  );
}

/** Whether a request for which a rule is may be one for another rule, once it has been sent on. */
function mayMeet(rule: RouteRule, other: RouteRule): boolean {
  const changed = rule.result.kind === 'forward' && rule.result.destinations.some(({ changes }) => changes.path);
  if (changed || rule.matches.length === 0 || other.matches.length === 0) return true;
  return rule.matches.some((one) => other.matches.some((two) => arePathsAlike(one.path, two.path)));
}

function arePathsAlike(one: PathMatch | undefined, two: PathMatch | undefined): boolean {
  if (one === undefined || two === undefined || one.kind === 'regex' || two.kind === 'regex') return true;
  const [left, right] = [one.value.toLowerCase(), two.value.toLowerCase()];
  return left.startsWith(right) || right.startsWith(left);
}

function finding(
  { route }: RouteIn,
  { object, place, host, rule }: Sending,
  { rule: passed, does }: Elsewhere,
): Diagnostic {
  const other = describe(passed.origin.object);
  const sample = rule && sampleOf(route, rule);
  return diagnostic('route-past-route', { route: describe(object), host, other, does }, spanIn(object, place), {
    ...(sample !== undefined && { witness: `${sample} comes to pods of \`${host}\`, whatever ${other} says` }),
    notes: [
      { message: 'the rule that is not tried is here', span: spanIn(passed.origin.object, passed.origin.place) },
      {
        message:
          'a proxy that has routed a request sends it to pods, and tries no rules again (istio-traffic-topology T-23)',
      },
    ],
  });
}
