import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verify } from '../../src/pipeline.js';

const folder = new URL('../../golden/placement/closed-egress-on-sidecars/', import.meta.url).pathname;
const sources = ['intents.yaml', 'mesh.yaml', 'manifests.yaml'].map((path) => ({
  path,
  text: readFileSync(join(folder, path), 'utf8'),
}));

/** A NetworkPolicy that somebody wrote by hand, with one rule. */
function closedBut(rule: string) {
  const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: payments }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ to: [{ namespaceSelector: {} }] }${rule}]
`;
  return verify([...sources, { path: 'by-hand.yaml', text }]).diagnostics.filter(({ code }) => code === 'AMB5157');
}

const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: cards, namespace: payments }
spec:
  hosts: [api.cards.example]
  addresses: [203.0.113.7]
  ports: [{ number: 443, name: tls, protocol: TLS }]
  location: MESH_EXTERNAL
  resolution: STATIC
  endpoints: [{ address: 203.0.113.7 }]
`;

function found(rule: string): readonly string[] {
  return closedBut(`${rule}`).map(({ message }) => message);
}

test('without a NetworkPolicy every address is open', () => {
  const { diagnostics } = verify([...sources, { path: 'entry.yaml', text: entry }]);
  const messages = diagnostics.filter(({ code }) => code === 'AMB5157').map(({ message }) => message);
  expect(messages).toContain(
    '`payments/reports` can call any address outside, which no rule of `payments/egress` opens to it',
  );
});

test.each([
  ['', []],
  [', {}', ['any address outside']],
  [', { ports: [{ port: 443 }] }', ['any address outside on port 443']],
  [', { to: [{ ipBlock: { cidr: 198.51.100.0/24 } }] }', ['addresses 198.51.100.0/24']],
])('of a NetworkPolicy with %s it is told what it leaves open', (rule, open) => {
  const told = found(rule).filter((message) => message.startsWith('`payments/reports` can call a'));
  expect(told).toEqual(
    open.map((what) => `\`payments/reports\` can call ${what}, which no rule of \`payments/egress\` opens to it`),
  );
});
