import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verify } from '../../src/pipeline.js';

const folder = new URL('../../golden/placement/companions-on-sidecars/', import.meta.url).pathname;
const sources = ['intents.yaml', 'mesh.yaml', 'manifests.yaml'].map((path) => ({
  path,
  text: readFileSync(join(folder, path), 'utf8'),
}));

/** What is told of a NetworkPolicy that somebody wrote by hand for the ledger. */
function letInBy(ingress: string, given = sources): readonly string[] {
  const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: by-hand, namespace: payments }
spec:
  podSelector: { matchLabels: { app: ledger } }
  ingress: [${ingress}]
`;
  const { diagnostics } = verify([...given, { path: 'by-hand.yaml', text }]);
  return diagnostics.filter(({ code }) => code === 'AMB5153').map(({ message }) => message);
}

const checkout =
  '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: { matchLabels: { app: checkout } } }';
const monitoring = '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } } }';

test('callers of rules are let in, each at the ports of its rules', () => {
  expect(
    letInBy(`{ from: [${checkout}], ports: [{ port: 8080 }] }, { from: [${monitoring}], ports: [{ port: 9090 }] }`),
  ).toEqual([]);
});

test.each([
  ['every port of a caller', `{ from: [${checkout}] }`, ['`shop/checkout` send to `payments/ledger` on port 9090']],
  [
    'a caller of another port',
    `{ from: [${monitoring}], ports: [{ port: 8080 }] }`,
    ['`monitoring/prometheus` send to `payments/ledger` on port 8080'],
  ],
  [
    'its own namespace, itself first',
    '{ from: [{ podSelector: {} }], ports: [{ port: 8080 }] }',
    ['`payments/ledger` send to `payments/ledger` on port 8080'],
  ],
])('%s is told', (_, ingress, found) => {
  expect(letInBy(ingress)).toEqual(
    found.map((what) => `NetworkPolicy \`payments/by-hand\` lets ${what}, which no rule allows it`),
  );
});

test('a port that nobody declares is told of where callers of rules are let in on every port', () => {
  expect(letInBy(`{ from: [${checkout}], ports: [{ port: 1, endPort: 8080 }] }`)).toEqual([
    'NetworkPolicy `payments/by-hand` lets `shop/checkout` send to `payments/ledger` on port 1, which no rule allows it',
  ]);
});

test('pods of a namespace that nobody has made yet are told of where all others are callers', () => {
  const open = withIntents((text) =>
    text.replace(
      '{ service: shop/checkout }',
      '{ namespace: shop }, { namespace: payments }, { namespace: monitoring }',
    ),
  );
  expect(letInBy('{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }', open)).toEqual([
    'NetworkPolicy `payments/by-hand` lets a new workload send to `payments/ledger` on port 8080, which no rule allows it',
  ]);
});

test('where by default everybody may call, a NetworkPolicy lets in nobody who may not', () => {
  const open = withIntents((text) => text.replace('default: Deny', 'default: Allow'));
  expect(letInBy('{ from: [{ podSelector: {} }] }', open)).toEqual([]);
});

/** What is told of workloads without a NetworkPolicy, for intents that are changed in some way. */
function missingWith(change: (intents: string) => string): readonly string[] {
  const { diagnostics } = verify(withIntents(change));
  return diagnostics.filter(({ code }) => code === 'AMB5160').map(({ message }) => message);
}

function withIntents(change: (text: string) => string): typeof sources {
  return sources.map((each) => (each.path === 'intents.yaml' ? { ...each, text: change(each.text) } : each));
}

const missing = (workload: string, shown: string) =>
  `no NetworkPolicy is for the pods of \`payments/${workload}\`, though \`networkPolicies\` asks for one: ${shown}, which no rule allows it`;

test('a workload without its NetworkPolicy is told of once, with a connection that it would stop', () => {
  expect(missingWith((text) => text)).toEqual([
    missing('ledger', '`monitoring/prometheus` may send to it on port 8080'),
    missing('reports', '`monitoring/prometheus` may send to it on port 8080'),
  ]);
});

test('where everybody may call each port that is declared, it is a port that is not', () => {
  expect(
    missingWith((text) =>
      text
        .replace('to: [{ port: 9090 }]', 'to: [{ port: 8080 }, { port: 9090 }]')
        .replace('{ namespace: monitoring }', 'anyone'),
    ),
  ).toEqual([
    missing('ledger', '`monitoring/prometheus` may send to it on port 1'),
    missing('reports', '`monitoring/prometheus` may send to it on port 1'),
  ]);
});

test.each([
  [
    'everybody may call every port by a rule',
    (text: string) => text.replace('{ namespace: monitoring }', 'anyone').replace('\n        to: [{ port: 9090 }]', ''),
  ],
  ['everybody may call by default', (text: string) => text.replace('default: Deny', 'default: Allow')],
  ['nobody asks for one', (text: string) => text.replace('networkPolicies: Companion', '')],
])('none is missed where %s', (_, change) => {
  expect(missingWith(change)).toEqual([]);
});
