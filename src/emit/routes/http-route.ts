import type { NamedText, PlacedMatch, PlacedRoute, PlacedRouteRule, PlacedText } from '../../ir/policy-ir.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import type { HeaderChange, Redirect } from '../../parse/traffic-settings.js';
import type { ResolvedRoute, RouteBackend, RouteMirror } from '../../resolve/resolved-traffic.js';
import type { ServicePort } from '../../topology/model.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { routeComments, routeOrigins } from './route-comments.js';
import { portOf } from './route-place.js';
import { versionService } from './version-service.js';

/** The routes of a service as one HTTPRoute a port, and the Services that stand for its versions. */
export function httpRoutes(route: PlacedRoute, provenance: Provenance): Manifest[] {
  const { destination, backends } = route;
  const ports = (destination.service?.ports ?? []).filter(({ layer }) => layer !== 'tcp');
  return [
    ...backends.filter(({ exists }) => !exists).map((backend) => versionService(route, backend, provenance)),
    ...ports.flatMap((port) => httpRoute(route, port, ports.length > 1, provenance)),
  ];
}

function httpRoute(
  placed: PlacedRoute,
  port: ServicePort,
  isOneOfSeveral: boolean,
  provenance: Provenance,
): Manifest[] {
  const { destination, traffic, why } = placed;
  const { cluster, namespace, name } = destination;
  const purpose = `how requests to ${name} are routed, ${why}`;
  const rules = placed.rules.flatMap((rule) => rulesOn(port.number, rule));
  if (rules.length === 0) return [];
  const origins = routeOrigins({ rules });
  return [
    {
      cluster,
      phase: '20-policies',
      object: {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: {
          name: isOneOfSeveral ? `${name}-${port.number}` : name,
          namespace,
          ...ownMetadata(purpose, origins),
        },
        spec: {
          parentRefs: [{ group: '', kind: 'Service', name, port: port.number }],
          rules: rules.map((rule) => httpRule(placed, rule, port.number)),
        },
      },
      header: objectComment(purpose, origins, provenance),
      comments: routeComments({ traffic, rules }, provenance, (index) => ['spec', 'rules', index]),
      realises: origins.map(({ id }) => id),
    },
  ];
}

/** What of a rule holds on a port; nothing where all of its matches ask for others. */
function rulesOn(port: number, rule: PlacedRouteRule): PlacedRouteRule[] {
  const matches = rule.matches.filter((match) => match.port === undefined || match.port === port);
  return matches.length === 0 && rule.matches.length > 0 ? [] : [{ ...rule, matches }];
}

function httpRule(placed: PlacedRoute, { route, matches, rewrite }: PlacedRouteRule, port: number): JsonObject {
  const { action, timeout, retries } = route;
  const filters = filtersOf(placed, route, rewrite, port);
  const timeouts = {
    ...(timeout ? { request: timeout.value } : {}),
    ...(retries?.perTryTimeout ? { backendRequest: retries.perTryTimeout.value } : {}),
  };
  return {
    matches: matches.length > 0 ? matches.map(match) : [{ path: { type: 'PathPrefix', value: '/' } }],
    ...(filters.length > 0 ? { filters } : {}),
    ...(Object.keys(timeouts).length > 0 ? { timeouts } : {}),
    ...(retries ? { retry: { attempts: retries.attempts } } : {}),
    ...(action.kind === 'forward'
      ? { backendRefs: action.backends.map((each) => ({ ...backendRef(placed, each, port), weight: each.weight })) }
      : {}),
  };
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

function filtersOf(
  placed: PlacedRoute,
  { action, headers, mirrors, rewrite: wanted }: ResolvedRoute,
  rewrite: PlacedRouteRule['rewrite'],
  port: number,
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

function change({ set, add, remove }: HeaderChange): JsonObject {
  const listed = (values: HeaderChange['set']) => Object.entries(values).map(([name, value]) => ({ name, value }));
  return {
    ...(Object.keys(set).length > 0 ? { set: listed(set) } : {}),
    ...(Object.keys(add).length > 0 ? { add: listed(add) } : {}),
    ...(remove.length > 0 ? { remove: [...remove] } : {}),
  };
}

function mirror(placed: PlacedRoute, target: RouteMirror, port: number): JsonObject {
  const { percent } = target;
  const share = Number.isInteger(percent)
    ? { percent }
    : { fraction: { numerator: Math.round(percent * 10_000), denominator: 1_000_000 } };
  return { backendRef: backendRef(placed, target, port), ...(percent === 100 ? {} : share) };
}

function backendRef(placed: PlacedRoute, target: Omit<RouteBackend, 'weight'>, asked: number): JsonObject {
  const { place } = target;
  const namespace = place.kind === 'service' && place.namespace !== placed.destination.namespace;
  return {
    group: '',
    kind: 'Service',
    name: nameOf(placed, target),
    ...(namespace ? { namespace: place.namespace } : {}),
    port: portOf(placed, target) ?? asked,
  };
}

function nameOf({ destination, backends }: PlacedRoute, { place }: Pick<RouteBackend, 'place'>): string {
  if (place.kind === 'service') return place.name;
  const version = place.kind === 'version' ? backends.find((each) => each.version === place.version) : undefined;
  return version?.name ?? destination.name;
}
