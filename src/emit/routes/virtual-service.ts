import type { NamedText, PlacedMatch, PlacedRoute, PlacedRouteRule, PlacedText } from '../../ir/policy-ir.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import type { HeaderChange, Redirect, Response } from '../../parse/traffic-settings.js';
import type { ResolvedRoute, RouteBackend, RouteMirror } from '../../resolve/resolved-traffic.js';
import { milliseconds } from '../../util/duration.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { routeComments, routeOrigins } from './route-comments.js';
import { hostOf, portOf } from './route-place.js';

/** The routes of a service as a VirtualService, and a DestinationRule where it has versions. */
export function virtualService(route: PlacedRoute, provenance: Provenance): Manifest[] {
  const purpose = `how requests to ${route.destination.name} are routed, ${route.why}`;
  const { cluster, namespace, name } = route.destination;
  const origins = routeOrigins(route);
  const manifest = (kind: string, spec: JsonObject, comments: Manifest['comments']): Manifest => ({
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind,
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec,
    },
    header: objectComment(purpose, origins, provenance),
    comments,
    realises: origins.map(({ id }) => id),
  });
  const comments = routeComments(route, provenance, (index) => ['spec', 'http', index]);
  return [
    ...(route.traffic.versions.length > 0 ? [manifest('DestinationRule', subsets(route), [])] : []),
    manifest('VirtualService', routes(route), comments),
  ];
}

function subsets({ destination, traffic }: PlacedRoute): JsonObject {
  return {
    host: destination.service?.host ?? '',
    subsets: traffic.versions.map(({ name, labels }) => ({ name, labels })),
  };
}

function routes(route: PlacedRoute): JsonObject {
  return {
    gateways: ['mesh'],
    hosts: [route.destination.service?.host ?? ''],
    http: route.rules.map((rule) => httpRule(route, rule)),
  };
}

function httpRule(placed: PlacedRoute, { route, matches, rewrite }: PlacedRouteRule): JsonObject {
  const host = route.rewrite?.host;
  const { action, mirrors, headers, timeout } = route;
  return {
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
    ...retries(route),
  };
}

function match({ path, method, headers, query, port }: PlacedMatch): JsonObject {
  return {
    ...(path ? { uri: text(path) } : {}),
    ...(method ? { method: { exact: method } } : {}),
    ...(headers.length > 0 ? { headers: named(headers) } : {}),
    ...(query.length > 0 ? { queryParams: named(query) } : {}),
    ...(port === undefined ? {} : { port }),
  };
}

function text({ kind, value }: PlacedText): JsonObject {
  return { [kind]: value };
}

function named(texts: readonly NamedText[]): JsonObject {
  return Object.fromEntries(texts.map(({ name, text: value }) => [name, text(value)]));
}

function shares(placed: PlacedRoute, backends: readonly RouteBackend[]): JsonValue[] {
  const [only] = backends;
  if (backends.length === 1 && only) return [{ destination: destination(placed, only) }];
  return backends
    .filter(({ weight }) => weight > 0)
    .map((backend) => ({ destination: destination(placed, backend), weight: backend.weight }));
}

function mirror(placed: PlacedRoute, target: RouteMirror): JsonObject {
  const share = target.percent === 100 ? {} : { percentage: { value: target.percent } };
  return { destination: destination(placed, target), ...share };
}

function destination(placed: PlacedRoute, target: Omit<RouteBackend, 'weight'>): JsonObject {
  const { place } = target;
  const port = portOf(placed, target);
  return {
    host: hostOf(placed, place),
    ...(place.kind === 'version' ? { subset: place.version } : {}),
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

function retries({ retries: wanted }: ResolvedRoute): JsonObject {
  if (wanted === undefined) return {};
  const { attempts, perTryTimeout, retryOn } = wanted;
  return {
    retries: {
      attempts,
      ...(perTryTimeout && !isNone(perTryTimeout.value) ? { perTryTimeout: perTryTimeout.value } : {}),
      ...(retryOn.length > 0 ? { retryOn: [...retryOn].sort().join(',') } : {}),
    },
  };
}

/** No time limit at all, which a VirtualService says by silence: its CRD takes no duration below 1ms. */
function isNone(duration: string): boolean {
  return milliseconds(duration) === 0;
}
