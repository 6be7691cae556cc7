import { sortBy } from '../../../src/util/order.js';
import { fc } from '../fast-check.js';
import { gatewayReference, type SmallMesh } from './mesh.js';

/** What somebody wrote of traffic, in every kind that says it; also what a cluster refuses, and what says nothing. */
export function writtenTraffic(mesh: SmallMesh): fc.Arbitrary<readonly object[]> {
  const services = mesh.namespaces.flatMap(({ name: namespace, services: own }) =>
    own.map(({ name, ports }) => ({ name, namespace, port: ports[0]?.number ?? 80 })),
  );
  const place = fc.constantFrom(...services);
  const one = fc.oneof(
    { weight: 5, arbitrary: place.chain((service) => virtualService(service, services)) },
    { weight: 3, arbitrary: place.chain(destinationRule) },
    { weight: 3, arbitrary: place.chain((service) => httpRoute(service, services)) },
    { weight: 1, arbitrary: serviceEntry(mesh) },
    { weight: 1, arbitrary: sidecar(mesh) },
  );
  return fc
    .array(fc.tuple(one, fc.constantFrom(...names)), { minLength: 1, maxLength: 5 })
    .map((objects) =>
      distinct(objects.map(([object, name]) => ({ ...object, metadata: { name, ...object.metadata } }))),
    );
}

const names = ['routes', 'more', 'web', 'api'] as const;

interface Place {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

type Written = Readonly<Record<string, unknown>> & { readonly metadata: object };

/** A cluster has one object of a name. */
function distinct(objects: readonly object[]): readonly object[] {
  const keyOf = (object: object) => JSON.stringify([Object(object).kind, Object(object).metadata]);
  return [...new Map(objects.map((object) => [keyOf(object), object])).values()];
}

const timeout = fc.constantFrom({}, {}, {}, {}, {}, {}, { timeout: '3s' }, { timeout: '9s' }, { timeout: '0s' });
const retries = fc.constantFrom(
  {},
  {},
  { retries: { attempts: 2, retryOn: '5xx,unavailable' } },
  { retries: { attempts: 0 } },
);
const changes = fc.constantFrom(
  {},
  {},
  { rewrite: { uri: '/v2' } },
  { headers: { request: { set: { 'x-from': 'shop' } } } },
  { fault: { delay: { fixedDelay: '2s', percentage: { value: 10 } } } },
  { corsPolicy: { allowOrigins: [{ exact: 'https://shop.example' }], allowMethods: ['GET'] } },
);
const matches = fc.constantFrom(
  undefined,
  undefined,
  [{ uri: { prefix: '/v1/' } }],
  [{ uri: { exact: '/health' } }, { headers: { 'x-tester': { exact: 'anna' } } }],
  [{ method: { exact: 'GET' }, uri: { regex: '/v[12]/.*' } }],
  [{ port: 80 }],
  [{ sourceLabels: { app: 'cart' } }],
);

function virtualService(own: Place, all: readonly Place[]): fc.Arbitrary<Written> {
  const target = fc.constantFrom(...all);
  const subset = fc.constantFrom(undefined, undefined, 'stable', 'canary');
  const destination = fc.tuple(target, subset).map(([service, version]) => ({
    destination: {
      host: service.namespace === own.namespace ? service.name : fullName(service),
      ...(version !== undefined && { subset: version }),
    },
  }));
  const weighted = fc.tuple(destination, destination, fc.constantFrom(0, 10, 50)).map(([one, other, weight]) => [
    { ...one, weight: 100 - weight },
    { ...other, weight },
  ]);
  const answer = fc.oneof(
    { weight: 4, arbitrary: destination.map((each) => ({ route: [each] })) },
    { weight: 2, arbitrary: weighted.map((route) => ({ route })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        { redirect: { uri: '/new' } },
        { directResponse: { status: 404 } },
        { delegate: { name: 'api' } },
      ),
    },
  );
  const rule = fc.tuple(matches, answer, timeout, retries, changes).map(([match, to, ...more]) => ({
    ...(match && { match }),
    ...to,
    ...('route' in to ? Object.assign({}, ...more) : {}),
  }));
  const where = fc.constantFrom<object>(
    { hosts: [own.name] },
    { hosts: [own.name] },
    { hosts: [fullName(own)], gateways: ['mesh'] },
    { hosts: ['shop.example.com'], gateways: [gatewayReference] },
    { hosts: ['*'], gateways: [gatewayReference] },
    { hosts: ['shop.example.com', fullName(own)], gateways: [gatewayReference, 'mesh'] },
    { hosts: [own.name], gateways: ['nowhere'] },
    { hosts: [own.name], exportTo: ['.'] },
    { hosts: ['far.example'] },
    {},
  );
  return fc.tuple(where, fc.array(rule, { minLength: 1, maxLength: 3 })).map(([said, http]) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { namespace: own.namespace },
    spec: { ...said, http: sortBy(http, ({ match }) => (match === undefined ? 1 : 0)) },
  }));
}

function fullName({ name, namespace }: Place): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

function destinationRule(own: Place): fc.Arbitrary<Written> {
  const policy = fc.constantFrom(
    {},
    { trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } },
    {
      trafficPolicy: {
        connectionPool: { http: { http1MaxPendingRequests: 10 } },
        outlierDetection: { interval: '5s' },
      },
    },
    {
      trafficPolicy: {
        portLevelSettings: [{ port: { number: own.port }, connectionPool: { tcp: { maxConnections: 7 } } }],
      },
    },
    { trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } } } },
    { trafficPolicy: { connectionPool: { tcp: { maxConnections: 'lots' } } } },
  );
  const subsets = fc.constantFrom(
    {},
    { subsets: [{ name: 'stable', labels: { app: own.name } }] },
    {
      subsets: [
        { name: 'stable', labels: { app: own.name } },
        { name: 'canary', labels: { app: own.name, version: 'v2' } },
      ],
    },
  );
  const host = fc.constantFrom(own.name, fullName(own), 'far.example');
  return fc.tuple(host, policy, subsets).map(([named, said, versions]) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { namespace: own.namespace },
    spec: { host: named, ...said, ...versions },
  }));
}

function httpRoute(own: Place, all: readonly Place[]): fc.Arbitrary<Written> {
  const [gatewayNamespace = '', gatewayName = ''] = gatewayReference.split('/');
  const parent = fc.constantFrom<object>(
    { parentRefs: [{ group: '', kind: 'Service', name: own.name, port: own.port }] },
    { parentRefs: [{ group: '', kind: 'Service', name: own.name }] },
    { parentRefs: [{ name: gatewayName, namespace: gatewayNamespace }], hostnames: ['shop.example.com'] },
    { parentRefs: [{ name: gatewayName, namespace: gatewayNamespace }] },
    { parentRefs: [{ name: 'nowhere' }] },
  );
  const near = all.filter(({ namespace }) => namespace === own.namespace);
  const backend = fc.constantFrom(...near).map(({ name, port }) => ({ name, port }));
  const match = fc.constantFrom(
    {},
    {},
    { matches: [{ path: { type: 'PathPrefix', value: '/v1' } }] },
    { matches: [{ path: { type: 'Exact', value: '/health' }, method: 'GET' }] },
    { matches: [{ headers: [{ name: 'x-tester', value: 'anna' }] }] },
  );
  const filters = fc.constantFrom(
    {},
    {},
    {
      filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { add: [{ name: 'x-from', value: 'shop' }] } }],
    },
    { timeouts: { request: '3s' } },
  );
  const rule = fc
    .tuple(match, filters, fc.array(backend, { minLength: 1, maxLength: 2 }))
    .map(([said, more, backendRefs]) => ({ ...said, ...more, backendRefs }));
  return fc.tuple(parent, fc.array(rule, { minLength: 1, maxLength: 2 })).map(([said, rules]) => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { namespace: own.namespace },
    spec: { ...said, rules },
  }));
}

function serviceEntry({ namespaces }: SmallMesh): fc.Arbitrary<Written> {
  const form = fc.constantFrom(
    { resolution: 'DNS' },
    { resolution: 'STATIC', addresses: ['192.0.2.7'], endpoints: [{ address: '192.0.2.7' }] },
    { resolution: 'NONE' },
    { resolution: 'DNS', endpoints: [{ address: 'other.example' }] },
  );
  const ports = fc.constantFrom(
    [{ number: 443, name: 'tls', protocol: 'TLS' }],
    [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 8080 }],
    [{ number: 0, name: 'http', protocol: 'HTTP' }],
  );
  return fc.tuple(fc.constantFrom(...namespaces), form, ports).map(([{ name }, said, own]) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { namespace: name },
    spec: { hosts: ['far.example'], location: 'MESH_EXTERNAL', ports: own, ...said },
  }));
}

function sidecar({ namespaces }: SmallMesh): fc.Arbitrary<Written> {
  const hosts = fc.constantFrom(['./*'], ['./*', 'istio-system/*'], ['*/*'], ['~/*'], ['./*', '*/far.example']);
  const mode = fc.constantFrom({}, {}, { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
  return fc.tuple(fc.constantFrom(...namespaces), hosts, mode).map(([{ name }, known, said]) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { namespace: name },
    spec: { egress: [{ hosts: known }], ...said },
  }));
}
