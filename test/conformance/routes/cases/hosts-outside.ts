import type { JsonObject, JsonValue } from '../../../../src/parse/document.js';
import { exportsOf } from './exports.js';
import type { RouteMaking } from './routed-world.js';
import { trafficPolicy } from './traffic-policy.js';

const names = ['partner', 'mirror'];

/** Hosts outside the mesh, what routes and DestinationRules say of them, and what a waypoint asks before them. */
export function hostsOutside(making: RouteMaking): readonly JsonObject[] {
  const { dice } = making;
  return [
    ...names.map((name, index) => entry(making, name, index)),
    ...Array.from({ length: dice.below(3) }, (_, index) => virtualService(making, index)),
    ...(dice.chance(0.5) ? [httpRoute(making)] : []),
    ...(dice.chance(0.6) ? [settings(making)] : []),
    ...(making.proxy === 'waypoint' && dice.chance(0.5) ? [policy(making)] : []),
  ];
}

function entry(making: RouteMaking, name: string, index: number): JsonObject {
  const { dice } = making;
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace: dice.pick(['shop', 'shop', 'pay', 'ops']), ...making.created() },
    spec: {
      hosts: [`${name}.example.net`],
      addresses: [`203.0.113.${index + 10}`],
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP', ...(dice.chance(0.3) && { targetPort: 8443 }) },
        { number: 5432, name: 'tcp', protocol: 'TCP' },
      ],
      location: 'MESH_EXTERNAL',
      ...dice.pick<JsonObject>([
        { resolution: 'DNS' },
        { resolution: 'DNS', endpoints: [{ address: 'other.example.net' }] },
        { resolution: 'STATIC', endpoints: [{ address: '198.51.100.7' }] },
      ]),
      ...exportsOf(making),
    },
  };
}

const places = [
  ['partner.example.net', 80],
  ['mirror.example.net', 80],
  ['mirror.example.net', undefined],
  ['web.shop.svc.cluster.local', 80],
  ['partner.example.net', 5432],
  ['partner.example.net', 1234],
  ['missing.example.net', 80],
] as const;

function virtualService(making: RouteMaking, index: number): JsonObject {
  const { dice } = making;
  const bytes = [
    ['mirror.example.net', 5432],
    ['partner.example.net', 5432],
    ['web.shop.svc.cluster.local', 7070],
  ] as const;
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: `out-${index}`, namespace: dice.pick(['shop', 'shop', 'ops', 'pay']), ...making.created() },
    spec: {
      hosts: [dice.pick(['partner.example.net', 'partner.example.net', '*.example.net'])],
      http: dice.list(() => httpRule(making), 2),
      ...(dice.chance(0.5) && {
        tcp: [{ match: [{ port: dice.pick([5432, 5432, 80]) }], route: [{ destination: at(dice.pick(bytes)) }] }],
      }),
      ...exportsOf(making),
    },
  };
}

function httpRule({ dice }: RouteMaking): JsonObject {
  return {
    ...(dice.chance(0.6) && { match: [{ uri: { prefix: dice.pick(['/', '/api', '/cart']) } }] }),
    ...(dice.chance(0.3) && { timeout: dice.pick(['2s', '30s']) }),
    ...(dice.chance(0.3) && { rewrite: { authority: 'mirror.example.net' } }),
    route: [{ destination: at(dice.pick(places)) }],
  };
}

function at([host, number]: readonly [string, number | undefined]): JsonObject {
  return { host, ...(number !== undefined && { port: { number } }) };
}

/** For the entry in the namespace of the route, where there is one. */
function httpRoute(making: RouteMaking): JsonObject {
  const { dice } = making;
  const backend = dice.pick<JsonValue>([
    { group: 'networking.istio.io', kind: 'Hostname', name: 'mirror.example.net', port: 80 },
    { group: 'networking.istio.io', kind: 'Hostname', name: 'partner.example.net', port: 80 },
    { name: 'web', namespace: 'shop', port: 80 },
  ]);
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'out', namespace: 'shop', ...making.created() },
    spec: {
      parentRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'partner' }],
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: dice.pick(['/', '/api']) } }], backendRefs: [backend] }],
    },
  };
}

function settings(making: RouteMaking): JsonObject {
  const { dice } = making;
  const policy = dice.chance(0.4)
    ? { tls: dice.pick<JsonObject>([{ mode: 'SIMPLE', sni: 'tls.example.net' }, { mode: 'DISABLE' }]) }
    : trafficPolicy(dice);
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'out', namespace: dice.pick(['shop', 'ops', 'istio-system']), ...making.created() },
    spec: { host: dice.pick(['partner.example.net', '*.example.net']), trafficPolicy: policy, ...exportsOf(making) },
  };
}

function policy({ dice }: RouteMaking): JsonObject {
  const operation = dice.pick<JsonObject>([{ paths: ['/cart*'] }, { methods: ['GET'] }, { ports: ['80'] }]);
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'out', namespace: 'shop' },
    spec: {
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'partner' }],
      action: dice.pick(['DENY', 'ALLOW']),
      rules: [{ to: [{ operation }] }],
    },
  };
}
