import type { JsonObject, JsonValue } from '../../../../src/parse/document.js';
import { exportsOf } from './exports.js';
import type { RouteMaking } from './routed-world.js';
import { trafficPolicy } from './traffic-policy.js';

/** What decides beside routes: subsets, grants, hosts outside the mesh, what clients import, and policies. */
export function besideRoutes(making: RouteMaking): readonly JsonObject[] {
  const { proxy, kind, dice } = making;
  const several = (most: number, make: (index: number) => JsonObject) =>
    Array.from({ length: dice.below(most + 1) }, (_, index) => make(index));
  return [
    ...(dice.chance(0.9) ? [subsets(making, 0)] : []),
    ...several(1, (index) => subsets(making, index + 1)),
    ...(dice.chance(0.5) ? [partner(making)] : []),
    ...(proxy === 'gateway' && kind !== 'VirtualService' && dice.chance(0.5) ? [grant(making)] : []),
    ...(proxy === 'sidecar' && dice.chance(0.2) ? [imports(making)] : []),
    ...several(2, (index) => policy(making, index)),
  ];
}

function subsets(making: RouteMaking, index: number): JsonObject {
  const { proxy, dice } = making;
  const version = (name: string): JsonObject => ({
    name,
    labels: { version: name },
    ...(dice.chance(0.2) && { trafficPolicy: trafficPolicy(dice) }),
  });
  const names = dice.pick([['v1', 'v2', 'v3'], ['v1', 'v2'], ['v1'], ['v2', 'v3']]);
  const clients = proxy === 'gateway' ? ['shop', 'edge', 'istio-system'] : ['shop', 'shop', 'ops', 'istio-system'];
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: `web-${index}`, namespace: index === 0 ? 'shop' : dice.pick(clients), ...making.created() },
    spec: {
      host: dice.chance(0.85) ? 'web.shop.svc.cluster.local' : '*.shop.svc.cluster.local',
      ...(dice.chance(0.5) && { trafficPolicy: trafficPolicy(dice) }),
      ...(dice.chance(0.9) && { subsets: names.map(version) }),
      ...exportsOf(making),
    },
  };
}

function partner({ dice }: RouteMaking): JsonObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'partner', namespace: dice.pick(['shop', 'istio-system']) },
    spec: {
      hosts: ['partner.example.net'],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
    },
  };
}

function grant({ dice }: RouteMaking): JsonObject {
  const from = ['shop', 'edge', 'pay'].flatMap((namespace) =>
    ['HTTPRoute', 'GRPCRoute'].map((kind) => ({ group: 'gateway.networking.k8s.io', kind, namespace })),
  );
  return {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: { name: 'grant', namespace: dice.pick(['shop', 'pay']) },
    spec: {
      from: dice.some(from, 1 + dice.below(6)),
      to: [{ group: '', kind: 'Service', ...(dice.chance(0.3) && { name: 'web' }) }],
    },
  };
}

function imports({ dice }: RouteMaking): JsonObject {
  const hosts: JsonValue[] = [
    ...dice.pick([
      ['./*', 'istio-system/*'],
      ['*/*'],
      ['shop/*'],
      ['shop/web.shop.svc.cluster.local'],
      ['~/*', 'pay/*'],
    ]),
  ];
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'default', namespace: dice.pick(['shop', 'ops']) },
    spec: {
      egress: [{ hosts }],
      ...(dice.chance(0.3) && { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }),
    },
  };
}

/** Policies that look at what routes rewrite. */
function policy({ proxy, dice }: RouteMaking, index: number): JsonObject {
  const operation = dice.pick<JsonObject>([
    { paths: ['/new', '/new/*'] },
    { paths: ['/cart*'] },
    { hosts: ['inner.example.com'] },
    { methods: ['GET'] },
    { paths: ['/api/*'], methods: ['GET', 'POST'] },
  ]);
  const when = dice.chance(0.2) ? { when: [{ key: 'request.headers[x-user]', values: ['admin', 'alice'] }] } : {};
  const app = dice.pick(['web', 'cart', 'ledger']);
  const namespace = app === 'ledger' ? 'pay' : 'shop';
  const isAtService = proxy === 'waypoint' && dice.chance(0.7);
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: `policy-${index}`, namespace },
    spec: {
      ...(isAtService
        ? { targetRefs: [{ group: '', kind: 'Service', name: app }] }
        : { selector: { matchLabels: { app } } }),
      action: dice.pick(['DENY', 'ALLOW']),
      rules: [{ to: [{ operation }], ...when }],
    },
  };
}
