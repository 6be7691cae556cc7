import { diagnostic } from '../../diagnostics/create.js';
import type { Note } from '../../diagnostics/diagnostic.js';
import type { RequestMatch, TrafficRoute, TrafficSettings } from '../../parse/traffic/settings.js';
import type { ResolveContext } from '../context.js';
import { coversMatch } from './covers-match.js';
import { asksForHostAlone, isForHost } from './hosts-of-match.js';
import type { SitePort } from './route-site.js';

/** Reports routes that no request reaches, and requests that no route is said to be for. */
export function checkRoutes(context: ResolveContext, settings: TrafficSettings, ports: readonly SitePort[]): void {
  const { name, hosts, routes } = settings;
  reportRepeatedNames(context, name.value, routes);
  for (const route of routes) checkRewrite(context, route);
  const asked = askedAt(settings, ports).map((each) => ({
    ...each,
    whole: routes.find((route) => isForAll(route, each)),
  }));
  for (const route of routes) reportUnreachable(context, settings, route, asked);
  checkRest(
    context,
    settings,
    asked.filter(({ port }) => port?.readsRequests ?? true).map(({ whole }) => whole),
  );
  for (const host of hosts)
    if (!routes.some(({ match }) => match.length === 0 || match.some((each) => isForHost(each, host.value))))
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
  const notes = isNone || !rollout ? notesOn(wholes) : [{ message: 'this is for the rest', span: rollout.span }];
  if (!isNone && !unmatched && !rollout && last) context.report(diagnostic('no-last-route', {}, last.name.span));
  if (unmatched && (isNone || rollout)) context.report(diagnostic('nothing-unmatched', {}, unmatched.span, { notes }));
  if (!isNone || !first || !rollout) return;
  const why = `route \`${first.name.value}\` takes all requests`;
  const help = 'give that route a `match`, or delete it: what no route takes is for the rollout';
  context.report(diagnostic('malformed-rollout', { why }, rollout.span, { notes, help }));
}

/** A host and a port by which requests come, as far as hosts and ports are told apart. */
interface Asked {
  readonly host: string | undefined;
  readonly port: SitePort | undefined;
}

interface AskedWhole extends Asked {
  /** The first route for all that is asked so. */
  readonly whole: TrafficRoute | undefined;
}

function askedAt({ hosts, routes }: TrafficSettings, ports: readonly SitePort[]): readonly Asked[] {
  const names = hosts.length > 0 ? hosts.map(({ value }) => value) : [undefined];
  const tellsPorts = ports.length > 0 && routes.some(({ match }) => match.some(({ port }) => port !== undefined));
  return names.flatMap((host) => (tellsPorts ? ports : [undefined]).map((port) => ({ host, port })));
}

/** Whether a route is for some of what is asked so. */
function isFor({ match }: TrafficRoute, asked: Asked): boolean {
  return match.length === 0 || match.some((each) => isForHost(each, asked.host) && isForPort(each, asked));
}

function isForAll({ match }: TrafficRoute, asked: Asked): boolean {
  const isWhole = (each: RequestMatch) =>
    asksForHostAlone(asked.port === undefined ? each : { ...each, port: undefined });
  return (
    match.length === 0 || match.some((each) => isForHost(each, asked.host) && isForPort(each, asked) && isWhole(each))
  );
}

function isForPort({ port }: RequestMatch, asked: Asked): boolean {
  if (port === undefined || asked.port === undefined) return true;
  return port.value === asked.port.number || port.value === asked.port.name;
}

/** A route stands behind others that are for all requests to each of its hosts and ports, or for all that it asks for. */
function reportUnreachable(
  context: ResolveContext,
  { routes }: TrafficSettings,
  route: TrafficRoute,
  all: readonly AskedWhole[],
): void {
  const before = all.filter((asked) => isFor(route, asked)).map(({ whole }) => whole);
  const isHidden = before.every((whole) => whole && routes.indexOf(whole) < routes.indexOf(route));
  const notes = before.length > 0 && isHidden ? notesOn(before) : notesOnTakers(routes, route);
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

function notesOn(wholes: ReadonlyArray<TrafficRoute | undefined>): Note[] {
  const [first, ...others] = [...new Set(wholes)].flatMap((whole) => whole ?? []);
  if (first === undefined) return [];
  if (others.length === 0) return [{ message: 'this one matches every request', span: first.name.span }];
  return [first, ...others].map(({ name }) => ({
    message: `route \`${name.value}\` takes all at its port`,
    span: name.span,
  }));
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
