import type { TrafficRoute, TrafficSettings } from '../../parse/traffic-settings.js';
import { sortBy } from '../../util/order.js';
import type { ResolveContext } from '../context.js';
import type { Origin } from '../resolved.js';
import type { ResolvedRoute, RouteAction, RouteBackend } from '../resolved-traffic.js';
import { resolveBackends, resolveMirrors } from './backends.js';
import { checkRoutes } from './check-routes.js';
import { resolveMatch } from './matches.js';
import type { RouteSite } from './route-site.js';

/** The routes of settings, each with the times that hold for it. Settings without routes have one, for every request. */
export function resolveRoutes(
  context: ResolveContext,
  settings: TrafficSettings,
  site: RouteSite,
): readonly ResolvedRoute[] {
  if (settings.routes.length === 0) return [onlyRoute(settings)];
  checkRoutes(context, settings);
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

function originOf(settings: TrafficSettings, { name, reason, owner, ticket }: TrafficRoute): Origin {
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
  return { kind: 'forward', backends: resolveBackends(context, settings, to ?? [], site) };
}

/** All requests, to the shares of `split` or to the whole Service. */
function onlyRoute({ name, split, timeout, retries, faults = [], cors }: TrafficSettings): ResolvedRoute {
  const shares = sortBy(split, ({ version }) => version.value).map(
    ({ version, weight }): RouteBackend => ({
      place: { kind: 'version', version: version.value },
      port: undefined,
      weight,
      span: version.span,
    }),
  );
  const whole: RouteBackend = { place: { kind: 'self' }, port: undefined, weight: 1, span: name.span };
  return {
    origin: { id: name.value, span: name.span, reason: undefined, owner: undefined, ticket: undefined },
    matches: [],
    action: { kind: 'forward', backends: shares.length > 0 ? shares : [whole] },
    rewrite: undefined,
    headers: undefined,
    mirrors: [],
    timeout,
    retries,
    faults,
    cors,
  };
}
