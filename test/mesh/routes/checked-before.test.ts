import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import type { HttpRequest } from '../../../src/mesh/request.js';
import { disagreements } from '../../algebra/support/agreement.js';
import {
  meshOf,
  policy,
  requestAuthentication,
  type Settings,
  service,
  threeNamespaces,
  waypoint,
  workload,
} from '../support/mesh.js';
import { destinationOf, get, requestOf, tokenOf } from '../support/requests.js';

const base =
  threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }')) +
  waypoint('amb') +
  workload('amb', 'vault') +
  service('amb', 'vault');
const byHeader = (name: string, value = 'admin') => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: route, namespace: amb }
spec:
  parentRefs: [{ group: "", kind: Service, name: server }]
  rules:
    - { matches: [{ headers: [{ name: ${name}, value: ${value} }] }], backendRefs: [{ name: vault, port: 80 }] }
    - { backendRefs: [{ name: server, port: 80 }] }
`;
const atServer = "targetRefs: [{ group: '', kind: Service, name: server }]";
const tokens = (more = 'outputClaimToHeaders: [{ header: x-role, claim: role }]') =>
  requestAuthentication('amb', 'tokens', `{ ${atServer}, jwtRules: [{ issuer: me, ${more} }] }`);
const custom = policy('amb', 'ask', `{ ${atServer}, action: CUSTOM, provider: { name: gate }, rules: [{}] }`);
const gate = (more = '') =>
  ({
    extensionProviders: [{ name: 'gate', kind: 'http', ...(more && { headersToUpstreamOnAllow: [more] }) }],
  }) as unknown as Settings;

/** The pods at which a request ends. */
function end(text: string, more: Partial<HttpRequest>, settings: Settings = {}): string {
  const { way, verdict } = decide(
    meshOf(base + text, settings),
    requestOf('amb/client', 'amb/server:80', get('/', more)),
  );
  if (way?.end.kind === 'pods') return verdict.kind === 'not-modelled' ? 'unknown' : way.end.workloads.join();
  return way?.end.kind === 'not-modelled' ? 'unknown' : 'none';
}

const asAdmin = { token: tokenOf('me', 'ann', { claims: { role: ['admin'] } }) };
const asGuest = { token: tokenOf('me', 'ann', { claims: { role: ['guest'] } }) };

describe('T-98 what a waypoint has written when it chooses a rule', () => {
  it('is what the token says, once one was accepted', () => {
    const text = byHeader('x-role') + tokens();
    expect(end(text, asAdmin)).toBe('amb/vault');
    expect(end(text, asGuest)).toBe('amb/server');
    expect(end(text, { ...asGuest, headers: { 'x-role': 'admin' } })).toBe('amb/server');
  });

  it('is what the client sent, where it sent no token', () => {
    const text = byHeader('x-role') + tokens();
    expect(end(text, { headers: { 'x-role': 'admin' } })).toBe('amb/vault');
    expect(end(text, {})).toBe('amb/server');
    expect(end(byHeader('x-role'), { headers: { 'x-role': 'admin' } })).toBe('amb/vault');
  });

  it('is nothing of an authorizer, unless a token makes it choose again', () => {
    const text = byHeader('x-role') + custom;
    expect(end(text, {}, gate())).toBe('amb/server');
    expect(end(text, {}, gate('x-role'))).toBe('amb/server');
    const both = text + tokens('outputClaimToHeaders: [{ header: x-other, claim: role }]');
    expect(end(both, {}, gate('x-role'))).toBe('amb/server');
    expect(end(both, asAdmin, gate('x-role'))).toBe('unknown');
    expect(end(both, asAdmin, gate('x-else'))).toBe('amb/server');
    expect(end(both, asAdmin, gate())).toBe('unknown');
  });

  it('is not known of the header that carries the token', () => {
    expect(end(byHeader('authorization', 'x'), asAdmin)).toBe('unknown');
    expect(end(byHeader('authorization', 'x'), {})).toBe('amb/server');
  });

  it('leaves sets in doubt where decisions may differ, and nowhere else', () => {
    const lane = {
      destination: { ...destinationOf('amb/server:80'), workload: 'amb/vault' },
      payload: 'http',
    } as Parameters<typeof disagreements>[1];
    const wrong = (text: string) =>
      disagreements(meshOf(base + text), lane).filter((each) => !each.includes('not-modelled, but'));
    expect(wrong(byHeader('x-role') + tokens())).toEqual([]);
    expect(disagreements(meshOf(base + byHeader('x-team') + tokens()), lane)).toEqual([]);
  });
});
