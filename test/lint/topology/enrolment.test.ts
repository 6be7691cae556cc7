import { describe, expect, test } from 'vitest';
import {
  ambient,
  documents,
  injected,
  namespace,
  notInjected,
  pod,
  service,
  useWaypoint,
  waypoint,
  workload,
} from '../../topology/support/builders.js';
import { bound, check, shop } from '../../topology/support/findings.js';
import { topologyOf } from '../../topology/support/topology.js';

const gatewayTemplate = { 'inject.istio.io/templates': 'gateway' };

describe('AMB2504: injection and ambient (E-23)', () => {
  check([
    {
      law: 'says it once for a namespace that asks for both',
      text: [namespace('shop', { ...ambient, ...injected }), workload('a'), workload('b')],
      expected: ['AMB2504 "ambient"'],
    },
    {
      law: 'is silent where every pod is guarded',
      text: [namespace('shop', { ...ambient, ...injected }), workload('a', { labels: { ...notInjected } })],
      expected: [],
    },
    {
      law: 'says it for one pod that asks for injection in an ambient namespace',
      text: [shop, workload('a', { labels: { 'sidecar.istio.io/inject': 'true', ...ambient } }), workload('b')],
      expected: ['AMB2504 "ambient"'],
    },
    {
      law: 'is silent where the pod opts out of ambient',
      text: [shop, workload('a', { labels: { 'sidecar.istio.io/inject': 'true', 'istio.io/dataplane-mode': 'none' } })],
      expected: [],
    },
  ]);
});

test('AMB2504 not for a WorkloadEntry: no webhook and no ztunnel ever sees one', () => {
  const machine =
    '{ apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: { name: vm, namespace: shop }, spec: { serviceAccount: vm } }';
  expect(topologyOf(documents(shop, machine)).diagnostics).toEqual([]);
});

describe('AMB2516: host network (E-05, E-20)', () => {
  const onHost = { kind: 'DaemonSet', spec: { hostNetwork: true } };
  check([
    { law: 'in an ambient namespace', text: [shop, workload('agent', onHost)], expected: ['AMB2516 true'] },
    {
      law: 'in an injected namespace',
      text: [namespace('shop', injected), workload('agent', onHost)],
      expected: ['AMB2516 true'],
    },
    { law: 'outside the mesh', text: [namespace('shop'), workload('agent', onHost)], expected: [] },
    {
      law: 'said to be meant',
      text: [shop, workload('agent', { ...onHost, labels: { 'istio.io/dataplane-mode': 'none' } })],
      expected: [],
    },
  ]);
});

describe('AMB2518: shared service accounts (istio-security §4.2)', () => {
  const as = (serviceAccountName: string, labels: object = {}) => ({ spec: { serviceAccountName }, ...labels });
  check([
    {
      law: 'two Services as `default`',
      text: [shop, service('a'), workload('a'), service('b'), workload('b')],
      expected: ['AMB2518 {}'],
    },
    {
      law: 'two Services as one account',
      text: [shop, service('a'), workload('a', as('x')), service('b'), workload('b', as('x'))],
      expected: ['AMB2518 "x"'],
    },
    {
      law: 'versions of one Service may share',
      text: [
        shop,
        service('web'),
        workload('v1', as('x', { labels: { app: 'web' } })),
        workload('v2', as('x', { labels: { app: 'web' } })),
      ],
      expected: [],
    },
    {
      law: 'pods outside the mesh have no identity to share',
      text: [namespace('shop'), service('a'), workload('a'), service('b'), workload('b')],
      expected: [],
    },
  ]);
});

describe('AMB2521, 2522: revisions (E-21, E-22, E-31)', () => {
  const rev = { 'istio.io/rev': 'canary' };
  check([
    { law: 'unknown on a namespace', text: [namespace('shop', rev)], expected: ['AMB2521 "canary"'] },
    {
      law: 'known from the mesh settings',
      text: [namespace('shop', rev)],
      istio: { revision: 'canary' },
      expected: [],
    },
    {
      law: 'known as a tag that is kept as a Service (E-31)',
      text: [namespace('shop', rev), service('istiod-canary', { labels: { 'istio.io/tag': 'canary' } })],
      expected: [],
    },
    {
      law: 'unknown on a pod',
      text: [namespace('shop'), workload('web', { labels: rev })],
      expected: ['AMB2521 "canary"'],
    },
    {
      law: 'enabled without a default revision',
      text: [namespace('shop', injected)],
      istio: { revision: 'prod' },
      expected: ['AMB2521 "enabled"'],
    },
    {
      law: 'disabled hides the revision',
      text: [namespace('shop', { ...rev, 'istio-injection': 'disabled' })],
      expected: [],
    },
    {
      law: 'it decides between sidecar and ambient',
      text: [namespace('shop', { ...rev, ...ambient })],
      expected: ['AMB2522 "canary"'],
    },
    { law: 'also on a pod', text: [shop, workload('web', { labels: rev })], expected: ['AMB2522 "canary"'] },
  ]);
});

describe('AMB2523: namespaces without a manifest (E-01, E-21)', () => {
  check([
    {
      law: 'once for all its workloads',
      text: [workload('a'), workload('b', { spec: { serviceAccountName: 'b' } })],
      expected: ['AMB2523 "shop"'],
    },
    { law: 'Services alone need none', text: [service('a', { spec: { selector: {} } })], expected: [] },
    { law: 'system namespaces are known', text: [workload('dns', { namespace: 'kube-system' })], expected: [] },
  ]);
});

describe('labels in the wrong place (W-12, E-01)', () => {
  const onDeployment = (labels: object, podLabels: object = {}) =>
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', labels },
      spec: { template: { metadata: { labels: podLabels } } },
    });
  check([
    {
      law: 'AMB2509 on a pod template',
      text: [namespace('shop'), workload('web', { annotations: ambient })],
      expected: ['AMB2509 "istio.io/dataplane-mode"'],
    },
    {
      law: 'AMB2509 on a waypoint',
      text: [shop, waypoint('waypoint', { annotations: { 'istio.io/waypoint-for': 'all' } })],
      expected: ['AMB2509 "istio.io/waypoint-for"'],
    },
    {
      law: 'AMB2535 on the Deployment',
      text: [namespace('shop'), onDeployment(ambient)],
      expected: ['AMB2535 "istio.io/dataplane-mode"'],
    },
    {
      law: 'AMB2535 not where the pods carry it too',
      text: [namespace('shop'), onDeployment(ambient, ambient)],
      expected: [],
    },
    {
      law: 'AMB2524 not in an injected namespace',
      text: [namespace('shop', injected), workload('web', { annotations: { 'sidecar.istio.io/inject': 'true' } })],
      expected: [],
    },
    {
      law: 'AMB2551 not one that its namespace has injected',
      text: [namespace('shop', injected), workload('front', { annotations: gatewayTemplate })],
      expected: ['AMB2548 "front"'],
    },
    {
      law: 'AMB2551 not one that runs as it was injected',
      text: [shop, pod('front', { annotations: { ...gatewayTemplate, 'sidecar.istio.io/status': '{}' } })],
      expected: ['AMB2548 "front"'],
    },
    {
      law: 'AMB2551 one that refuses injection, though its namespace is injected',
      text: [
        namespace('shop', injected),
        workload('front', { labels: { ...notInjected }, annotations: gatewayTemplate }),
      ],
      expected: ['AMB2551 "inject.istio.io/templates"'],
    },
    {
      law: 'AMB2533 beside the label it belongs to',
      text: [
        namespace('shop', { ...ambient, ...useWaypoint, 'istio.io/use-waypoint-namespace': 'shop' }),
        waypoint('waypoint'),
      ],
      expected: [],
    },
  ]);
});

test('AMB2529 compares running pods with what a restart brings (E-09)', () => {
  const owner = { kind: 'StatefulSet', name: 'db' };
  const running = pod('db-0', { owner, annotations: { 'ambient.istio.io/redirection': 'enabled' } });
  const { diagnostics } = topologyOf(documents(namespace('shop'), workload('db', { kind: 'StatefulSet' }), running));
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'AMB2529 pods of StatefulSet `shop/db` run as ambient, and the next restart makes them pods outside the mesh',
  ]);
});

test('every finding says which law it rests on and what to change', () => {
  const text = documents(
    bound,
    workload('web'),
    service('web', { spec: { ports: [{ port: 80 }] } }),
    waypoint('waypoint'),
  );
  const found = topologyOf(text).diagnostics;
  expect(found.length).toBeGreaterThan(0);
  for (const { notes, help } of found) {
    expect(notes.map(({ message }) => message).join()).toMatch(/\([A-Z]-\d+|istio-security §/);
    expect(help).toBeDefined();
  }
});
