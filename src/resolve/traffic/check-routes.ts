import { diagnostic } from '../../diagnostics/create.js';
import type { Note } from '../../diagnostics/diagnostic.js';
import type { TrafficRoute, TrafficSettings } from '../../parse/traffic/settings.js';
import type { ResolveContext } from '../context.js';
import { coversMatch } from './covers-match.js';
import { asksForHostAlone, isForHost } from './hosts-of-match.js';

/** Reports routes that no request reaches, and requests that no route is said to be for. */
export function checkRoutes(context: ResolveContext, settings: TrafficSettings): void {
  const { name, hosts, routes } = settings;
  reportRepeatedNames(context, name.value, routes);
  for (const route of routes) checkRewrite(context, route);
  const asked = hosts.length > 0 ? hosts.map(({ value }) => value) : [undefined];
  const wholes = new Map(asked.map((host) => [host, routes.find((route) => isForAll(route, host))]));
  for (const route of routes) reportUnreachable(context, settings, route, wholes);
  checkRest(context, settings, [...wholes.values()]);
  for (const host of hosts)
    if (!routes.some((route) => isFor(route, host.value)))
      context.report(diagnostic('host-without-routes', { host: host.value }, host.span));
}

/** What no route takes is answered 404, and that is said, or it is for a rollout. `wholes`: the routes for all requests to each host. */
function checkRest(
  context: ResolveContext,
  { routes, rollout, unmatched }: TrafficSettings,
  wholes: ReadonlyArray<TrafficRoute | undefined>,
): void {
  const [first] = wholes;
  const last = routes.at(-1);
  const isNone = wholes.every((whole) => whole);
  const notes = isNone || !rollout ? notesOn(first) : [{ message: 'this is for the rest', span: rollout.span }];
  if (!isNone && !unmatched && !rollout && last) context.report(diagnostic('no-last-route', {}, last.name.span));
  if (unmatched && (isNone || rollout)) context.report(diagnostic('nothing-unmatched', {}, unmatched.span, { notes }));
  if (!isNone || !first || !rollout) return;
  const why = `route \`${first.name.value}\` takes all requests`;
  const help = 'give that route a `match`, or delete it: what no route takes is for the rollout';
  context.report(diagnostic('malformed-rollout', { why }, rollout.span, { notes, help }));
}

/** Whether a route is for some of the requests to a host of its gateway, or of those to its Service. */
function isFor({ match }: TrafficRoute, host: string | undefined): boolean {
  return match.length === 0 || match.some((each) => isForHost(each, host));
}

function isForAll({ match }: TrafficRoute, host: string | undefined): boolean {
  return match.length === 0 || match.some((each) => isForHost(each, host) && asksForHostAlone(each));
}

/** A route stands behind others that are for all requests to each of its hosts, or for all that it asks for. */
function reportUnreachable(
  context: ResolveContext,
  { routes }: TrafficSettings,
  route: TrafficRoute,
  wholes: ReadonlyMap<string | undefined, TrafficRoute | undefined>,
): void {
  const before = [...wholes].filter(([host]) => isFor(route, host)).map(([, whole]) => whole);
  const isHidden = before.every((whole) => whole && routes.indexOf(whole) < routes.indexOf(route));
  const notes = before.length > 0 && isHidden ? notesOn(before[0]) : notesOnTakers(routes, route);
  if (notes.length === 0) return;
  context.report(diagnostic('unreachable-route', { route: route.name.value }, route.name.span, { notes }));
}

/** The earlier routes that together take every request of a route; none where some may be left to it. */
function notesOnTakers(routes: readonly TrafficRoute[], { name, match }: TrafficRoute): Note[] {
  const earlier = routes.slice(
    0,
    routes.findIndex((each) => each.name === name),
  );
  const takers = match.map((each) => earlier.find((route) => route.match.some((wide) => coversMatch(wide, each))));
  const known = takers.flatMap((taker) => taker ?? []);
  if (known.length < takers.length) return [];
  return [...new Set(known)].map((taker) => ({
    message: `route \`${taker.name.value}\` takes them first`,
    span: taker.name.span,
  }));
}

function notesOn(whole: TrafficRoute | undefined): Note[] {
  return whole ? [{ message: 'this one matches every request', span: whole.name.span }] : [];
}

function reportRepeatedNames(context: ResolveContext, settings: string, routes: readonly TrafficRoute[]): void {
  const first = new Map<string, TrafficRoute>();
  for (const route of routes) {
    const earlier = first.get(route.name.value);
    if (earlier === undefined) first.set(route.name.value, route);
    else {
      const notes = [{ message: 'the first is here', span: earlier.name.span }];
      context.report(diagnostic('duplicate-rule', { name: route.name.value, settings }, route.name.span, { notes }));
    }
  }
}

/** A prefix is replaced where one was matched: by every `match`, and by paths that are prefixes or exact. */
function checkRewrite(context: ResolveContext, { rewrite, match }: TrafficRoute): void {
  if (rewrite?.prefix === undefined) return;
  const paths = match.flatMap((each) => each.paths);
  const odd = paths.find(({ kind }) => kind !== 'prefix' && kind !== 'exact');
  const isEverywhere = match.length > 0 && match.every((each) => each.paths.length > 0);
  if (isEverywhere && odd === undefined) return;
  const why = isEverywhere
    ? 'a path is matched by its end or by a regular expression'
    : 'some requests are matched without `paths`';
  context.report(diagnostic('prefix-without-paths', { why }, odd?.span ?? rewrite.span));
}
