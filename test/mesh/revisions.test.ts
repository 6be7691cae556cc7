import { describe, expect, it } from 'vitest';
import { meshOf, peerAuthentication, policy, requestAuthentication, threeNamespaces } from './support/mesh.js';
import { get, tokenOf, verdictOf } from './support/requests.js';

const revised = (text: string, revision: string) =>
  text.replace(/, namespace: ([\w-]+)/, `, namespace: $1, labels: { istio.io/rev: '${revision}' }`);
const denyAll = (namespace = 'side') => policy(namespace, 'p', '{ action: DENY, rules: [{}] }');
const verdict = (text: string) => verdictOf(meshOf(threeNamespaces + text), 'side/client', 'side/server:80');

describe('E-30 a policy of another revision', () => {
  it.each([
    ['is in doubt', revised(denyAll(), 'canary'), 'not-modelled'],
    ['also where it would allow nothing', revised(policy('side', 'p', '{}'), 'canary'), 'not-modelled'],
    ['of this revision counts', revised(denyAll(), 'default'), 'forbidden'],
    ['without a value is everybody’s', revised(denyAll(), ''), 'forbidden'],
    ['is no concern of other proxies', revised(denyAll('amb'), 'canary'), 'allowed'],
    ['of the root namespace concerns all', revised(policy('istio-system', 'p', '{}'), 'canary'), 'not-modelled'],
    [
      'by other labels concerns nobody',
      revised(policy('side', 'p', '{ selector: { matchLabels: { app: other } } }'), 'canary'),
      'allowed',
    ],
    ['leaves others in doubt too', revised(denyAll(), 'canary') + policy('side', 'other', '{}'), 'not-modelled'],
  ])('%s', (_, text, expected) => expect(verdict(text)).toBe(expected));

  it('is of the proxies’ revision where the mesh says so', () => {
    const mesh = meshOf(threeNamespaces + revised(denyAll('amb'), 'canary'), { revision: 'canary' });
    expect(verdictOf(mesh, 'amb/client', 'amb/server:80')).toBe('closed');
  });

  it('may be a PeerAuthentication', () => {
    const strict = (revision: string) =>
      meshOf(threeNamespaces + revised(peerAuthentication('side', 'p', '{ mtls: { mode: STRICT } }'), revision));
    expect(verdictOf(strict('canary'), 'outside', 'pod side/server:8080')).toBe('not-modelled');
    expect(verdictOf(strict('default'), 'outside', 'pod side/server:8080')).toBe('closed');
  });

  it('may be a RequestAuthentication, which ztunnel never sees', () => {
    const rules = "{ jwtRules: [{ issuer: a, jwksUri: 'https://a/k' }] }";
    const mesh = meshOf(
      threeNamespaces +
        ['side', 'amb'].map((namespace) => revised(requestAuthentication(namespace, 'r', rules), 'canary')).join(''),
    );
    const request = get('/', { token: tokenOf('other', 'ann') });
    expect(verdictOf(mesh, 'side/client', 'side/server:80', request)).toBe('not-modelled');
    expect(verdictOf(mesh, 'amb/client', 'amb/server:80', request)).toBe('allowed');
  });
});
