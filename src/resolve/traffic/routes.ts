import type { TrafficRoute, TrafficSettings } from '../../parse/traffic/settings.js';
import { sortBy } from '../../util/order.js';
import type { ResolveContext } from '../context.js';
import type { Origin } from '../resolved.js';
import type { ResolvedRoute, RouteAction, RouteBackend } from '../resolved-traffic.js';
import { resolveBackends, resolveMirrors } from './backends.js';
import { checkRoutes } from './check-routes.js';
import { checkWeights } from './check-weights.js';
import { resolveMatch } from './matches.js';
import { plainRoute } from './plain-route.js';
import type { RouteSite } from './route-site.js';
import { sharesOf } from './shares.js';

/**
 * The routes of settings, each with the times that hold for it. What they leave is for a rollout. Settings without routes
 * have one, for every request, unless they speak of other things alone.
 */
export function resolveRoutes(
  context: ResolveContext,
  settings: TrafficSettings,
  site: RouteSite,
): readonly ResolvedRoute[] {
  const written = settings.routes.length === 0 ? [] : writtenRoutes(context, settings, site);
  const last = settings.rollout || settings.routes.length === 0 ? [lastRoute(settings)].filter(saysSomething) : [];
  const routes = [...written, ...last];
  checkWeights(context, settings, routes);
  return routes;
}

function writtenRoutes(context: ResolveContext, settings: TrafficSettings, site: RouteSite): readonly ResolvedRoute[] {
  checkRoutes(context, settings, site.ports);
  return settings.routes.map((route) => ({
    origin: originOf(settings, route),
    matches: route.match.map((match) => resolveMatch(context, match, site)),
    action: actionOf(context, settings, route, site),
    rewrite: route.rewrite,
    headers: route.headers,
    mirrors: resolveMirrors(context, settings, route.mirror, site),
    // Where no Service is waited for, there is nothing to limit or to try again.
    timeout: route.to && (route.timeout ?? settings.timeout),
    retries: route.to && (route.retries ?? settings.retries),
    faults: route.to ? (route.faults ?? settings.faults ?? []) : [],
    cors: route.to && (route.cors ?? settings.cors),
  }));
}

/** Whether a route for every request to the whole Service does anything that would not be done without it. */
function saysSomething({ origin: _, matches: __, action, ...wishes }: ResolvedRoute): boolean {
  const isWhole = action.kind === 'forward' && action.backends.every(({ place }) => place.kind === 'self');
  return (
    !isWhole || Object.values(wishes).some((wish) => wish !== undefined && !(Array.isArray(wish) && wish.length === 0))
  );
}

export function originOf(settings: TrafficSettings, { name, reason, owner, ticket }: TrafficRoute): Origin {
  return { id: `${settings.name.value}/${name.value}`, span: name.span, reason, owner, ticket };
}

function actionOf(
  context: ResolveContext,
  settings: TrafficSettings,
  { to, redirect, respond }: TrafficRoute,
  site: RouteSite,
): RouteAction {
  if (redirect) return { kind: 'redirect', redirect };
  if (respond) return { kind: 'respond', response: respond };
  return forward(settings, resolveBackends(context, settings, to ?? [], site));
}

/** Of a single place there is no weight that anybody could change. */
function forward({ weights }: TrafficSettings, backends: readonly RouteBackend[]): RouteAction {
  return { kind: 'forward', backends, ...(weights && backends.length > 1 && { weights: weights.value }) };
}

/** All requests, to shares of versions or to the whole Service. */
function lastRoute(settings: TrafficSettings): ResolvedRoute {
  const { name, timeout, retries, faults = [], cors } = settings;
  const shares = sortBy(sharesOf(settings), ({ version }) => version.value).map(
    ({ version, weight }): RouteBackend => ({
      place: { kind: 'version', version: version.value },
      port: undefined,
      weight,
      span: version.span,
    }),
  );
  const origin = { id: name.value, span: name.span, reason: undefined, owner: undefined, ticket: undefined };
  const plain = plainRoute(origin);
  const action = shares.length > 0 ? forward(settings, shares) : plain.action;
  return { ...plain, action, timeout, retries, faults, cors };
}
