import { describe, expect, test } from 'vitest';
import { targetPortOf } from '../../src/topology/model.js';
import { ambient, documents, namespace, pod, workload } from './support/builders.js';
import { clusterOf, finding, present, topologyOf } from './support/topology.js';

const shop = namespace('shop', ambient);
const ownedBy = (kind: string, name: string) => ({ owner: { kind, name } });
const hashed = (hash: string) => ({ app: 'web', 'pod-template-hash': hash });
const sidecar = { annotations: { 'sidecar.istio.io/status': '{}' } };
const captured = { annotations: { 'ambient.istio.io/redirection': 'enabled' } };

function workloadsIn(...texts: readonly string[]): readonly string[] {
  const { workloads } = clusterOf(documents(shop, ...texts));
  return [...workloads].map(([key, { kind }]) => `${kind} ${key}`);
}

describe('what a workload is', () => {
  const replicaSet = workload('web-1', { kind: 'ReplicaSet', ...ownedBy('Deployment', 'web') });
  const podOfSet = pod('web-1-a', ownedBy('ReplicaSet', 'web-1'));

  test.each<[law: string, texts: readonly string[], expected: readonly string[]]>([
    ['a Deployment takes its ReplicaSet and Pods', [workload('web'), replicaSet, podOfSet], ['Deployment shop/web']],
    ['a ReplicaSet without its Deployment stands for itself', [replicaSet, podOfSet], ['ReplicaSet shop/web-1']],
    ['a Pod stands for itself', [pod('web')], ['Pod shop/web']],
    [
      'a Deployment takes the Pods of its absent ReplicaSet, which is called by it and the hash of its template',
      [workload('web'), pod('web-7d9f-a', { ...ownedBy('ReplicaSet', 'web-7d9f'), labels: hashed('7d9f') })],
      ['Deployment shop/web'],
    ],
    [
      'and not those of one with another hash',
      [workload('web'), pod('web-7d9f-a', { ...ownedBy('ReplicaSet', 'web-7d9f'), labels: hashed('11aa') })],
      ['Deployment shop/web', 'ReplicaSet shop/web-7d9f'],
    ],
    [
      'a Rollout likewise',
      [
        workload('web', { kind: 'Rollout', spec: { containers: [{ name: 'main' }] } }),
        pod('web-7d9f-a', {
          ...ownedBy('ReplicaSet', 'web-7d9f'),
          labels: { app: 'web', 'rollouts-pod-template-hash': '7d9f' },
        }),
      ],
      ['Rollout shop/web'],
    ],
    [
      'and a CronJob the Pods of its absent Jobs',
      [workload('report', { kind: 'CronJob' }), pod('report-29000000-a', ownedBy('Job', 'report-29000000'))],
      ['CronJob shop/report'],
    ],
    [
      'sibling Pods of an absent ReplicaSet are one workload',
      [podOfSet, pod('web-1-b', ownedBy('ReplicaSet', 'web-1')), pod('web-2-a', ownedBy('ReplicaSet', 'web-2'))],
      ['ReplicaSet shop/web-1', 'ReplicaSet shop/web-2'],
    ],
    [
      'Pods of an absent StatefulSet likewise',
      [pod('db-0', ownedBy('StatefulSet', 'db')), pod('db-1', ownedBy('StatefulSet', 'db'))],
      ['StatefulSet shop/db'],
    ],
    ['a static Pod of a Node stands for itself', [pod('proxy', ownedBy('Node', 'n1'))], ['Pod shop/proxy']],
    [
      'a CronJob takes its Jobs and their Pods',
      [
        workload('report', { kind: 'CronJob' }),
        workload('report-1', { kind: 'Job', ...ownedBy('CronJob', 'report') }),
        pod('report-1-a', ownedBy('Job', 'report-1')),
      ],
      ['CronJob shop/report'],
    ],
    [
      'Pods that have ended are left out',
      [pod('done', { status: { phase: 'Succeeded' } }), pod('dead', { status: { phase: 'Failed' } })],
      [],
    ],
    [
      'an owner in another namespace is no owner',
      [workload('web', { namespace: 'other' }), pod('web-0', ownedBy('Deployment', 'web'))],
      ['Deployment other/web', 'Deployment shop/web'],
    ],
    [
      'a name shared by two kinds stays with the longer-lived one',
      [workload('web'), workload('web', { kind: 'Job' })],
      ['Deployment shop/web', 'Job shop/web.job'],
    ],
  ])('%s', (_, texts, expected) => {
    expect(workloadsIn(...texts)).toEqual(expected);
    expect(workloadsIn(...[...texts].reverse())).toEqual(expected);
  });

  test('a ReplicationController is one, and so is any object that holds a pod template', () => {
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main' }] } };
    const maker = (apiVersion: string, kind: string, name: string) =>
      JSON.stringify({ apiVersion, kind, metadata: { name, namespace: 'shop' }, spec: { template } });
    const rollout = maker('argoproj.io/v1alpha1', 'Rollout', 'web');
    const set = workload('web-7', { kind: 'ReplicaSet', ...ownedBy('Rollout', 'web') });
    const controller = maker('v1', 'ReplicationController', 'old');
    expect(workloadsIn(rollout, set, pod('web-7-a', ownedBy('ReplicaSet', 'web-7')), controller)).toEqual([
      'ReplicationController shop/old',
      'Rollout shop/web',
    ]);
  });

  test('references that go in a circle end', () => {
    const first = workload('a', { kind: 'ReplicaSet', ...ownedBy('ReplicaSet', 'b') });
    const second = workload('b', { kind: 'ReplicaSet', ...ownedBy('ReplicaSet', 'a') });
    expect(workloadsIn(first, second)).toEqual(['ReplicaSet shop/a']);
  });
});

describe('the pods that run are the truth (E-01, E-07, E-09)', () => {
  const set = workload('db', { kind: 'StatefulSet' });
  const member = (name: string, options: object) => pod(name, { ...ownedBy('StatefulSet', 'db'), ...options });

  test('a running sidecar makes the owner a sidecar workload, and a restart would not', () => {
    const { value, diagnostics } = topologyOf(documents(shop, set, member('db-0', sidecar)));
    expect(present(value.clusters[0]).workloads.get('shop/db')?.mode.plane).toBe('sidecar');
    expect(diagnostics.map(finding)).toEqual(['AMB2529 "db"']);
  });

  test('pods that disagree are an error with both places', () => {
    const { diagnostics } = topologyOf(documents(shop, set, member('db-0', sidecar), member('db-1', captured)));
    const [error] = diagnostics.filter(({ code }) => code === 'AMB2503');
    expect(error).toMatchObject({ severity: 'error', label: expect.stringMatching(/^ambient: annotation/) });
    expect(present(error).notes[0]).toMatchObject({ message: expect.stringMatching(/^sidecar, without HBONE/) });
    expect(finding(present(error))).toBe('AMB2503 "db-1"');
  });

  test('a pod that has ended has no say', () => {
    const ended = member('db-1', { ...sidecar, status: { phase: 'Failed' } });
    expect(topologyOf(documents(shop, set, member('db-0', captured), ended)).diagnostics).toEqual([]);
  });
});

test('a workload runs as `default` where it names no service account', () => {
  const cluster = clusterOf(
    documents(shop, workload('web'), workload('cart', { spec: { serviceAccountName: 'cart' } })),
  );
  expect([...cluster.workloads.values()].map(({ serviceAccount }) => serviceAccount)).toEqual(['cart', 'default']);
  expect([...cluster.serviceAccounts]).toEqual(['shop/cart', 'shop/default']);
});

test('ports of all containers are read, restartable init containers included', () => {
  const spec = {
    containers: [
      {
        name: 'a',
        ports: [
          { name: 'http', containerPort: 8080 },
          { containerPort: 53, protocol: 'UDP' },
        ],
      },
    ],
    initContainers: [{ name: 'b', ports: [{ containerPort: 9000 }] }],
  };
  expect(clusterOf(documents(shop, workload('web', { spec }))).workloads.get('shop/web')?.ports).toEqual([
    { name: 'http', number: 8080, transport: 'TCP' },
    { name: undefined, number: 53, transport: 'UDP' },
    { name: undefined, number: 9000, transport: 'TCP' },
  ]);
});

test('a WorkloadEntry has a sidecar where it names a service account (M-42)', () => {
  const entry = (name: string, spec: object, labels: object = {}) =>
    JSON.stringify({
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadEntry',
      metadata: { name, namespace: 'shop', labels },
      spec,
    });
  const cluster = clusterOf(
    documents(
      shop,
      entry('bare', {}),
      entry('vm', { serviceAccount: 'vm' }),
      entry('peer', {}, { 'networking.istio.io/tunnel': 'http' }),
    ),
  );
  expect([...cluster.workloads.values()].map(({ name, mode }) => `${name} ${mode.plane}`)).toEqual([
    'bare none',
    'peer hbone',
    'vm sidecar',
  ]);
});

test('a WorkloadGroup stands for machines that register with a sidecar (M-42)', () => {
  const group = JSON.stringify({
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadGroup',
    metadata: { name: 'machines', namespace: 'shop', labels: { app: 'other' } },
    spec: {
      metadata: { labels: { app: 'web' }, annotations: { a: 'b' } },
      template: { labels: { app: 'weaker', tier: 'back' }, serviceAccount: 'vm', ports: { http: 8888 } },
    },
  });
  const web = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  });
  const cluster = clusterOf(documents(shop, group, web));
  const machines = cluster.workloads.get('shop/machines');
  expect(machines).toMatchObject({
    labels: { app: 'web', tier: 'back' },
    annotations: { a: 'b' },
    serviceAccount: 'vm',
    mode: { plane: 'sidecar', hbone: false },
    services: ['shop/web'],
  });
  const [port] = cluster.services.get('shop/web')?.ports ?? [];
  expect(port && machines && targetPortOf(port, machines)).toBe(8888);
});

test('labels of a WorkloadEntry itself come before those of its spec', () => {
  const entry = JSON.stringify({
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: { name: 'vm', namespace: 'shop', labels: { app: 'web' } },
    spec: { labels: { app: 'other', tier: 'back' } },
  });
  expect(clusterOf(documents(shop, entry)).workloads.get('shop/vm')?.labels).toEqual({ app: 'web', tier: 'back' });
});
