import { describe, expect, it } from 'vitest';
import { meshOf, threeNamespaces } from './support/mesh.js';
import { verdictOf } from './support/requests.js';

function networkPolicy(namespace: string, spec: string): string {
  return `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: test, namespace: ${namespace} }
spec: ${spec}
`;
}

/** For all pods of a namespace: one rule, with these peers and ports. */
function ingress(namespace: string, from: string, ports = ''): string {
  return networkPolicy(
    namespace,
    `{ podSelector: {}, ingress: [{ from: [${from}]${ports && `, ports: [${ports}]`} }] }`,
  );
}

const everybody = '{ namespaceSelector: {} }';
const namespace = (name: string) => `{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${name} } } }`;

describe('W-70 the port on which a connection arrives', () => {
  it.each([
    ['ztunnel', 'amb/client', 'amb/server:80', ingress('amb', everybody, '{ port: 8080 }'), 'no-path'],
    ['ztunnel', 'amb/client', 'amb/server:80', ingress('amb', everybody, '{ port: 15008 }'), 'allowed'],
    [
      'ztunnel, in a range',
      'amb/client',
      'amb/server:80',
      ingress('amb', everybody, '{ port: 15000, endPort: 15010 }'),
      'allowed',
    ],
    ['ztunnel, of plaintext', 'plain/client', 'amb/server:80', ingress('amb', everybody, '{ port: 8080 }'), 'allowed'],
    ['ztunnel, of plaintext', 'plain/client', 'amb/server:80', ingress('amb', everybody, '{ port: 15008 }'), 'no-path'],
    [
      'a pod outside the mesh',
      'side/client',
      'plain/server:80',
      ingress('plain', everybody, '{ port: 8080 }'),
      'allowed',
    ],
    ['UDP alone', 'plain/client', 'plain/server:80', ingress('plain', everybody, '{ protocol: UDP }'), 'no-path'],
  ])('%s', (_, from, to, policy, verdict) => {
    expect(verdictOf(meshOf(threeNamespaces + policy), from, to)).toBe(verdict);
  });
});

describe('whom a NetworkPolicy lets in', () => {
  it.each([
    ['whoever it may be', 'plain/client', networkPolicy('plain', '{ podSelector: {}, ingress: [{}] }'), 'allowed'],
    ['nobody', 'plain/client', networkPolicy('plain', '{ podSelector: {} }'), 'no-path'],
    [
      'nobody, of other pods',
      'plain/client',
      networkPolicy('plain', '{ podSelector: { matchLabels: { app: other } } }'),
      'allowed',
    ],
    ['pods of its own namespace', 'plain/client', ingress('plain', '{ podSelector: {} }'), 'allowed'],
    ['pods of its own namespace', 'side/client', ingress('plain', '{ podSelector: {} }'), 'no-path'],
    ['pods of a namespace by its name', 'side/client', ingress('plain', namespace('side')), 'allowed'],
    [
      'other pods',
      'side/client',
      ingress('plain', `{ namespaceSelector: {}, podSelector: { matchLabels: { app: other } } }`),
      'no-path',
    ],
    ['pods by addresses', 'side/client', ingress('plain', '{ ipBlock: { cidr: 10.0.0.0/8 } }'), 'not-modelled'],
    [
      'callers outside by their addresses',
      'outside',
      ingress('plain', '{ ipBlock: { cidr: 203.0.113.0/24 } }'),
      'allowed',
    ],
    ['callers outside, for which a node may stand', 'outside', ingress('plain', namespace('side')), 'not-modelled'],
    [
      'what its own policy does not let out',
      'side/client',
      networkPolicy('side', `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [${namespace('amb')}] }] }`),
      'no-path',
    ],
  ])('%s', (_, from, policy, verdict) => {
    expect(verdictOf(meshOf(threeNamespaces + policy), from, 'plain/server:80')).toBe(verdict);
  });
});
