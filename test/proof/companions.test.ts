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
function letInBy(ingress: string): readonly string[] {
  const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: by-hand, namespace: payments }
spec:
  podSelector: { matchLabels: { app: ledger } }
  ingress: [${ingress}]
`;
  const { diagnostics } = verify([...sources, { path: 'by-hand.yaml', text }]);
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
