import type {
  NamedText,
  PlacedConnectionRule,
  PlacedMatch,
  PlacedRetries,
  PlacedRouteRule,
  PlacedText,
} from '../../ir/placed-traffic.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import type { Cors, HeaderChange, Redirect } from '../../parse/traffic/settings.js';
import type { ResolvedRoute, RouteBackend, RouteMirror, RoutePlace } from '../../resolve/resolved-traffic.js';
import { isHostOfEntry } from '../../topology/entry-host.js';
import { milliseconds } from '../../util/duration.js';
import { portOf, type RouteHome, serviceAt } from './route-place.js';

/** One rule of an HTTPRoute; `port` is that of its parent, where it is a Service. */
export function httpRule(
  placed: RouteHome,
  { route, matches, rewrite, retries }: PlacedRouteRule,
  port?: number,
): JsonObject {
  const { action, timeout } = route;
  const filters = filtersOf(placed, route, rewrite, port);
  const timeouts = {
    ...(timeout ? { request: timeout.value } : {}),
    ...(retries?.perTryTimeout ? { backendRequest: retries.perTryTimeout } : {}),
  };
  return {
    matches: matches.length > 0 ? matches.map(match) : [{ path: { type: 'PathPrefix', value: '/' } }],
    ...(filters.length > 0 ? { filters } : {}),
    ...(Object.keys(timeouts).length > 0 ? { timeouts } : {}),
    ...(retries ? { retry: retry(retries) } : {}),
    ...(action.kind === 'forward' ? { backendRefs: backendRefs(placed, action.backends, port) } : {}),
  };
}

/** The one rule of a TCPRoute. */
export function tcpRule(placed: RouteHome, { port, backends }: PlacedConnectionRule): JsonObject {
  return { backendRefs: backendRefs(placed, backends, port) };
}

/** `port`: the one that was asked of a Service; at a gateway there is none. */
export function backendRefs(
  placed: RouteHome,
  backends: readonly RouteBackend[],
  port: number | undefined,
): JsonValue[] {
  return backends.map((each) => ({ ...backendRef(placed, each, port), weight: each.weight }));
}

const pathTypes = { exact: 'Exact', prefix: 'PathPrefix', regex: 'RegularExpression' } as const;

function match({ path, method, headers, query }: PlacedMatch): JsonObject {
  return {
    ...(path ? { path: { type: pathTypes[path.kind], value: path.value } } : {}),
    ...(method ? { method } : {}),
    ...(headers.length > 0 ? { headers: headers.map(named) } : {}),
    ...(query.length > 0 ? { queryParams: query.map(named) } : {}),
  };
}

function named({ name, text }: NamedText): JsonObject {
  return { name, type: typeOf(text), value: text.value };
}

function typeOf({ kind }: PlacedText): string {
  return kind === 'regex' ? 'RegularExpression' : 'Exact';
}

function retry({ attempts, retryOn, backoff }: PlacedRetries): JsonObject {
  const codes = retryOn.filter((each) => /^\d+$/.test(each)).map(Number);
  return { attempts, ...(codes.length > 0 ? { codes } : {}), ...(backoff ? { backoff } : {}) };
}

function filtersOf(
  placed: RouteHome,
  { action, headers, mirrors, cors, rewrite: wanted }: ResolvedRoute,
  rewrite: PlacedRouteRule['rewrite'],
  port: number | undefined,
): JsonValue[] {
  const host = wanted?.host;
  return [
    ...(headers?.request ? [{ type: 'RequestHeaderModifier', requestHeaderModifier: change(headers.request) }] : []),
    ...(headers?.response
      ? [{ type: 'ResponseHeaderModifier', responseHeaderModifier: change(headers.response) }]
      : []),
    ...(action.kind === 'redirect' ? [{ type: 'RequestRedirect', requestRedirect: redirect(action.redirect) }] : []),
    ...(rewrite || host
      ? [
          {
            type: 'URLRewrite',
            urlRewrite: { ...(host && { hostname: host }), ...(rewrite && { path: replaced(rewrite) }) },
          },
        ]
      : []),
    ...(cors ? [{ type: 'CORS', cors: corsFilter(cors) }] : []),
    ...mirrors.map((each) => ({ type: 'RequestMirror', requestMirror: mirror(placed, each, port) })),
  ];
}

function replaced({ of, path }: NonNullable<PlacedRouteRule['rewrite']>): JsonObject {
  return of === 'whole'
    ? { type: 'ReplaceFullPath', replaceFullPath: path }
    : { type: 'ReplacePrefixMatch', replacePrefixMatch: path };
}

function redirect({ scheme, host, port, path, status }: Redirect): JsonObject {
  return {
    ...(scheme ? { scheme } : {}),
    ...(host ? { hostname: host } : {}),
    ...(port === undefined ? {} : { port }),
    ...(path ? { path: { type: 'ReplaceFullPath', replaceFullPath: path } } : {}),
    statusCode: status,
  };
}

function corsFilter({ origins, methods, headers, exposeHeaders, maxAge, credentials }: Cors): JsonObject {
  return {
    allowOrigins: origins.map(({ kind, value }) => (kind === 'any' ? '*' : value)),
    ...(methods.length > 0 ? { allowMethods: [...methods] } : {}),
    ...(headers.length > 0 ? { allowHeaders: [...headers] } : {}),
    ...(exposeHeaders.length > 0 ? { exposeHeaders: [...exposeHeaders] } : {}),
    ...(maxAge ? { maxAge: Math.floor(milliseconds(maxAge.value) / 1000) } : {}),
    ...(credentials ? { allowCredentials: true } : {}),
  };
}

function change({ set, add, remove }: HeaderChange): JsonObject {
  const listed = (values: HeaderChange['set']) => Object.entries(values).map(([name, value]) => ({ name, value }));
  return {
    ...(Object.keys(set).length > 0 ? { set: listed(set) } : {}),
    ...(Object.keys(add).length > 0 ? { add: listed(add) } : {}),
    ...(remove.length > 0 ? { remove: [...remove] } : {}),
  };
}

function mirror(placed: RouteHome, target: RouteMirror, port: number | undefined): JsonObject {
  const { percent } = target;
  const share = Number.isInteger(percent)
    ? { percent }
    : { fraction: { numerator: Math.round(percent * 10_000), denominator: 1_000_000 } };
  return { backendRef: backendRef(placed, target, port), ...(percent === 100 ? {} : share) };
}

function backendRef(placed: RouteHome, target: Omit<RouteBackend, 'weight'>, asked: number | undefined): JsonObject {
  const { place } = target;
  const port = portOf(placed, target) ?? onlyPort(placed, place) ?? asked ?? 0;
  const service = serviceAt(placed, place);
  if (service && isHostOfEntry(service))
    return { group: 'networking.istio.io', kind: 'Hostname', name: service.host, port };
  const namespace = place.kind === 'service' && place.namespace !== placed.destination.namespace;
  return {
    group: '',
    kind: 'Service',
    name: nameOf(placed, target),
    ...(namespace ? { namespace: place.namespace } : {}),
    port,
  };
}

/** The one port that another Service has, whichever was asked; a VirtualService that names none means the same. */
function onlyPort(placed: RouteHome, place: RoutePlace): number | undefined {
  const [port, ...others] = (place.kind === 'service' && serviceAt(placed, place)?.ports) || [];
  return others.length === 0 ? port?.number : undefined;
}

function nameOf({ destination, backends, otherVersions }: RouteHome, { place }: Pick<RouteBackend, 'place'>): string {
  if (place.kind === 'service') {
    const version = otherVersions?.get(`${place.namespace}/${place.name} ${place.version}`);
    return version?.name ?? place.name;
  }
  const version = place.kind === 'version' ? backends.find((each) => each.version === place.version) : undefined;
  return version?.name ?? destination.name;
}
