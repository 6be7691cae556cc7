import { describe, expect, it } from 'vitest';
import { comparedWith } from '../../src/adopt/prove/compared-with.js';
import { isAlike } from '../../src/adopt/prove/meaning.js';
import type { State } from '../../src/changes/change.js';
import { meshOf, objectsOf, threeNamespaces } from '../mesh/support/mesh.js';

/** Whether pods have such addresses, no manifest says. */
const closed = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: server, namespace: side }
spec: { podSelector: { matchLabels: { app: server } }, ingress: [{ from: [{ ipBlock: { cidr: 10.1.0.0/16 } }] }] }
`;
const allowing = (account: string) => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: server, namespace: side }
spec: { selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/side/sa/${account}] } }] }] }
`;
const route = (name: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: side }
spec: { hosts: [server], http: [{ route: [{ destination: { host: server } }] }] }
`;
const state = (...texts: readonly string[]): State => {
  const text = [threeNamespaces, ...texts].map((each) => each.replace(/-{3}\n*$/, '')).join('---\n');
  return { mesh: meshOf(text), objects: objectsOf(text) };
};

describe('two meshes of which NetworkPolicies leave open what passes', () => {
  it('are alike where what Istio does with it is', () => {
    const before = state(closed, allowing('client'), route('old'));
    const after = state(closed, allowing('client'), route('new'));
    expect(isAlike(comparedWith(before, after))).toBe(true);
  });

  it('differ where Istio lets in somebody else', () => {
    const { changes } = comparedWith(state(closed, allowing('client')), state(closed, allowing('other')));
    expect(changes.map(({ kind }) => kind)).toEqual(['access-in-doubt', 'doubt-settled']);
  });

  it('differ where a NetworkPolicy lets in others', () => {
    const by = (app: string) =>
      closed.replace('ipBlock: { cidr: 10.1.0.0/16 }', `podSelector: { matchLabels: { app: ${app} } }`);
    expect(isAlike(comparedWith(state(by('client')), state(by('server'))))).toBe(false);
  });
});
