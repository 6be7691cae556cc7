import { describe, expect, test } from 'vitest';
import { topologyToJson, topologyToText } from '../../src/report/topology.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { plainPage } from '../support/page.js';
import { ambient, documents, namespace, pod, service, useWaypoint, waypoint, workload } from './support/builders.js';
import {
  clusterOf,
  finding,
  judged,
  meshWith,
  objectsIn,
  present,
  theCluster,
  topologyOf,
} from './support/topology.js';

const shop = namespace('shop', { ...ambient, ...useWaypoint });

describe('determinism', () => {
  test('the order of the objects changes nothing', () => {
    const texts = [
      shop,
      waypoint('waypoint'),
      service('web'),
      workload('web'),
      service('cart'),
      pod('cart'),
      workload('web', { kind: 'Job' }),
    ];
    const objects = texts.flatMap((text, index) => objectsIn(text, 'east', `${index}.yaml`));
    const forwards = judged(meshWith(), objects);
    const backwards = judged(meshWith(), [...objects].reverse());
    expect(topologyToText(backwards.value, plainPage)).toBe(topologyToText(forwards.value, plainPage));
    expect(topologyToJson(backwards.value)).toEqual(topologyToJson(forwards.value));
    expect(backwards.diagnostics.map(finding)).toEqual(forwards.diagnostics.map(finding));
    expect(forwards.diagnostics.length).toBeGreaterThan(0);
  });

  test('clusters are kept apart and sorted', () => {
    const mesh = meshWith({}, ['west', 'east']);
    const objects = [
      ...objectsIn(documents(shop, workload('web')), 'west'),
      ...objectsIn(documents(namespace('shop'), workload('web')), 'east'),
    ];
    const { clusters } = buildTopology(mesh, objects).value;
    expect(clusters.map(({ name, workloads }) => [name, workloads.get('shop/web')?.mode.plane])).toEqual([
      ['east', 'none'],
      ['west', 'ambient'],
    ]);
  });
});

describe('manifests that contradict each other', () => {
  test('are an error that shows both places', () => {
    const { diagnostics } = topologyOf(documents(namespace('shop', ambient), namespace('shop')));
    const error = present(diagnostics[0]);
    expect(error).toMatchObject({ code: 'AMB2502', severity: 'error' });
    expect(error.span?.start).toBeGreaterThan(present(present(error.notes[0]).span).start);
  });

  test('identical copies are fine, whatever the order of their keys', () => {
    const copy = '{ kind: Namespace, metadata: { labels: { a: "1", b: "2" }, name: shop }, apiVersion: v1 }';
    const other = '{ apiVersion: v1, kind: Namespace, metadata: { name: shop, labels: { b: "2", a: "1" } } }';
    expect(topologyOf(documents(copy, other)).diagnostics).toEqual([]);
  });

  test('the same name in another cluster is another object', () => {
    const objects = [...objectsIn(namespace('shop', ambient), 'east'), ...objectsIn(namespace('shop'), 'west')];
    expect(buildTopology(meshWith({}, ['east', 'west']), objects).diagnostics).toEqual([]);
  });

  test('no namespace means `default`', () => {
    const written = '{ apiVersion: v1, kind: ServiceAccount, metadata: { name: web, namespace: default } }';
    const silent = '{ apiVersion: v1, kind: ServiceAccount, metadata: { name: cart } }';
    expect([...clusterOf(documents(written, silent)).serviceAccounts]).toEqual(['default/cart', 'default/web']);
  });
});

describe('wrong-typed fields are diagnostics with their place, and never a crash', () => {
  const inShop = (kind: string, body: string, apiVersion = 'v1') =>
    `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: web, namespace: shop }, ${body} }`;

  test.each<[string, string, string]>([
    ['ports is a number', inShop('Service', 'spec: { ports: 5 }'), 'AMB2501 5'],
    ['a port is text', inShop('Service', 'spec: { ports: [{ port: http }] }'), 'AMB2501 http'],
    ['an item is text', inShop('Service', 'spec: { ports: [http] }'), 'AMB2501 http'],
    ['spec is a list', inShop('Service', 'spec: []'), 'AMB2501 []'],
    ['a selector value is a number', inShop('Service', 'spec: { selector: { app: 5 } }'), 'AMB2501 5'],
    [
      'a label is a boolean',
      '{ apiVersion: v1, kind: Namespace, metadata: { name: cart, labels: { a: yes } } }',
      'AMB2501 yes',
    ],
    ['hostNetwork is text', inShop('Pod', 'spec: { hostNetwork: "true" }'), 'AMB2501 "true"'],
    ['a template is text', inShop('Deployment', 'spec: { template: web }', 'apps/v1'), 'AMB2501 web'],
    [
      'webhooks is text',
      inShop('MutatingWebhookConfiguration', 'webhooks: all', 'admissionregistration.k8s.io/v1'),
      'AMB2501 all',
    ],
    ['hosts is text', inShop('ServiceEntry', 'spec: { hosts: all }', 'networking.istio.io/v1'), 'AMB2501 all'],
  ])('%s', (_, text, expected) => {
    const errors = topologyOf(documents(shop, text)).diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(finding)).toEqual([expected]);
  });

  test('null is as good as absent', () => {
    const text = documents(
      namespace('shop'),
      inShop('Service', 'spec: null'),
      inShop('Pod', 'spec: { containers: null }'),
    );
    expect(topologyOf(text).diagnostics).toEqual([]);
  });
});

describe('what is no part of a topology', () => {
  test('is not read and counted', () => {
    const gateway = (name: string) => waypoint(name, { className: 'nginx' });
    const config = '{ apiVersion: v1, kind: ConfigMap, metadata: { name: istio, namespace: istio-system } }';
    const knative = '{ apiVersion: serving.knative.dev/v1, kind: Service, metadata: { name: web, namespace: shop } }';
    const cluster = clusterOf(documents(config, knative, gateway('a'), gateway('b')));
    expect([...cluster.ignored]).toEqual([
      ['gateway.networking.k8s.io/v1/Gateway', 2],
      ['serving.knative.dev/v1/Service', 1],
      ['v1/ConfigMap', 1],
    ]);
    expect(cluster.services.size).toBe(0);
  });

  test('policies, routes and NetworkPolicies are handed on', () => {
    const object = (apiVersion: string, kind: string) =>
      `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: web, namespace: shop }, spec: {} }`;
    const cluster = clusterOf(
      documents(
        object('security.istio.io/v1', 'AuthorizationPolicy'),
        object('security.istio.io/v1beta1', 'PeerAuthentication'),
        object('gateway.networking.k8s.io/v1', 'HTTPRoute'),
        object('networking.istio.io/v1', 'VirtualService'),
        object('networking.k8s.io/v1', 'NetworkPolicy'),
      ),
    );
    expect(cluster.policies.map(({ kind }) => kind)).toEqual(['AuthorizationPolicy', 'PeerAuthentication']);
    expect(cluster.routes.map(({ kind }) => kind)).toEqual(['VirtualService', 'HTTPRoute']);
    expect(cluster.networkPolicies).toHaveLength(1);
  });
});

test('what the API server calls is known by webhooks, aggregated APIs and conversions, each port once', () => {
  const service = (name: string, more = '') => `service: { namespace: ops, name: ${name}${more} }`;
  const webhook = (kind: string, name: string) =>
    `{ apiVersion: admissionregistration.k8s.io/v1, kind: ${kind}, metadata: { name: ${name} }, webhooks: [{ clientConfig: { ${service(name)} } }, { clientConfig: { url: "https://x" } }] }`;
  const api = (name: string, spec: string) =>
    `{ apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: { name: ${name} }, spec: { ${spec} } }`;
  const definition = (name: string, strategy: string) =>
    `{ apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: { name: ${name} }, spec: { conversion: { strategy: ${strategy}, webhook: { clientConfig: { ${service('c', ', port: 9443')} } } } } }`;
  const cluster = clusterOf(
    documents(
      webhook('ValidatingWebhookConfiguration', 'b'),
      webhook('MutatingWebhookConfiguration', 'b'),
      api('v1.a', service('a')),
      api('v1.local', 'group: local'),
      definition('converted', 'Webhook'),
      definition('kept', 'None'),
    ),
  );
  expect(cluster.apiServerCalls.map(({ service, port, purpose }) => `${service}:${port} ${purpose}`)).toEqual([
    'ops/a:443 aggregated API',
    'ops/b:443 admission webhook',
    'ops/c:9443 conversion webhook',
  ]);
});

test('every namespace carries the label that the API server adds', () => {
  const { namespaces } = theCluster(
    topologyOf(documents(namespace('shop', { tier: 'front' }), workload('web', { namespace: 'other' }))).value,
  );
  expect([...namespaces.values()].map(({ labels }) => labels)).toEqual([
    { 'kubernetes.io/metadata.name': 'other' },
    { tier: 'front', 'kubernetes.io/metadata.name': 'shop' },
  ]);
});
