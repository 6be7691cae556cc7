import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import type { HttpRequest, Token } from '../../../src/mesh/request.js';
import { traceOf } from '../../../src/trace/trace.js';
import { meshOf, policy, requestAuthentication, threeNamespaces } from '../support/mesh.js';
import { get, requestOf, tokenOf, verdictOf } from '../support/requests.js';

const keys = "jwksUri: 'https://a.example/keys'";
const tokens = (...rules: readonly string[]) =>
  requestAuthentication('side', 'jwt', `{ jwtRules: [${rules.map((rule) => `{ ${rule}, ${keys} }`).join(', ')}] }`);
const when = (key: string, values: string, action = 'ALLOW') =>
  policy('side', 'p', `{ action: ${action}, rules: [{ when: [{ key: '${key}', values: [${values}] }] }] }`);

function verdict(manifests: string, more: Partial<HttpRequest> = {}, path = '/'): string {
  return verdictOf(meshOf(threeNamespaces + manifests), 'side/client', 'side/server:80', get(path, more));
}

const issuer = 'https://a.example';
const ann = tokenOf(issuer, 'ann', { audiences: ['shop'] });
const withoutSubject: Token = { issuer, audiences: ['shop'], claims: {}, valid: true };
const shop = tokens(`issuer: '${issuer}', audiences: [shop]`);
const annOnly = when('request.auth.principal', `'${issuer}/ann'`);

describe('§6.3 what becomes of a token', () => {
  it.each([
    ['no token passes authentication', shop, {}, 'allowed'],
    ['no token has no principal', shop + annOnly, {}, 'forbidden'],
    ['the right one', shop + annOnly, { token: ann }, 'allowed'],
    ['another subject', shop + annOnly, { token: { ...ann, subject: 'bob' } }, 'forbidden'],
    ['another issuer', shop, { token: { ...ann, issuer: 'https://b.example' } }, 'unauthenticated'],
    ['a bad signature', shop, { token: { ...ann, valid: false } }, 'unauthenticated'],
    ['another audience', shop, { token: { ...ann, audiences: ['bank'] } }, 'forbidden'],
    ['a token that nothing validates', annOnly, { token: ann }, 'forbidden'],
    ['a rule for each of two issuers', tokens('issuer: b', `issuer: '${issuer}'`) + annOnly, { token: ann }, 'allowed'],
    [
      'two rules of one issuer',
      tokens(`issuer: '${issuer}', audiences: [bank]`, `issuer: '${issuer}'`),
      { token: ann },
      'allowed',
    ],
    [
      'a principal without a subject',
      shop + when('request.auth.principal', "'*'"),
      { token: withoutSubject },
      'forbidden',
    ],
    ['a rule that names keys and no issuer', tokens('audiences: [shop]'), { token: ann }, 'not-modelled'],
  ])('%s', (_, manifests, more, expected) => expect(verdict(manifests, more)).toBe(expected));
});

it.each([
  ['another issuer', { ...ann, issuer: 'https://b.example' }, '401 Unauthorized'],
  ['another audience', { ...ann, audiences: ['bank'] }, '403 Forbidden'],
])('§2.6 the RequestAuthentication answers for a token of %s, before any policy', (_, token, seen) => {
  const mesh = meshOf(
    threeNamespaces + shop + annOnly + when('source.namespace', "'side'", 'DENY').replace('name: p', 'name: q'),
  );
  const trace = traceOf(mesh, decide(mesh, requestOf('side/client', 'side/server:80', get('/', { token }))));
  expect({ seen: trace.seen, responsible: trace.responsible.map(({ name }) => name) }).toEqual({
    seen,
    responsible: ['jwt'],
  });
});

it.each([
  [
    policy('amb', 'p', '{ rules: [{ from: [{ source: { namespaces: [amb] } }] }] }'),
    'amb',
    'rule requires namespace `amb`, caller has no certificate',
  ],
  [
    when('request.auth.principal', "'*'"),
    'side',
    'rule requires token principal issuer anything and subject anything, request has no token',
  ],
])('says what is missing of a caller that shows nothing: %#', (manifests, namespace, because) => {
  const { trace } = decide(meshOf(threeNamespaces + manifests), requestOf('plain/client', `${namespace}/server:80`));
  expect(trace.flatMap(({ policies }) => policies.flatMap(({ rules }) => rules))).toMatchObject([{ because }]);
});

describe('§6.1 where a token is looked for', () => {
  const elsewhere = tokens(`issuer: '${issuer}', fromHeaders: [{ name: X-Token }], fromParams: [t], fromCookies: [c]`);
  const bearer = tokens(`issuer: '${issuer}', fromHeaders: [{ name: Authorization, prefix: 'Bearer ' }]`);
  it.each([
    [
      'a rule of another place does not see a bearer token',
      elsewhere,
      { token: { ...ann, valid: false } },
      '/',
      'allowed',
    ],
    ['and gives it no principal', elsewhere + annOnly, { token: ann }, '/', 'forbidden'],
    ['its header may carry anything', elsewhere, { headers: { 'x-token': 'e30' } }, '/', 'not-modelled'],
    ['also a principal', elsewhere + annOnly, { headers: { 'x-token': 'e30' } }, '/', 'not-modelled'],
    ['so may its parameter', elsewhere, {}, '/?a=b&t=e30', 'not-modelled'],
    ['so may its cookie', elsewhere, { headers: { cookie: 'a=b; c=e30' } }, '/', 'not-modelled'],
    ['another cookie is none', elsewhere, { headers: { cookie: 'a=b' } }, '/', 'allowed'],
    ['the parameter of every rule without a place', shop, {}, '/?access_token=e30', 'not-modelled'],
    ['not of a rule with a place', elsewhere, {}, '/?access_token=e30', 'allowed'],
    ['the usual place, written out', bearer + annOnly, { token: ann }, '/', 'allowed'],
    [
      'that header read in another way',
      tokens(`issuer: '${issuer}', fromHeaders: [{ name: Authorization }]`),
      { token: ann },
      '/',
      'not-modelled',
    ],
    [
      'a certain denial is one for any token',
      elsewhere + policy('side', 'p', '{ action: DENY, rules: [{}] }'),
      { headers: { 'x-token': 'e30' } },
      '/',
      'forbidden',
    ],
  ])('%s', (_, manifests, more, path, expected) => expect(verdict(manifests, more, path)).toBe(expected));
});

describe('the header that carries a token', () => {
  const required = policy(
    'side',
    'p',
    "{ action: DENY, rules: [{ when: [{ key: 'request.headers[Authorization]', notValues: ['*'] }] }] }",
  );
  it.each([
    ['is not there without one', required, {}, 'forbidden'],
    ['is there as it is written', required, { headers: { authorization: 'Basic x' } }, 'allowed'],
    ['is not guessed beside a token', required, { token: ann }, 'not-modelled'],
    ['nor where a rule has taken it away', shop + required, { token: ann }, 'not-modelled'],
  ])('%s', (_, manifests, more, expected) => expect(verdict(manifests, more)).toBe(expected));
});

describe('§6.3 a CORS preflight', () => {
  const headers = { origin: 'https://x.example', 'access-control-request-method': 'GET' };
  it.each([
    [
      'brings no token that is looked at',
      shop,
      { method: 'OPTIONS', headers, token: { ...ann, valid: false } },
      'allowed',
    ],
    ['and so has no principal', shop + annOnly, { method: 'OPTIONS', headers, token: ann }, 'forbidden'],
    ['is one by its method', shop + annOnly, { headers, token: ann }, 'allowed'],
    ['and by both headers', shop + annOnly, { method: 'OPTIONS', headers: { origin: 'x' }, token: ann }, 'allowed'],
  ])('%s', (_, manifests, more, expected) => expect(verdict(manifests, more)).toBe(expected));
});

describe('§6.3 a token on a path that is open to all', () => {
  const open = policy(
    'side',
    'p',
    `{ rules: [{ to: [{ operation: { paths: [/open] } }] }, { from: [{ source: { requestPrincipals: ['${issuer}/*'] } }] }] }`,
  );
  const foreign = { ...ann, issuer: 'https://b.example' };
  const preflight = { origin: 'https://x.example', 'access-control-request-method': 'GET' };
  it.each([
    ['nobody needs one', {}, 'allowed'],
    ['one of another issuer is refused all the same', { token: foreign }, 'unauthenticated'],
    ['so is one for another audience', { token: { ...ann, audiences: ['bank'] } }, 'forbidden'],
    ['and not in a preflight', { method: 'OPTIONS', headers: preflight, token: foreign }, 'allowed'],
  ])('%s', (_, more, expected) => expect(verdict(shop + open, more, '/open')).toBe(expected));

  it.each([
    [{ method: 'OPTIONS', headers: preflight, token: ann }, 'a token that is not looked at in a CORS preflight (§6.3)'],
    [{ token: foreign }, 'no validated token (§6.3)'],
    [{}, 'no token'],
  ])('and says why there is no principal: %#', (more, expected) => {
    const mesh = meshOf(threeNamespaces + shop + annOnly);
    const { trace } = decide(mesh, requestOf('side/client', 'side/server:80', get('/', more)));
    const [rule] = trace.flatMap(({ policies }) => policies.flatMap(({ rules }) => rules));
    expect(rule?.because).toMatch(new RegExp(`request has ${expected.replaceAll(/[()]/g, '.')}$`));
  });
});

describe('§6.5 claims', () => {
  const words = tokens(`issuer: '${issuer}', spaceDelimitedClaims: [roles]`);
  const claims = {
    scope: ['read write'],
    permission: ['a b'],
    roles: ['v w'],
    groups: ['v w'],
    verified: [true],
    level: [7],
    ids: [7, 'seven'],
    'realm.role': ['admin'],
  };
  it.each([
    ['request.auth.claims[scope]', 'read', true],
    ['request.auth.claims[scope]', 'write', true],
    ['request.auth.claims[scope]', "'read write'", false],
    ['request.auth.claims[scope]', "'*te'", true],
    ['request.auth.claims[permission]', 'b', true],
    ['request.auth.claims[roles]', 'w', true],
    ['request.auth.claims[groups]', 'w', false],
    ['request.auth.claims[groups]', "'v w'", true],
    ['request.auth.claims[realm][role]', 'admin', true],
    ['request.auth.claims[realm]', "'*'", false],
    ['request.auth.claims[verified]', "'true'", false],
    ['request.auth.claims[verified]', "'*'", false],
    ['request.auth.claims[level]', "'7'", false],
    ['request.auth.claims[ids]', "'7'", false],
    ['request.auth.claims[ids]', 'seven', true],
    ['request.auth.claims[iss]', `'${issuer}'`, true],
    ['request.auth.claims[sub]', 'ann', true],
    ['request.auth.claims[aud]', 'shop', true],
    ['request.auth.audiences', 'shop', true],
    ['request.auth.presenter', 'app', true],
    ['request.auth.claims[azp]', 'app', true],
  ])('%s: %s is %s', (key, value, expected) => {
    const token = tokenOf(issuer, 'ann', { audiences: ['bank', 'shop'], presenter: 'app', claims });
    expect(verdict(words + when(key, value), { token }) === 'allowed').toBe(expected);
    expect(verdict(words + when(key, value, 'DENY'), { token }) === 'forbidden').toBe(expected);
  });
});

describe('§6.2 what validates a token where', () => {
  it('is its own for each proxy, and only what is forwarded is validated again', () => {
    const text = (forward: boolean) =>
      threeNamespaces.replace(
        'name: server, namespace: amb, labels: {}',
        'name: server, namespace: amb, labels: { istio.io/use-waypoint: waypoint }',
      ) +
      requestAuthentication(
        'amb',
        'at-waypoint',
        `{ targetRefs: [{ group: '', kind: Service, name: server }], jwtRules: [{ issuer: '${issuer}', ${keys}, forwardOriginalToken: ${forward} }] }`,
      );
    expect(text(true)).toContain('use-waypoint');
    const selected = requestAuthentication('amb', 'by-selector', `{ jwtRules: [{ issuer: other, ${keys} }] }`);
    expect(verdictOf(meshOf(text(true) + selected), 'amb/client', 'amb/server:80', get('/', { token: ann }))).toBe(
      'allowed',
    );
  });
});
