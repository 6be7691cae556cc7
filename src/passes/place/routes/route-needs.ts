import type { RouteFeature, RoutingPoint } from '../../../dataplanes/traffic.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import { rulesOnPort } from '../../../ir/rules-on-port.js';
import type { TextPattern } from '../../../parse/traffic/settings.js';
import type { ResolvedRoute, ResolvedTraffic, RouteBackend, RouteMatch } from '../../../resolve/resolved-traffic.js';
import { isWithinLimits, keepsOrder } from './gateway-api-order.js';
import { httpRouteRules } from './http-route-rules.js';
import { isForUsualFailures } from './route-retries.js';

/** One thing that settings ask of a route, and where they do. */
export interface RouteNeed {
  readonly feature: RouteFeature;
  readonly span: Span;
  /** Who has to obey it; `undefined`: whoever routes. */
  readonly point?: RoutingPoint;
}

/** Where routes are tried. */
interface TriedAt {
  readonly ports: readonly number[];
  /** Whether those who decide know no route that does not say that it is for them. */
  readonly isHidden: boolean;
}

/** Everything that settings ask of the object that routes. An HTTPRoute is for one port, so that order and size are those of each. */
export function routeNeeds(
  traffic: Pick<ResolvedTraffic, 'routes' | 'origin'>,
  portNumber: (port: string | number) => number,
  { ports, isHidden }: TriedAt,
): RouteNeed[] {
  const rules = httpRouteRules(traffic, portNumber);
  const objects = ports.map((port) => rulesOnPort(rules, port));
  const whole = (feature: RouteFeature, isNeeded: boolean): RouteNeed[] =>
    isNeeded ? [{ feature, span: traffic.origin.span }] : [];
  return [
    ...traffic.routes.flatMap(needsOf),
    ...whole('writtenOrder', !objects.every((each) => keepsOrder(each))),
    ...whole('exported', isHidden),
    ...whole('manyMatches', !objects.every(isWithinLimits)),
  ];
}

/** Server names are asked for in connections, which are no part of the routes of requests. */
export function serverNameNeeds(routes: readonly ResolvedRoute[]): RouteNeed[] {
  const [first] = routes.flatMap(({ matches }) => matches.flatMap(({ serverNames }) => serverNames));
  return first === undefined ? [] : [{ feature: 'serverNames', span: first.span }];
}

function needsOf(route: ResolvedRoute): RouteNeed[] {
  const { origin, matches, headers, mirrors, timeout, retries, faults, cors } = route;
  const [mirror] = mirrors;
  const mirroredPast = mirrors.find(hasNoVirtualIp);
  const at = (feature: RouteFeature, span: Span | undefined): RouteNeed[] => (span ? [{ feature, span }] : []);
  return [
    ...matches.flatMap(needsOfMatch),
    ...needsOfAction(route),
    ...needsOfRewrite(route),
    ...at('changeHeaders', headers && origin.span),
    ...at('mirror', mirror?.span),
    ...at('serviceWithoutVirtualIp', mirroredPast?.span),
    ...at('timeout', timeout?.span),
    ...at('retries', retries?.span),
    ...at('perTryTimeout', retries?.perTryTimeout?.span),
    ...at('retryOn', retries && !isForUsualFailures(retries.retryOn) ? retries.span : undefined),
    ...at('backoff', retries?.backoff?.span),
    ...at('fault', faults[0]?.name.span),
    ...at('cors', cors?.span),
    ...at('corsPatterns', cors?.origins.find(({ kind }) => kind !== 'exact' && kind !== 'any')?.span),
  ];
}

function needsOfMatch({
  hosts,
  paths,
  ignoreCase,
  methods,
  headers,
  query,
  port,
  except,
  span,
}: RouteMatch): RouteNeed[] {
  const [first] = paths;
  const regex = paths.find(({ kind }) => kind === 'regex' || kind === 'suffix');
  const plain = paths.find((path) => path !== regex);
  const needs: ReadonlyArray<readonly [RouteFeature, Span | undefined]> = [
    ['matchPath', plain?.span],
    ['matchPathRegex', regex?.span],
    ['matchIgnoringCase', ignoreCase ? first?.span : undefined],
    ['matchHost', hosts[0]?.span],
    ['matchMethod', methods.length > 0 ? span : undefined],
    ['matchHeader', headers[0]?.name.span],
    ['matchQuery', query[0]?.name.span],
    ['matchPort', port === undefined ? undefined : span],
    ['exceptHeaders', except[0]?.name.span],
  ];
  return needs.flatMap(([feature, at]) => (at ? [{ feature, span: at }] : []));
}

function needsOfAction({ action, origin }: ResolvedRoute): RouteNeed[] {
  if (action.kind === 'respond') return [{ feature: 'respond', span: action.response.span }];
  if (action.kind === 'redirect') {
    const { span, status } = action.redirect;
    const feature = status === 301 || status === 302 ? 'redirect' : 'redirectStatus';
    return [{ feature, span }];
  }
  const version = action.backends.find(
    ({ place }) => place.kind === 'version' || (place.kind === 'service' && place.version !== undefined),
  );
  const other = action.backends.find(({ place }) => place.kind === 'service');
  const host = action.backends.find(({ place }) => place.kind === 'host');
  const past = action.backends.find(hasNoVirtualIp);
  return [
    ...(version ? [{ feature: 'versions' as const, span: version.span }] : []),
    ...(other ? [{ feature: 'otherService' as const, span: other.span }] : []),
    ...(past ? [{ feature: 'serviceWithoutVirtualIp' as const, span: past.span }] : []),
    ...(host ? [{ feature: 'otherHost' as const, span: host.span }] : []),
    ...(action.backends.length > 1 ? [{ feature: 'split' as const, span: origin.span }] : []),
    ...(action.weights ? [{ feature: 'externalWeights' as const, span: origin.span }] : []),
  ];
}

function hasNoVirtualIp({ place }: Pick<RouteBackend, 'place'>): boolean {
  return place.kind === 'service' && !place.hasVip;
}

function needsOfRewrite({ rewrite, matches }: ResolvedRoute): RouteNeed[] {
  if (rewrite === undefined) return [];
  const { span } = rewrite;
  const isExact = matches.length > 0 && matches.every(({ paths }) => paths.length > 0 && paths.every(isExactPath));
  return [
    ...(rewrite.path !== undefined && !isExact ? [{ feature: 'rewritePath' as const, span }] : []),
    ...(rewrite.prefix !== undefined
      ? [{ feature: matches.every(isByElements) ? ('rewritePrefix' as const) : ('rewriteRawPrefix' as const), span }]
      : []),
    ...(rewrite.host !== undefined ? [{ feature: 'rewriteHost' as const, span }] : []),
  ];
}

function isExactPath({ kind }: TextPattern): boolean {
  return kind === 'exact';
}

/** Whether paths are asked for by whole elements: each `/a/*` together with `/a` itself, as they are written. */
function isByElements({ paths, ignoreCase }: RouteMatch): boolean {
  const exact = new Set(paths.filter(isExactPath).map(({ value }) => value));
  const prefixes = paths.filter(({ kind }) => kind === 'prefix').map(({ value }) => value);
  return (
    !ignoreCase &&
    paths.every(({ kind }) => kind === 'exact' || kind === 'prefix') &&
    prefixes.every((prefix) => prefix === '/' || (prefix.endsWith('/') && exact.has(prefix.slice(0, -1)))) &&
    [...exact].every((path) => prefixes.includes(`${path}/`))
  );
}
