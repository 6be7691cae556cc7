import { describe, expect, test } from 'vitest';
import type { Listener } from '../../src/topology/model.js';
import { documents, namespace, service, workload } from './support/builders.js';
import { clusterOf, present } from './support/topology.js';

const shop = namespace('shop');

function gateway(listeners: readonly object[], spec: object = {}, labels: object = {}): string {
  return JSON.stringify({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'door', namespace: 'shop', labels },
    spec: { gatewayClassName: 'istio', listeners, ...spec },
  });
}

function istioGateway(servers: readonly object[], spec: object = {}, home = 'shop'): string {
  return JSON.stringify({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'door', namespace: home },
    spec: { selector: { istio: 'edge' }, servers, ...spec },
  });
}

const proxy = (env: readonly object[] = []) =>
  workload('edge', {
    labels: { istio: 'edge', 'sidecar.istio.io/inject': 'true' },
    annotations: { 'inject.istio.io/templates': 'gateway' },
    spec: { containers: [{ name: 'istio-proxy', image: 'auto', env }] },
  });
const front = (ports: readonly object[], labels: Readonly<Record<string, string>> = {}) =>
  service('edge', { labels, spec: { selector: { istio: 'edge' }, ports } });
const mapped = front([{ name: 'http', port: 80, targetPort: 8080 }]);
const plain = { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] };

function listenersOf(key: string, settings: object, ...texts: readonly string[]): readonly Listener[] {
  return present(clusterOf(documents(shop, ...texts), settings).gateways.get(key)).listeners;
}

const seen = ({ port, podPort, protocol, tls, reads, standing }: Listener) =>
  [port, podPort, protocol, tls ?? 'clear', reads, standing.kind].join(' ');

describe('listeners of a Gateway of Gateway API', () => {
  test.each<[string, object, string]>([
    ['HTTP', { protocol: 'HTTP' }, '443 443 http clear requests open'],
    ['HTTPS', { protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'c' }] } }, '443 443 https SIMPLE requests open'],
    ['HTTPS without tls', { protocol: 'HTTPS' }, '443 443 https clear connections left-out'],
    [
      'certificates of clients',
      { protocol: 'HTTPS', tls: { mode: 'Terminate', options: { 'gateway.istio.io/tls-terminate-mode': 'MUTUAL' } } },
      '443 443 https MUTUAL requests open',
    ],
    ['another protocol', { protocol: 'UDP' }, '443 443 udp clear connections left-out'],
    ['a spelling that Istio refuses', { protocol: 'http' }, '443 443 http clear requests left-out'],
  ])('%s', (_, listener, expected) => {
    expect(listenersOf('shop/door', {}, gateway([{ name: 'l', port: 443, ...listener }])).map(seen)).toEqual([
      expected,
    ]);
  });

  test.each<[string, string, boolean, string]>([
    ['TLS', '1.29', false, 'left-out'],
    ['TLS', '1.29', true, 'open'],
    ['TLS', '1.30', false, 'open'],
    ['TCP', '1.30', false, 'left-out'],
    ['TCP', '1.30', true, 'open'],
    ['TCP', '1.31', false, 'open'],
  ])('T-50, T-52: %s in Istio %s with the alpha flag %s is %s', (protocol, version, alpha, expected) => {
    const tls = protocol === 'TLS' ? { tls: { mode: 'Passthrough' } } : {};
    const text = gateway([{ name: 'l', port: 5432, protocol, ...tls }]);
    const [listener] = listenersOf('shop/door', { version, flags: { PILOT_ENABLE_ALPHA_GATEWAY_API: alpha } }, text);
    expect(listener?.standing.kind).toBe(expected);
  });

  const ended = (options: object = {}) => [
    { name: 'l', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'c' }], options } },
  ];
  const validation = (mode?: string) => ({
    validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }], ...(mode && { mode }) },
  });
  const mode = (value: string) => ({ 'gateway.istio.io/tls-terminate-mode': value });
  test.each<[string, string, object, object, string]>([
    ['for all ports', '1.29', { default: validation() }, {}, 'MUTUAL'],
    ['for its port', '1.29', { default: {}, perPort: [{ port: 443, tls: validation() }] }, {}, 'MUTUAL'],
    ['for another port', '1.29', { default: {}, perPort: [{ port: 444, tls: validation() }] }, {}, 'SIMPLE'],
    ['but not for its port', '1.29', { default: validation(), perPort: [{ port: 443, tls: {} }] }, {}, 'SIMPLE'],
    ['beside an option', '1.29', { default: validation() }, mode('OPTIONAL_MUTUAL'), 'MUTUAL'],
    ['beside an option', '1.30', { default: validation() }, mode('OPTIONAL_MUTUAL'), 'OPTIONAL_MUTUAL'],
    ['if there are any', '1.30', { default: validation('AllowInsecureFallback') }, {}, 'MUTUAL'],
    ['if there are any', '1.31', { default: validation('AllowInsecureFallback') }, {}, 'OPTIONAL_MUTUAL'],
    ['beside those of the mesh', '1.31', { default: validation() }, mode('ISTIO_MUTUAL'), 'ISTIO_MUTUAL'],
  ])('a Gateway checks the certificates of clients %s, in Istio %s', (_, version, frontend, options, expected) => {
    const text = gateway(ended(options), { tls: { frontend } });
    expect(listenersOf('shop/door', { version }, text).map(({ tls }) => tls)).toEqual([expected]);
  });

  test.each<[string, object, object, string]>([
    ['by its option', {}, { 'gateway.istio.io/listener-protocol': 'auto-passthrough' }, 'AUTO_PASSTHROUGH'],
    ['by port and network', { 'topology.istio.io/network': 'n' }, {}, 'AUTO_PASSTHROUGH'],
    [
      'not on another port',
      { 'topology.istio.io/network': 'n', 'networking.istio.io/gatewayPort': '15444' },
      {},
      'PASSTHROUGH',
    ],
    ['not without a network', {}, {}, 'PASSTHROUGH'],
  ])('it is for other networks %s', (_, labels, options, expected) => {
    const text = gateway(
      [{ name: 'l', port: 15443, protocol: 'TLS', tls: { mode: 'Passthrough', options } }],
      {},
      labels,
    );
    expect(listenersOf('shop/door', {}, text).map(({ tls }) => tls)).toEqual([expected]);
  });

  test('one that asks for a revision that no istiod has', () => {
    const text = gateway([{ name: 'l', port: 80, protocol: 'HTTP' }], {}, { 'istio.io/rev': 'rapid' });
    expect(listenersOf('shop/door', {}, text).map(({ standing }) => standing)).toEqual([
      { kind: 'left-out', because: 'no istiod has revision `rapid`, which it asks for (E-30)' },
    ]);
  });

  test('the Service that istiod makes has the ports of its listeners', () => {
    const text = gateway([{ name: 'l', port: 80, protocol: 'HTTP' }]);
    expect(present(clusterOf(documents(shop, text)).gateways.get('shop/door')).fronts).toEqual([
      { host: 'door-istio.shop.svc.cluster.local', service: undefined, port: 80, podPort: 80, layer: 'http' },
    ]);
  });

  test.each<[string, string, string[]]>([
    ['all namespaces', 'All', ['80', '8443']],
    ['its own', 'Same', ['80', '8443']],
    ['none', 'None', ['80']],
  ])('a ListenerSet adds its own where the Gateway admits %s', (_, from, expected) => {
    const set = JSON.stringify({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'ListenerSet',
      metadata: { name: 'more', namespace: 'shop' },
      spec: {
        parentRef: { kind: 'Gateway', name: 'door' },
        listeners: [{ name: 'more', port: 8443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'c' }] } }],
      },
    });
    const text = gateway([{ name: 'l', port: 80, protocol: 'HTTP' }], { allowedListeners: { namespaces: { from } } });
    const found = listenersOf('shop/door', { version: '1.31' }, text, set);
    expect(found.map(({ podPort }) => String(podPort))).toEqual(expected);
    expect(listenersOf('shop/door', { version: '1.29' }, text, set).length).toBe(1);
  });
});

describe('a Gateway of Gateway API on pods that others deploy', () => {
  const address = (value: string) => ({ addresses: [{ type: 'Hostname', value }] });
  const listeners = [{ name: 'l', port: 80, protocol: 'HTTP' }];

  test.each<[string, string, string[]]>([
    ['the port of the pods is the target of its Service’s', mapped, ['80 8080 http clear requests open']],
    [
      'a port that the Service lacks',
      front([{ name: 'http', port: 81, targetPort: 8080 }]),
      ['80 80 http clear requests left-out'],
    ],
    ['a Service that is not given', '', ['80 80 http clear requests undecided']],
  ])('%s', (_, text, expected) => {
    const texts = [gateway(listeners, address('edge.shop.svc.cluster.local')), proxy(), ...(text === '' ? [] : [text])];
    expect(listenersOf('shop/door', {}, ...texts).map(seen)).toEqual(expected);
  });

  test('the pods have its listeners whether or not they carry its name', () => {
    const texts = [gateway(listeners, address('edge')), proxy(), mapped];
    expect(listenersOf('shop/edge', {}, ...texts).map(seen)).toEqual(['80 8080 http clear requests open']);
  });

  test('an address that names no Service of its namespace', () => {
    const texts = [
      gateway(listeners, { addresses: [{ type: 'IPAddress', value: '10.0.0.1' }, { value: '10.0.0.2' }] }),
    ];
    expect(listenersOf('shop/door', {}, ...texts).map(seen)).toEqual(['80 80 http clear requests left-out']);
  });
});

describe('servers of Istio’s own Gateways', () => {
  test.each<[string, string, string]>([
    ['the target of the Service’s port', mapped, '80 8080 http clear requests open'],
    [
      'its own port, where no Service has it',
      front([{ name: 'http', port: 443, targetPort: 8443 }]),
      '80 80 http clear requests open',
    ],
    [
      'its own port, where the Service says so',
      front([{ name: 'http', port: 80, targetPort: 8080 }], {
        'experimental.istio.io/disable-gateway-port-translation': 'true',
      }),
      '80 80 http clear requests open',
    ],
    [
      'nobody knows which, where Services differ',
      documents(
        mapped,
        service('other', { spec: { selector: { istio: 'edge' }, ports: [{ port: 80, targetPort: 9090 }] } }),
      ),
      '80 8080 http clear requests undecided',
    ],
  ])('they are on %s', (_, text, expected) => {
    expect(listenersOf('shop/edge', {}, istioGateway([plain]), proxy(), text).map(seen)).toEqual([expected]);
  });

  test.each<[string, object, string]>([
    ['HTTPS', { protocol: 'HTTPS', tls: { mode: 'SIMPLE', credentialName: 'c' } }, 'https SIMPLE requests open'],
    [
      'mutual TLS of the mesh',
      { protocol: 'HTTPS', tls: { mode: 'ISTIO_MUTUAL' } },
      'https ISTIO_MUTUAL requests open',
    ],
    ['HTTPS that is passed through', { protocol: 'HTTPS', tls: {} }, 'https PASSTHROUGH connections open'],
    ['TLS that is ended', { protocol: 'TLS', tls: { mode: 'SIMPLE' } }, 'tls SIMPLE connections open'],
    ['a redirect to HTTPS', { protocol: 'HTTP', tls: { httpsRedirect: true } }, 'http clear requests open'],
    ['connections', { protocol: 'MONGO' }, 'mongo clear connections open'],
    ['HTTPS without tls', { protocol: 'HTTPS' }, 'https clear connections left-out'],
  ])('%s', (_, { protocol, ...rest }: { protocol?: string }, expected) => {
    const server = { port: { number: 9000, name: 's', protocol }, hosts: ['*'], ...rest };
    expect(listenersOf('shop/edge', {}, istioGateway([server]), proxy()).map(seen)).toEqual([`9000 9000 ${expected}`]);
  });

  test('a host can name the namespaces of its routes', () => {
    const server = { ...plain, hosts: ['*', '*/a.example', './b.example', 'till/*.c.example', '~/d.example'] };
    const [listener] = listenersOf('shop/edge', {}, istioGateway([server]), proxy());
    expect(listener?.hosts).toEqual([
      { host: '*', routesFrom: { kind: 'all' } },
      { host: 'a.example', routesFrom: { kind: 'all' } },
      { host: 'b.example', routesFrom: { kind: 'named', namespace: 'shop' } },
      { host: '*.c.example', routesFrom: { kind: 'named', namespace: 'till' } },
      { host: 'd.example', routesFrom: { kind: 'none' } },
    ]);
  });

  test.each<[string, object, object, number]>([
    ['the selector fits', {}, {}, 1],
    ['it selects others', { selector: { istio: 'other' } }, {}, 0],
    ['it has no selector', { selector: null }, {}, 1],
    ['it is of another namespace and the flag holds it there', {}, { PILOT_SCOPE_GATEWAY_TO_NAMESPACE: true }, 0],
  ])('they are for the pods where %s', (_, spec, flags, count) => {
    const texts = [istioGateway([plain], spec, 'till'), proxy(), mapped];
    expect(listenersOf('shop/edge', { flags }, ...texts).length).toBe(count);
  });

  test('two protocols on one port of the pods: manifests do not tell which is served', () => {
    const bytes = { port: { number: 80, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] };
    const found = listenersOf('shop/edge', {}, istioGateway([plain, bytes]), proxy(), mapped);
    expect(found.map(({ standing }) => standing.kind)).toEqual(['undecided', 'undecided']);
  });

  test('a proxy that may not listen on low ports', () => {
    const env = [{ name: 'ISTIO_META_UNPRIVILEGED_POD', value: 'true' }];
    const [low] = listenersOf('shop/edge', {}, istioGateway([plain]), proxy(env));
    const [high] = listenersOf('shop/edge', {}, istioGateway([plain]), proxy(env), mapped);
    expect([low?.standing.kind, high?.standing.kind]).toEqual(['left-out', 'open']);
  });

  test('they are another kind than the Gateway of Gateway API that has their name', () => {
    const both = documents(istioGateway([plain]), gateway([{ name: 'l', port: 80, protocol: 'HTTP' }]), proxy());
    expect([...clusterOf(documents(shop, both)).gateways.keys()]).toEqual(['shop/door', 'shop/edge']);
  });
});
