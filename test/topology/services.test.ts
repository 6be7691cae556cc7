import { describe, expect, test } from 'vitest';
import { targetPortOf } from '../../src/topology/model.js';
import { ambient, documents, namespace, pod, service, workload } from './support/builders.js';
import { clusterOf, present } from './support/topology.js';

const shop = namespace('shop', ambient);

function behind(serviceText: string, ...others: readonly string[]): readonly string[] {
  return present(clusterOf(documents(shop, serviceText, ...others)).services.get('shop/web')).workloads;
}

describe('Services and the workloads behind them', () => {
  const one = workload('one', { labels: { app: 'web', version: 'v1' } });
  const two = workload('two', { labels: { app: 'web', version: 'v2' } });
  const elsewhere = workload('web', { namespace: 'other', labels: { app: 'web' } });

  test.each<[law: string, selector: object | undefined, expected: readonly string[]]>([
    ['every pair must match', { app: 'web', version: 'v1' }, ['shop/one']],
    ['further labels of the pod do not matter', { app: 'web' }, ['shop/one', 'shop/two']],
    ['a value that no pod has', { app: 'web', version: 'v3' }, []],
    ['an empty selector is none', {}, []],
  ])('%s', (_, selector, expected) => {
    expect(behind(service('web', { spec: { selector } }), two, one, elsewhere)).toEqual(expected);
  });

  test('the label that a Rollout adds for each release does not tell its pods apart', () => {
    const made = workload('made', {
      kind: 'Rollout',
      spec: { containers: [{ name: 'main' }] },
      labels: { app: 'web' },
    });
    const rollout = made.replace('apps/v1', 'argoproj.io/v1alpha1');
    const moved = service('web', { spec: { selector: { app: 'web', 'rollouts-pod-template-hash': '7d9f' } } });
    expect(behind(moved, rollout)).toEqual(['shop/made']);
    expect(behind(moved, one)).toEqual([]);
  });

  test('workloads know their Services, sorted', () => {
    const cluster = clusterOf(
      documents(shop, one, service('web-v1', { spec: { selector: { version: 'v1' } } }), service('web')),
    );
    expect(cluster.workloads.get('shop/one')?.services).toEqual(['shop/web', 'shop/web-v1']);
  });

  test('a WorkloadEntry is selected by istiod, though not by Kubernetes', () => {
    const entry = JSON.stringify({
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadEntry',
      metadata: { name: 'vm', namespace: 'shop' },
      spec: { labels: { app: 'web' } },
    });
    expect(behind(service('web'), entry, one)).toEqual(['shop/one', 'shop/vm']);
  });

  test('an ExternalName has no pods', () => {
    expect(behind(service('web', { spec: { type: 'ExternalName', externalName: 'web.example.com' } }), one)).toEqual(
      [],
    );
  });
});

describe('EndpointSlices of a Service without selector', () => {
  const slice = (endpoint: object) =>
    JSON.stringify({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [endpoint],
    });
  const withoutSelector = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { ports: [{ port: 80 }] },
  });
  const member = pod('web-0', { owner: { kind: 'StatefulSet', name: 'web' }, status: { podIP: '10.0.0.5' } });

  test.each<[law: string, endpoint: object, expected: readonly string[]]>([
    ['by name of the pod', { addresses: ['10.9.9.9'], targetRef: { kind: 'Pod', name: 'web-0' } }, ['shop/web']],
    ['by address of the pod', { addresses: ['10.0.0.5'] }, ['shop/web']],
    ['an address outside the cluster', { addresses: ['192.0.2.1'] }, []],
  ])('%s', (_, endpoint, expected) => {
    expect(behind(withoutSelector, slice(endpoint), member, workload('web', { kind: 'StatefulSet' }))).toEqual(
      expected,
    );
  });

  test('pods of another namespace know the Service that leads to them', () => {
    const status = { podIP: '10.0.0.6' };
    const far = pod('far-0', { namespace: 'shop-2', owner: { kind: 'StatefulSet', name: 'far' }, status });
    const near = service('aaa', { namespace: 'shop-2', spec: { selector: { app: 'far' } } });
    const owner = workload('far', { namespace: 'shop-2', kind: 'StatefulSet' });
    const cluster = clusterOf(documents(shop, withoutSelector, slice({ addresses: ['10.0.0.6'] }), far, near, owner));
    expect(cluster.services.get('shop/web')?.workloads).toEqual(['shop-2/far']);
    expect(cluster.workloads.get('shop-2/far')?.services).toEqual(['shop-2/aaa', 'shop/web']);
  });

  test('a selector leaves slices out of account', () => {
    expect(
      behind(service('web', { spec: { selector: { app: 'none' } } }), slice({ addresses: ['10.0.0.5'] }), member),
    ).toEqual([]);
  });
});

describe('what a Service says', () => {
  const read = (spec: object) =>
    present(clusterOf(documents(shop, service('web', { spec: { ...spec } }))).services.get('shop/web'));

  test('ports, numeric and named targets, protocols', () => {
    const ports = [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'grpc-api', port: 90, targetPort: 'api' },
      { port: 70 },
    ];
    expect(
      read({ ports }).ports.map(({ number, targetPort, protocol, layer }) => [number, targetPort, protocol, layer]),
    ).toEqual([
      [80, 8080, 'http', 'http'],
      [90, 'api', 'grpc', 'http'],
      [70, 70, 'auto', 'detected'],
    ]);
  });

  test('its host is its full name', () => {
    expect(read({}).host).toBe('web.shop.svc.cluster.local');
  });

  test.each<[string, object, boolean, boolean]>([
    ['ClusterIP', {}, false, true],
    ['headless', { clusterIP: 'None' }, true, false],
    ['LoadBalancer', { type: 'LoadBalancer' }, false, true],
    ['ExternalName', { type: 'ExternalName' }, false, false],
  ])('%s', (_, spec, headless, hasVip) => {
    expect(read(spec)).toMatchObject({ headless, hasVip });
  });
});

test('a ServiceEntry names its protocols itself', () => {
  const entry = JSON.stringify({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'api', namespace: 'shop' },
    spec: {
      hosts: ['api.example.com'],
      ports: [
        { number: 443, name: 'http', protocol: 'TLS' },
        { number: 80, protocol: 'HTTP', targetPort: 8080 },
      ],
    },
  });
  const { hosts, ports } = present(clusterOf(documents(shop, entry)).serviceEntries.get('shop/api'));
  expect(hosts).toEqual(['api.example.com']);
  expect(ports.map(({ number, targetPort, protocol, because }) => [number, targetPort, protocol, because])).toEqual([
    [443, 443, 'tls', 'protocol'],
    [80, 8080, 'http', 'protocol'],
  ]);
});

describe('gateways', () => {
  const gateway = (spec: object, annotations: object = {}) =>
    JSON.stringify({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'public', namespace: 'shop', annotations },
      spec: { gatewayClassName: 'istio', listeners: [{ name: 'web', port: 80, protocol: 'HTTP' }], ...spec },
    });
  const classic = workload('ingress', {
    labels: { istio: 'ingress', 'sidecar.istio.io/inject': 'true' },
    annotations: { 'inject.istio.io/templates': 'gateway' },
    spec: { serviceAccountName: 'ingress-sa' },
  });
  const accountsOf = (...texts: readonly string[]) =>
    [...clusterOf(documents(shop, ...texts)).gateways.values()].map(({ name, kind, serviceAccount }) => [
      name,
      kind,
      serviceAccount,
    ]);

  test('istio-security §4.2: the service account is the Gateway’s name and its class', () => {
    expect(accountsOf(gateway({}))).toEqual([['public', 'gateway-api', 'public-istio']]);
  });

  test('W-40: an annotation chooses another', () => {
    expect(accountsOf(gateway({}, { 'gateway.istio.io/service-account': 'edge' }))).toEqual([
      ['public', 'gateway-api', 'edge'],
    ]);
  });

  test('a classic gateway is the Deployment that runs it', () => {
    expect(accountsOf(classic)).toEqual([['ingress', 'classic', 'ingress-sa']]);
  });

  test('a Gateway that points at a Service is served by that Service’s pods', () => {
    const address = { addresses: [{ type: 'Hostname', value: 'ingress.shop.svc.cluster.local' }] };
    const front = service('ingress', { spec: { selector: { istio: 'ingress' } } });
    expect(accountsOf(gateway(address), classic, front)).toEqual([
      ['ingress', 'classic', 'ingress-sa'],
      ['public', 'gateway-api', 'ingress-sa'],
    ]);
  });

  test('pods that Istio runs for a Gateway are no gateway of their own', () => {
    const managed = workload('public-istio', { labels: { 'gateway.networking.k8s.io/gateway-name': 'public' } });
    expect(accountsOf(gateway({}), managed)).toEqual([['public', 'gateway-api', 'public-istio']]);
  });
});

test.each([
  ['a number', 'Deployment', 8080, 8080],
  ['a name among the container’s ports', 'Deployment', 'web', 9080],
  ['a name that no port has', 'Deployment', 'other', undefined],
  ['what a WorkloadEntry says of the Service’s port', 'WorkloadEntry', 8080, 7080],
  ['what a WorkloadEntry says of the name', 'WorkloadEntry', 'web', 9080],
])('a Service leads to %s', (_, kind, targetPort, expected) => {
  const ports = [
    { name: 'web', number: 9080, transport: 'TCP' },
    { name: 'http', number: 7080, transport: 'TCP' },
  ] as const;
  expect(targetPortOf({ name: 'http', targetPort, transport: 'TCP' }, { kind, ports })).toBe(expected);
});
