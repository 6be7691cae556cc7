import { describe, expect, test } from 'vitest';
import { policy, requestAuthentication } from '../mesh/support/mesh.js';
import { lintWith } from './shop.js';

/** Two reasons for one failure: mending either one changes nothing, so neither shows by itself. */

const api = 'selector: { matchLabels: { app: api } }';
const to = (operation: string) => `to: [{ operation: { ${operation} } }]`;
const from = (source: string) => `from: [{ source: { ${source} } }]`;
const denial = (namespace: string, name: string, rule: string) =>
  policy(namespace, name, `{ ${api}, action: DENY, rules: [{ ${rule} }] }`);
const admission = (namespace: string, name: string, rule: string) =>
  policy(namespace, name, `{ ${api}, rules: [{ ${rule} }] }`);
const yard = `---
apiVersion: v1
kind: Namespace
metadata: { name: yard }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shed, namespace: yard }
spec:
  template:
    metadata: { labels: { app: shed } }
    spec: { serviceAccountName: shed, containers: [{ name: main, image: main }] }
`;

const found = (...manifests: readonly string[]) =>
  lintWith(manifests.join(''))
    .map(({ code, message }) => `${code} ${/`((?:shop|legacy)\/[a-z]+)`/.exec(message)?.[1]}`)
    .sort();

describe('two reasons in one rule', () => {
  test('a method that ztunnel cannot see, and a token that nothing validates', () => {
    const rule = `${to('methods: [GET]')}, when: [{ key: "request.auth.claims[role]", values: [customer] }]`;
    expect(found(admission('shop', 'p', rule))).toEqual(['AMB5304 shop/p', 'AMB5317 shop/p']);
  });

  test('a path that ztunnel cannot see, and that no request has', () => {
    expect(found(denial('shop', 'p', to('paths: [admin]')))).toEqual(['AMB5301 shop/p', 'AMB5336 shop/p']);
  });

  test('a path that ztunnel cannot see, and a caller outside the mesh', () => {
    const rule = `${from('principals: [prod.example/ns/yard/sa/shed]')}, ${to('paths: [/admin]')}`;
    expect(found(yard, denial('shop', 'p', rule))).toEqual(['AMB5301 shop/p', 'AMB5337 shop/p']);
  });

  test('a path that ztunnel cannot see, and a caller that is misspelt', () => {
    const rule = `${from('principals: [prod.example/ns/shop/sa/wep]')}, ${to('paths: [/admin]')}`;
    expect(found(denial('shop', 'p', rule))).toEqual(['AMB5301 shop/p', 'AMB5334 shop/p']);
  });

  test('a path with a query, and a port of the other side', () => {
    expect(found(denial('legacy', 'p', to('ports: ["80"], paths: ["/admin?x"]')))).toEqual([
      'AMB5332 legacy/p',
      'AMB5336 legacy/p',
    ]);
  });
});

describe('one reason in each of two policies', () => {
  test('a denial and an ALLOW that ztunnel drops', () => {
    const both = [denial('shop', 'denies', to('paths: [/admin]')), admission('shop', 'admits', to('methods: [GET]'))];
    expect(found(...both)).toEqual(['AMB5301 shop/denies', 'AMB5304 shop/admits']);
    const hidden = lintWith(both.join('')).find(({ code }) => code === 'AMB5301');
    expect(hidden?.witness).toMatch(
      /^once `shop\/admits` no longer refuses everything, GET \/admin from .* is let through/,
    );
  });

  test('a denial that ztunnel drops, and an ALLOW for a misspelt caller', () => {
    expect(
      found(
        denial('shop', 'denies', to('paths: [/admin]')),
        admission('shop', 'admits', from('principals: [prod.example/ns/shop/sa/wep]')),
      ),
    ).toEqual(['AMB5301 shop/denies', 'AMB5334 shop/admits']);
  });

  test('on a TCP port, a denial that becomes wider and an ALLOW that is dropped', () => {
    expect(
      found(
        denial('legacy', 'denies', to('methods: [DELETE]')),
        admission('legacy', 'admits', to('ports: ["5432"], hosts: [a]')),
      ),
    ).toEqual(['AMB5305 legacy/denies', 'AMB5306 legacy/admits']);
  });

  test.each([
    ['AMB5307', '{ action: CUSTOM, provider: { name: x }, rules: [{}] }'],
    ['AMB5314', '{ action: AUDIT, rules: [{}] }'],
    ['AMB5326', '{ selector: {}, action: DENY, rules: [{}] }'],
  ])('%s, and an ALLOW that ztunnel drops', (code, spec) => {
    const manifests = [policy('shop', 'other', spec), admission('shop', 'admits', to('methods: [GET]'))];
    expect(found(...manifests)).toEqual([`AMB5304 shop/admits`, `${code} shop/other`].sort());
  });

  test('tokens that ztunnel does not check, and an ALLOW that it drops', () => {
    const tokens = requestAuthentication('shop', 'tokens', '{ jwtRules: [{ issuer: i, jwksUri: https://i }] }');
    const admits = admission('shop', 'admits', from('requestPrincipals: ["i/*"]'));
    expect(found(tokens, admits)).toEqual(['AMB5304 shop/admits', 'AMB5309 shop/tokens']);
  });

  test('a default deny beside it is meant so', () => {
    expect(found(denial('shop', 'denies', to('paths: [/admin]')), policy('shop', 'none', `{ ${api} }`))).toEqual([]);
  });
});
