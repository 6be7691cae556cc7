import type { JsonObject } from '../../../../src/parse/document.js';
import type { RouteMaking } from './routed-world.js';

/** A gateway that Istio deploys, and one that somebody deployed by hand, in a namespace of their own. */
export function gatewaysOf(making: RouteMaking): readonly JsonObject[] {
  const { kind } = making;
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'edge', labels: { routes: 'open' } } },
    ...(kind === 'VirtualService' ? [] : [managed(making)]),
    ...(kind === 'HTTPRoute' || kind === 'GRPCRoute' ? [] : byHand(making)),
  ];
}

function managed({ dice }: RouteMaking): JsonObject {
  const allowed = () => dice.pick<JsonObject>([all, all, all, all, {}, selected]);
  const listeners = [
    { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: allowed() },
    { name: 'shop', port: 80, protocol: 'HTTP', hostname: 'shop.example.com', allowedRoutes: allowed() },
    { name: 'any', port: 80, protocol: 'HTTP', hostname: '*.example.com', allowedRoutes: allowed() },
    {
      name: 'other',
      port: 8080,
      protocol: 'HTTP',
      hostname: dice.pick(['*.example.com', 'api.example.com']),
      allowedRoutes: allowed(),
    },
  ];
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'public', namespace: 'edge' },
    spec: {
      gatewayClassName: 'istio',
      listeners: [...dice.some(listeners, 1 + dice.below(4)), ...(dice.chance(0.2) ? [bytes] : [])],
    },
  };
}

const all: JsonObject = { namespaces: { from: 'All' } };
const selected: JsonObject = { namespaces: { from: 'Selector', selector: { matchLabels: { routes: 'open' } } } };
const bytes: JsonObject = { name: 'bytes', port: 9000, protocol: 'TCP', allowedRoutes: all };

function byHand(making: RouteMaking): readonly JsonObject[] {
  const labels = { app: 'ingress', istio: 'ingress' };
  const template = {
    metadata: {
      labels: { ...labels, 'sidecar.istio.io/inject': 'true' },
      annotations: { 'inject.istio.io/templates': 'gateway' },
    },
    spec: { serviceAccountName: 'ingress', containers: [{ name: 'istio-proxy', image: 'auto' }] },
  };
  const metadata = { name: 'ingress', namespace: 'edge' };
  const ports = [80, 8080, 9000].map((port) => ({
    name: `${port === 9000 ? 'tcp' : 'http'}-${port}`,
    port,
    targetPort: port,
  }));
  return [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'LoadBalancer', selector: labels, ports } },
    gateway('ingress', serversOf(making)),
    ...(making.dice.chance(0.3) ? [gateway('second', [server(making, 80), server(making, 8080)])] : []),
  ];
}

function gateway(name: string, servers: readonly JsonObject[]): JsonObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace: 'edge' },
    spec: { selector: { istio: 'ingress' }, servers: [...servers] },
  };
}

function serversOf(making: RouteMaking): readonly JsonObject[] {
  const { dice } = making;
  const more = dice.some([80, 8080], 1 + dice.below(2)).map((port) => server(making, port, '-too'));
  const raw = { port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] };
  return [server(making, 80), ...more, ...(making.kind === 'connections' ? [raw] : [])];
}

function server({ dice }: RouteMaking, number: number, suffix = ''): JsonObject {
  const hosts = dice.list(() => dice.pick(serverHosts), 2);
  return { port: { number, name: `http-${number}${suffix}`, protocol: 'HTTP' }, hosts };
}

const serverHosts = [
  '*',
  '*',
  'shop.example.com',
  '*.example.com',
  'shop/*.example.com',
  './shop.example.com',
  '*/api.example.com',
];
