import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { endsOf } from '../../../src/mesh/ends.js';
import { meshOf, service, threeNamespaces, waypoint, workload } from '../support/mesh.js';
import { get, requestOf } from '../support/requests.js';

/** The pods at which a request may end. */
function ends(text: string, namespace: 'side' | 'amb' = 'side'): readonly string[] {
  const { source, destination, payload } = requestOf(`${namespace}/client`, `${namespace}/server:80`, get());
  return endsOf(meshOf(text), source, destination, payload).map((end) => ('workload' in end ? end.workload : end.kind));
}

const both = ['side/server', 'side/next'];
const base = threeNamespaces + workload('side', 'next') + service('side', 'next');
const routed = (metadata = '', name = '') => `${base}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: route, namespace: side${metadata && `, ${metadata}`} }
spec:
  hosts: [server]
  http:
    - ${name && `name: ${name}`}
      route:
        - { destination: { host: server }, weight: 100 }
        - { destination: { host: next }, weight: 0 }
`;
const rollout = (routing: string, more = '') => `---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: server, namespace: side }
spec: { ${more} strategy: { canary: { stableService: server, canaryService: next, trafficRouting: ${routing} } } }
`;
const byName = (routes: string, name = 'route') =>
  rollout(`{ istio: { virtualService: { name: ${name}, routes: ${routes} } } }`);
const canary = (spec: string, name = 'server') => `---
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: { name: ${name}, namespace: side }
spec: { ${spec} targetRef: { kind: Deployment, name: route } }
`;

describe('a destination without a weight', () => {
  test.each<[who: string, text: string, expected: readonly string[]]>([
    ['gets nothing', routed(), ['side/server']],
    ['may get any share where the route says so', routed('annotations: { ambit.dev/weights: External }'), both],
    ['and where a Rollout names the route', routed() + byName('[]'), both],
    ['by its namespace too', routed() + byName('[]', 'route.side'), both],
    ['and the rule', routed('', 'rest') + byName('[rest]'), both],
    ['not where it names another rule', routed('', 'rest') + byName('[testers]'), ['side/server']],
    ['nor another route', routed() + byName('[]', 'others'), ['side/server']],
    [
      'also where it names several',
      routed() + rollout('{ istio: { virtualServices: [{ name: others }, { name: route }] } }'),
      both,
    ],
    ['and where a Canary does', routed() + canary(''), both],
    ['not where its provider is no mesh', routed() + canary('provider: kubernetes,'), ['side/server']],
    [
      'and where Flagger has made it',
      routed('ownerReferences: [{ apiVersion: flagger.app/v1beta1, kind: Canary, name: server, uid: a }]'),
      both,
    ],
    ['or says so by its label', routed('labels: { app.kubernetes.io/managed-by: flagger }'), both],
  ])('%s', (_, text, expected) => {
    expect(ends(text)).toEqual(expected);
  });
});

test('subsets to which a Rollout has added its label have the pods that it makes', () => {
  const subset = (name: string, hash: string) =>
    `{ name: ${name}, labels: { app: server, rollouts-pod-template-hash: ${hash} } }`;
  const text = `${threeNamespaces}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: route, namespace: side }
spec: { hosts: [server], http: [{ route: [{ destination: { host: server, subset: stable } }] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rule, namespace: side }
spec: { host: server, subsets: [${subset('stable', '7d9f')}, ${subset('canary', '11aa')}] }
`;
  const verdictOf = (manifests: string) =>
    decide(meshOf(manifests), requestOf('side/client', 'side/server:80', get())).verdict.kind;
  expect(verdictOf(text)).toBe('denied');
  expect(verdictOf(text + byName('[]'))).toBe('allowed');
});

test.each<[who: string, routing: string, expected: readonly string[]]>([
  ['as one', '{ httpRoute: route, namespace: amb }', ['amb/server', 'amb/next']],
  ['as one of several', '{ httpRoutes: [{ name: route }], namespace: amb }', ['amb/server', 'amb/next']],
  ['of another namespace', '{ httpRoute: route, namespace: side }', ['amb/server']],
  ['of another kind', '{ tcpRoute: route, namespace: amb }', ['amb/server']],
])('so it is with an HTTPRoute that a Rollout names %s', (_, routing, expected) => {
  const text = `${threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }'))}${waypoint('amb')}${workload('amb', 'next')}${service('amb', 'next')}---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: route, namespace: amb }
spec:
  parentRefs: [{ group: "", kind: Service, name: server }]
  rules: [{ backendRefs: [{ name: server, port: 80, weight: 1 }, { name: next, port: 80, weight: 0 }] }]
`;
  expect(ends(text + rollout(`{ plugins: { argoproj-labs/gatewayAPI: ${routing} } }`), 'amb')).toEqual(expected);
});
