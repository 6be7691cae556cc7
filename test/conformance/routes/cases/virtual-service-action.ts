import type { JsonObject, JsonValue } from '../../../../src/parse/document.js';
import { headerOperations } from './header-operations.js';
import type { RouteMaking } from './routed-world.js';
import { rewritten } from './values.js';

/** What a rule of a VirtualService does with what it matches. */
export function virtualServiceAction(making: RouteMaking): JsonObject {
  const { dice } = making;
  const draw = dice.next();
  if (draw < 0.08) return { redirect: redirect(making) };
  if (draw < 0.15)
    return {
      directResponse: { status: dice.pick([200, 418, 503]), ...(dice.chance(0.3) && { body: { string: 'no' } }) },
    };
  if (draw < 0.18) return { delegate: { name: 'delegate', namespace: 'shop' } };
  return {
    route: routes(making),
    ...(dice.chance(0.35) && { rewrite: rewrite(making) }),
    ...(dice.chance(0.2) && { headers: { request: headerOperations(making) } }),
    ...(dice.chance(0.1) && { fault: fault(making) }),
    ...(dice.chance(0.08) && mirror(making)),
    ...(dice.chance(0.05) && { corsPolicy: { allowOrigins: [{ exact: 'https://example.com' }] } }),
    ...(dice.chance(0.2) && { timeout: dice.pick(['3s', '0s', '1500ms']) }),
    ...(dice.chance(0.25) && { retries: dice.pick(retries) }),
  };
}

const retries: readonly JsonObject[] = [
  { attempts: 0 },
  { attempts: 3, perTryTimeout: '2s', retryOn: '5xx,gateway-error' },
  { attempts: 1, retryOn: '503,reset' },
  { attempts: 4, retryIgnorePreviousHosts: false },
  { attempts: 2, retryRemoteLocalities: true, backoff: '1s' },
];

function redirect({ dice }: RouteMaking): JsonObject {
  return dice.pick<JsonObject>([
    { uri: '/new' },
    { authority: 'other.example.com' },
    { uri: '/new', authority: 'other.example.com', redirectCode: 308 },
    { scheme: 'https', redirectCode: 302 },
    { port: 8443, uri: '/new' },
  ]);
}

function rewrite({ dice }: RouteMaking): JsonObject {
  return dice.pick<JsonObject>([
    { uri: dice.pick(rewritten) },
    { uri: dice.pick(rewritten) },
    { uri: dice.pick(rewritten), authority: 'inner.example.com' },
    { authority: 'web.shop' },
    { uriRegexRewrite: { match: '^/([a-z]+)/(.*)$', rewrite: '/\\2/\\1' } },
  ]);
}

function fault({ dice }: RouteMaking): JsonObject {
  const status = dice.pick<JsonObject>([{ httpStatus: 418 }, { httpStatus: 503 }, { httpStatus: 500 }]);
  const percentage = dice.pick<JsonObject>([
    { percentage: { value: 100 } },
    { percentage: { value: 40 } },
    { percentage: {} },
    {},
  ]);
  const delay = { fixedDelay: '1s', ...dice.pick<JsonObject>([{ percentage: { value: 30 } }, {}]) };
  const abort = { ...status, ...percentage };
  return dice.pick<JsonObject>([{ abort }, { abort }, { delay }, { abort, delay }]);
}

function mirror(making: RouteMaking): JsonObject {
  const to = { host: 'cart.shop.svc.cluster.local' };
  return making.dice.pick<JsonObject>([{ mirror: to }, { mirrors: [{ destination: to, percentage: { value: 50 } }] }]);
}

function routes(making: RouteMaking): JsonValue[] {
  const { dice } = making;
  const weights = dice.pick(weightings);
  return weights.map((weight) => ({
    destination: destination(making),
    ...(weight >= 0 && { weight }),
    ...(dice.chance(0.12) && { headers: { request: headerOperations(making) } }),
  }));
}

/** One without a weight is written as -1. */
const weightings = [[-1], [-1], [-1], [100], [50, 50], [80, 20], [0, 100], [60, 20, 20], [1, 1]];

export function destination({ dice }: RouteMaking): JsonObject {
  const host = dice.pick(destinations);
  const isWeb = host.startsWith('web.') || host === 'web';
  return {
    host,
    ...(isWeb && dice.chance(0.45) && { subset: dice.pick(['v1', 'v2', 'v1', 'v2', 'v3', 'gone']) }),
    ...(dice.chance(isWeb ? 0.7 : 0.4) && {
      port: { number: dice.pick(isWeb ? [80, 80, 9080, 1234] : [80, 80, 80, 9090]) },
    }),
  };
}

const destinations = [
  'web.shop.svc.cluster.local',
  'web.shop.svc.cluster.local',
  'web.shop.svc.cluster.local',
  'web',
  'web-v1.shop.svc.cluster.local',
  'web-v2.shop.svc.cluster.local',
  'cart.shop.svc.cluster.local',
  'ledger.pay.svc.cluster.local',
  'idle.shop.svc.cluster.local',
  'missing.shop.svc.cluster.local',
  'partner.example.net',
];
