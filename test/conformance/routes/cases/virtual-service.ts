import type { JsonObject, JsonValue } from '../../../../src/parse/document.js';
import { exportsOf } from './exports.js';
import type { RouteMaking } from './routed-world.js';
import { edgeHosts, exactPaths, expressions, meshHosts, methods, rawPrefixes, users } from './values.js';
import { virtualServiceAction } from './virtual-service-action.js';
import { connectionRules } from './virtual-service-connections.js';

/** VirtualServices for the proxies of a case; some delegate to one without hosts. */
export function virtualService(making: RouteMaking, index: number): readonly JsonObject[] {
  const { proxy, kind, dice } = making;
  const isAtGateway = proxy === 'gateway' && dice.chance(0.9);
  const namespace = dice.pick(isAtGateway ? ['shop', 'shop', 'edge', 'pay'] : ['shop', 'shop', 'shop', 'ops', 'pay']);
  const metadata = { name: `vs-${index}`, namespace, ...making.created() };
  const http = Array.from({ length: 1 + dice.below(4) }, () => httpRule(making));
  const delegated = http.some((rule) => 'delegate' in rule) ? [delegate(making)] : [];
  const object: JsonObject = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata,
    spec: {
      hosts: [...dice.pick(isAtGateway ? edgeHosts : meshHosts)],
      ...gatewaysOf(making, isAtGateway),
      ...exportsOf(making),
      ...(kind === 'connections' ? connectionRules(making) : { http }),
    },
  };
  return [object, ...delegated];
}

function gatewaysOf({ dice }: RouteMaking, isAtGateway: boolean): JsonObject {
  if (!isAtGateway) return dice.chance(0.1) ? { gateways: ['mesh'] } : {};
  const named = dice.pick([
    ['edge/ingress'],
    ['edge/ingress'],
    ['edge/ingress', 'mesh'],
    ['edge/second', 'edge/ingress'],
  ]);
  return { gateways: dice.chance(0.06) ? ['edge/missing'] : [...named] };
}

function delegate(making: RouteMaking): JsonObject {
  const http = [httpRule(making), httpRule(making)].map(({ delegate: _, ...rule }) => rule);
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'delegate', namespace: 'shop', ...making.created() },
    spec: { http: http.map((rule) => ('route' in rule || 'redirect' in rule ? rule : { ...rule, route: toWeb })) },
  };
}

const toWeb = [{ destination: { host: 'web.shop.svc.cluster.local' } }];

function httpRule(making: RouteMaking): JsonObject {
  const { dice } = making;
  const match = dice.chance(0.85) ? { match: dice.list(() => matchOf(making), 2) } : {};
  return { ...match, ...virtualServiceAction(making) };
}

function matchOf({ proxy, dice }: RouteMaking): JsonObject {
  const optional = (probability: number, make: () => JsonObject): JsonObject =>
    dice.chance(probability) ? make() : {};
  return {
    ...optional(0.8, () => ({ uri: uriMatch(), ...optional(0.12, () => ({ ignoreUriCase: true })) })),
    ...optional(0.15, () => ({ method: dice.pick<JsonValue>([{ exact: dice.pick(methods) }, { regex: 'GET|POST' }]) })),
    ...optional(0.25, () => ({ headers: headerMatch() })),
    ...optional(0.1, () => ({ withoutHeaders: headerMatch() })),
    ...optional(0.18, () => ({
      queryParams: { v: dice.pick<JsonValue>([{ exact: '2' }, { regex: '[0-9]+' }, { prefix: '2' }]) },
    })),
    ...optional(0.08, () => ({ port: dice.pick(proxy === 'gateway' ? [80, 8080] : [80, 9080]) })),
    ...optional(0.06, () => ({ sourceLabels: { app: dice.pick(['cart', 'probe', 'ingress']) } })),
    ...optional(0.05, () => ({ sourceNamespace: dice.pick(['shop', 'ops', 'edge']) })),
    ...optional(0.06, () => ({
      gateways: [dice.pick(proxy === 'gateway' ? ['edge/ingress', 'mesh'] : ['mesh', 'edge/ingress'])],
    })),
    ...optional(0.07, () => ({ authority: authorityMatch() })),
  };

  function uriMatch(): JsonObject {
    const draw = dice.next();
    if (draw < 0.3) return { exact: dice.pick(exactPaths) };
    return draw < 0.75 ? { prefix: dice.pick(rawPrefixes) } : { regex: dice.pick(expressions) };
  }

  function headerMatch(): JsonObject {
    const match = dice.pick<JsonObject>([
      { exact: dice.pick(users) || 'al' },
      { prefix: 'al' },
      { regex: 'a.*' },
      {},
      { exact: 'bob' },
    ]);
    return { [dice.pick(['x-user', 'x-user', 'x-env'])]: match };
  }

  function authorityMatch(): JsonObject {
    return dice.pick<JsonObject>([
      { exact: 'shop.example.com' },
      { prefix: 'web' },
      { regex: '.*example.*' },
      { exact: 'web.shop' },
    ]);
  }
}
