import type {
  NamedText,
  PlacedConnectionRule,
  PlacedMatch,
  PlacedRetries,
  PlacedRouteRule,
  PlacedText,
} from '../../ir/placed-traffic.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import type { Cors, Fault, HeaderChange, Redirect, Response, TextPattern } from '../../parse/traffic/settings.js';
import type { ResolvedRoute, RouteBackend, RouteMirror } from '../../resolve/resolved-traffic.js';
import { milliseconds } from '../../util/duration.js';
import { escapeRegExp } from '../../util/escape-reg-exp.js';
import { hostOf, portOf, type RouteHome } from './route-place.js';

/** One entry of a VirtualService's `http`. */
export function httpRule(placed: RouteHome, { route, name, matches, rewrite, retries }: PlacedRouteRule): JsonObject {
  const host = route.rewrite?.host;
  const { action, mirrors, headers, timeout, faults, cors } = route;
  return {
    ...(name ? { name } : {}),
    ...(matches.length > 0 ? { match: matches.map(match) } : {}),
    ...(action.kind === 'redirect' ? { redirect: redirect(action.redirect) } : {}),
    ...(action.kind === 'respond' ? { directResponse: directResponse(action.response) } : {}),
    ...(rewrite || host
      ? { rewrite: { ...(rewrite && { uri: rewrite.path }), ...(host && { authority: host }) } }
      : {}),
    ...(action.kind === 'forward' ? { route: shares(placed, action.backends) } : {}),
    ...(mirrors.length > 0 ? { mirrors: mirrors.map((each) => mirror(placed, each)) } : {}),
    ...(headers ? { headers: changes(headers) } : {}),
    ...(timeout && !isNone(timeout.value) ? { timeout: timeout.value } : {}),
    ...(retries ? { retries: retried(retries) } : {}),
    ...(faults.length > 0 ? { fault: Object.assign({}, ...faults.map(fault)) } : {}),
    ...(cors ? { corsPolicy: corsPolicy(cors) } : {}),
  };
}

/** One entry of a VirtualService's `tcp`. */
export function tcpRule(placed: RouteHome, { port, backends }: PlacedConnectionRule): JsonObject {
  return { match: [{ port }], route: shares(placed, backends) };
}

/** One entry of a VirtualService's `tls`, for what asks for a host by its name. */
export function tlsRule(placed: RouteHome, { port, backends }: PlacedConnectionRule, host: string): JsonObject {
  return { match: [{ port, sniHosts: [host] }], route: shares(placed, backends) };
}

function match({ path, method, headers, query, without, port }: PlacedMatch): JsonObject {
  return {
    ...(path ? { uri: text(path) } : {}),
    ...(path?.ignoreCase ? { ignoreUriCase: true } : {}),
    ...(method ? { method: { exact: method } } : {}),
    ...(headers.length > 0 ? { headers: named(headers) } : {}),
    ...(query.length > 0 ? { queryParams: named(query) } : {}),
    ...(without.length > 0 ? { withoutHeaders: named(without) } : {}),
    ...(port === undefined ? {} : { port }),
  };
}

function text({ kind, value }: PlacedText): JsonObject {
  return { [kind]: value };
}

function named(texts: readonly NamedText[]): JsonObject {
  return Object.fromEntries(texts.map(({ name, text: value }) => [name, text(value)]));
}

/** Where requests or connections go, in proportion. */
export function shares(placed: RouteHome, backends: readonly RouteBackend[]): JsonValue[] {
  const [only] = backends;
  if (backends.length === 1 && only) return [{ destination: destination(placed, only) }];
  return backends.map((backend) => ({ destination: destination(placed, backend), weight: backend.weight }));
}

function mirror(placed: RouteHome, target: RouteMirror): JsonObject {
  const share = target.percent === 100 ? {} : { percentage: { value: target.percent } };
  return { destination: destination(placed, target), ...share };
}

function destination(placed: RouteHome, target: Omit<RouteBackend, 'weight'>): JsonObject {
  const { place } = target;
  const port = portOf(placed, target);
  return {
    host: hostOf(placed, place),
    ...('version' in place && place.version !== undefined ? { subset: place.version } : {}),
    ...(port === undefined ? {} : { port: { number: port } }),
  };
}

function redirect({ scheme, host, port, path, status }: Redirect): JsonObject {
  return {
    ...(scheme ? { scheme } : {}),
    ...(host ? { authority: host } : {}),
    ...(port === undefined ? {} : { port }),
    ...(path ? { uri: path } : {}),
    redirectCode: status,
  };
}

function directResponse({ status, body }: Response): JsonObject {
  return { status, ...(body === undefined ? {} : { body: { string: body } }) };
}

function changes({ request, response }: NonNullable<ResolvedRoute['headers']>): JsonObject {
  return {
    ...(request ? { request: change(request) } : {}),
    ...(response ? { response: change(response) } : {}),
  };
}

function change({ set, add, remove }: HeaderChange): JsonObject {
  return {
    ...(Object.keys(set).length > 0 ? { set } : {}),
    ...(Object.keys(add).length > 0 ? { add } : {}),
    ...(remove.length > 0 ? { remove: [...remove] } : {}),
  };
}

function retried({ attempts, perTryTimeout, backoff, retryOn }: PlacedRetries): JsonObject {
  return {
    attempts,
    ...(perTryTimeout && !isNone(perTryTimeout) ? { perTryTimeout } : {}),
    ...(backoff ? { backoff } : {}),
    ...(retryOn.length > 0 ? { retryOn: retryOn.join(',') } : {}),
  };
}

function fault({ delay, abort, percent }: Fault): JsonObject {
  const percentage = { value: percent };
  return {
    ...(delay ? { delay: { fixedDelay: delay.value, percentage } } : {}),
    ...(abort ? { abort: { httpStatus: abort.value, percentage } } : {}),
  };
}

function corsPolicy({ origins, methods, headers, exposeHeaders, maxAge, credentials }: Cors): JsonObject {
  return {
    allowOrigins: origins.map(pattern),
    ...(methods.length > 0 ? { allowMethods: [...methods] } : {}),
    ...(headers.length > 0 ? { allowHeaders: [...headers] } : {}),
    ...(exposeHeaders.length > 0 ? { exposeHeaders: [...exposeHeaders] } : {}),
    ...(maxAge ? { maxAge: maxAge.value } : {}),
    ...(credentials === undefined ? {} : { allowCredentials: credentials }),
  };
}

/** An origin by a text, as the API has it for CORS. */
function pattern({ kind, value }: TextPattern): JsonObject {
  const expressions = { any: '.*', suffix: `.*${escapeRegExp(value)}` };
  return kind === 'any' || kind === 'suffix' ? { regex: expressions[kind] } : { [kind]: value };
}

/** No time limit at all, which a VirtualService says by silence: its CRD takes no duration below 1ms. */
function isNone(duration: string): boolean {
  return milliseconds(duration) === 0;
}
