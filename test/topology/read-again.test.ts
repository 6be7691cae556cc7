import { expect, test } from 'vitest';
import { buildTopology, type ClusterObject } from '../../src/topology/build-topology.js';
import type { Cluster } from '../../src/topology/model.js';
import { isAlike } from '../../src/util/alike.js';
import { newMemory } from '../../src/util/memory.js';
import { fc } from '../support/fast-check.js';
import { ambient, injected, namespace, pod, service, useWaypoint, waypoint, workload } from './support/builders.js';
import { finding, meshWith, objectsIn, theCluster } from './support/topology.js';

const json = (value: unknown) => JSON.stringify(value);

/** What may be said of one thing, each in place of the others. */
const things: ReadonlyArray<readonly string[]> = [
  [namespace('shop'), namespace('shop', ambient), namespace('shop', { ...ambient, ...useWaypoint })],
  [namespace('shop-2', injected), namespace('shop-2', { 'istio.io/rev': 'blue' })],
  [waypoint('waypoint'), waypoint('waypoint', { labels: { 'istio.io/waypoint-for': 'all' } })],
  [
    waypoint('own', { namespace: 'shop-2', allowedRoutes: { namespaces: { from: 'All' } } }),
    waypoint('own', { namespace: 'shop-2', className: 'mine' }),
  ],
  [
    json({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'mine', labels: { 'istio.io/waypoint-for': 'workload' } },
      spec: { controllerName: 'istio.io/mesh-controller' },
    }),
  ],
  [
    service('web'),
    service('web', {
      labels: { 'istio.io/use-waypoint': 'own', 'istio.io/use-waypoint-namespace': 'shop-2' },
    }),
    service('web', { spec: { selector: { app: 'other' } } }),
    service('web', { spec: { selector: {} } }),
    service('web', { spec: { selector: { app: 'web', 'rollouts-pod-template-hash': 'a' } } }),
  ],
  [service('web', { namespace: 'shop-2', labels: { 'istio.io/tag': 'blue', 'istio.io/rev': 'default' } })],
  [
    workload('web'),
    workload('web', { labels: { app: 'web', 'istio.io/use-waypoint': 'none' } }),
    workload('web', { labels: { app: 'web', 'istio.io/rev': 'blue' } }),
    workload('web', { spec: { hostNetwork: 'perhaps' } }),
  ],
  [workload('web', { namespace: 'shop-2' }), workload('web', { namespace: 'shop-2', kind: 'Job' })],
  [workload('web', { kind: 'Job' })],
  [
    pod('web-0', { owner: { kind: 'Rollout', name: 'web' }, status: { podIP: '10.0.0.1' } }),
    pod('web-0', { owner: { kind: 'Deployment', name: 'web' }, status: { podIP: '10.0.0.2' } }),
    pod('web-0', { labels: { 'gateway.networking.k8s.io/gateway-name': 'waypoint' } }),
  ],
  [
    json({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'other', namespace: 'elsewhere' },
      spec: { template: { metadata: { labels: { app: 'other' } }, spec: { containers: [{ name: 'a' }] } } },
    }),
    json({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'other', namespace: 'shop' },
      spec: { template: { metadata: { labels: { app: 'other' } }, spec: { containers: [{ name: 'a' }] } } },
    }),
  ],
  [
    pod('front', {
      namespace: 'shop-2',
      labels: { app: 'front', 'sidecar.istio.io/inject': 'true' },
      annotations: { 'inject.istio.io/templates': 'gateway' },
    }),
    pod('front', { namespace: 'shop-2', status: { podIP: '10.0.0.1' } }),
  ],
  [
    json({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'front', namespace: 'shop-2' },
      spec: {
        selector: { app: 'front' },
        servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
      },
    }),
  ],
  [
    json({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 's', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [{ addresses: ['10.0.0.1'] }],
    }),
    json({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 's', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [{ addresses: ['10.0.0.2'] }],
    }),
  ],
  [
    json({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'bank', namespace: 'shop', labels: useWaypoint },
      spec: { hosts: ['bank.example'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] },
    }),
  ],
  [
    json({
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadEntry',
      metadata: { name: 'vm', namespace: 'shop' },
      spec: { address: '10.1.0.1', labels: { app: 'web' }, serviceAccount: 'vm' },
    }),
  ],
  [
    json({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'injector', labels: { 'istio.io/rev': 'blue' } },
      webhooks: [{ name: 'auto.sidecar-injector.istio.io' }],
    }),
  ],
  [json({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'lonely', namespace: 'shop' } })],
];

const variants = things.map((texts, index) => texts.map((text) => objectsIn(text, 'east', `${index}.yaml`)));

/** Some of it, as one of its variants says it. */
const state = fc
  .tuple(...variants.map((each) => fc.constantFrom(...each, [])))
  .map((chosen): readonly ClusterObject[] => chosen.flat());

/** A state, and others of which each is another in one thing. */
const states = fc
  .tuple(state, fc.array(fc.tuple(fc.nat({ max: things.length - 1 }), fc.nat()), { minLength: 1, maxLength: 6 }))
  .map(([first, changes]) => {
    const all = [first];
    for (const [place, choice] of changes) {
      const each = variants[place] ?? [];
      const others = (all.at(-1) ?? []).filter(({ object }) => object.document.file.path !== `${place}.yaml`);
      all.push([...others, ...(each[choice % (each.length + 1)] ?? [])]);
    }
    return all;
  });

const parts = ['namespaces', 'services', 'workloads', 'waypoints', 'gateways', 'serviceEntries'] as const;

function partsOf(cluster: Cluster): ReadonlyArray<ReadonlyMap<string, object>> {
  return parts.map((part) => cluster[part]);
}

const mesh = meshWith();

test('a state is read as if it were the first, and what is alike in it stays the very same', () => {
  fc.assert(
    fc.property(states, (all) => {
      const memory = newMemory();
      let before: Cluster | undefined;
      for (const objects of all) {
        const { value, diagnostics } = buildTopology(mesh, objects, memory.recall);
        const anew = buildTopology(mesh, objects);
        memory.endRun();
        expect(value).toEqual(anew.value);
        expect(partsOf(theCluster(value)).map((part) => [...part.keys()])).toEqual(
          partsOf(theCluster(anew.value)).map((part) => [...part.keys()]),
        );
        expect(diagnostics.map(finding)).toEqual(anew.diagnostics.map(finding));
        const now = theCluster(value);
        if (before !== undefined) for (const part of parts) expect(changedIn(before[part], now[part])).toEqual([]);
        before = now;
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

/** What says the same as before, and is another thing. */
function changedIn(before: ReadonlyMap<string, object>, now: ReadonlyMap<string, object>): readonly string[] {
  const others = [...now].filter(([key, each]) => each !== before.get(key));
  const isWhole = before === now || others.length > 0 || before.size !== now.size;
  return [
    ...others.filter(([key, each]) => isAlike(each, before.get(key))).map(([key]) => key),
    ...(isWhole ? [] : ['the whole']),
  ];
}
