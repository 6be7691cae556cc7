import type { JsonObject, JsonValue } from '../../../../src/parse/document.js';
import { backendRefs } from './backends.js';
import { headerModifier } from './header-operations.js';
import { parentRefs } from './parents.js';
import type { RouteMaking } from './routed-world.js';
import { elementPrefixes, exactPaths, expressions, methods, rewritten } from './values.js';

/** HTTPRoutes for the proxies of a case. */
export function httpRoute(making: RouteMaking, index: number): JsonObject {
  const { dice } = making;
  const { namespace, spec } = parentRefs(making);
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: `route-${index}`, namespace, ...making.created() },
    spec: { ...spec, rules: Array.from({ length: 1 + dice.below(3) }, () => ruleOf(making)) },
  };
}

function ruleOf(making: RouteMaking): JsonObject {
  const { dice } = making;
  const matches = dice.chance(0.85) ? dice.list(() => matchOf(making), 2) : [];
  const isPrefix = matches.length === 1 && Object(matches[0]?.path).type === 'PathPrefix';
  const filters = filtersOf(making, isPrefix);
  const isRedirect = filters.some(({ type }) => type === 'RequestRedirect');
  return {
    ...((matches.length > 0 || dice.chance(0.3)) && { matches }),
    ...(filters.length > 0 && { filters }),
    ...(isRedirect || dice.chance(0.04) ? {} : { backendRefs: backendRefs(making) }),
    ...(dice.chance(0.2) && { timeouts: dice.pick(timeouts) }),
    ...(dice.chance(0.15) && !isRedirect && { retry: dice.pick(retries) }),
  };
}

const timeouts: readonly JsonObject[] = [
  { request: '3s' },
  { request: '3s', backendRequest: '1s' },
  { backendRequest: '2s' },
  { request: '0s' },
];
const retries: readonly JsonObject[] = [
  { attempts: 3, codes: [500, 503] },
  { attempts: 1, backoff: '100ms' },
  { codes: [502] },
  { attempts: 0 },
];

/** A prefix that is the name of a service meets the rules of GRPCRoutes. */
const serviceNames = ['/shop.Cart', '/shop.Cart/'];

function matchOf({ kind, dice }: RouteMaking): JsonObject {
  const prefixes = kind === 'GRPCRoute' ? [...elementPrefixes, ...serviceNames] : elementPrefixes;
  const headers = dice.pick<JsonObject>([
    { name: 'x-user', value: 'alice' },
    { name: 'X-User', value: 'bob' },
    { name: 'x-env', type: 'RegularExpression', value: 'a.*' },
  ]);
  const query = dice.pick<JsonObject>([
    { name: 'v', value: '2' },
    { name: 'v', type: 'RegularExpression', value: '[0-9]+' },
  ]);
  return {
    ...(dice.chance(0.85) && { path: pathMatch(dice.next()) }),
    ...(dice.chance(0.15) && { method: dice.pick(methods) }),
    ...(dice.chance(0.25) && { headers: [headers] }),
    ...(dice.chance(0.15) && { queryParams: [query] }),
  };

  function pathMatch(draw: number): JsonObject {
    if (draw < 0.25) return { type: 'Exact', value: dice.pick(exactPaths) };
    if (draw < 0.8) return { type: 'PathPrefix', value: dice.pick(prefixes) };
    return { type: 'RegularExpression', value: dice.pick(expressions) };
  }
}

function filtersOf(making: RouteMaking, isPrefix: boolean): readonly JsonObject[] {
  const { dice } = making;
  const path = pathModifier(making, isPrefix);
  if (dice.chance(0.1)) return [{ type: 'RequestRedirect', requestRedirect: redirect(making, path) }];
  return [
    ...(dice.chance(0.2) ? [{ type: 'RequestHeaderModifier', requestHeaderModifier: headerModifier(making) }] : []),
    ...(dice.chance(0.3) ? [{ type: 'URLRewrite', urlRewrite: rewrite(making, path) }] : []),
    ...(dice.chance(0.06) ? [mirror] : []),
  ];
}

const mirror: JsonObject = {
  type: 'RequestMirror',
  requestMirror: { backendRef: { name: 'cart', namespace: 'shop', port: 80 } },
};

function pathModifier({ dice }: RouteMaking, isPrefix: boolean): JsonObject {
  if (isPrefix && dice.chance(0.7)) {
    return { type: 'ReplacePrefixMatch', replacePrefixMatch: dice.pick([...rewritten, '']) };
  }
  return { type: 'ReplaceFullPath', replaceFullPath: dice.pick(rewritten) };
}

function rewrite({ dice }: RouteMaking, path: JsonValue): JsonObject {
  return dice.pick<JsonObject>([
    { path },
    { path },
    { hostname: 'inner.example.com' },
    { path, hostname: 'inner.example.com' },
  ]);
}

function redirect({ dice }: RouteMaking, path: JsonValue): JsonObject {
  return dice.pick<JsonObject>([
    { path },
    { hostname: 'other.example.com', statusCode: 301 },
    { scheme: 'https', statusCode: 301 },
    { port: 8443, path },
  ]);
}
