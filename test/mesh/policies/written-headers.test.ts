import { describe, expect, it } from 'vitest';
import type { ClaimValue, HttpRequest } from '../../../src/mesh/request.js';
import { meshOf, policy, requestAuthentication, threeNamespaces } from '../support/mesh.js';
import { get, tokenOf, verdictOf } from '../support/requests.js';

const issuer = 'https://a.example';
const keys = "jwksUri: 'https://a.example/keys'";
const rule = (more: string, of = issuer) => `{ issuer: '${of}', ${keys}, ${more} }`;
const tokens = (...rules: readonly string[]) =>
  requestAuthentication('side', 'jwt', `{ jwtRules: [${rules.join(', ')}] }`);
const role = rule('outputClaimToHeaders: [{ header: X-Role, claim: role }]');
const payload = rule('outputPayloadToHeader: x-payload');
const nested = rule('outputClaimToHeaders: [{ header: x-role, claim: realm.role }]');
const subject = rule('outputClaimToHeaders: [{ header: x-role, claim: sub }]');
const elsewhere = rule('fromHeaders: [{ name: x-token }], outputClaimToHeaders: [{ header: x-role, claim: role }]');
const plain = rule('forwardOriginalToken: false');
const other = rule('outputClaimToHeaders: [{ header: x-role, claim: role }]', 'https://b.example');
const when = (key: string, test: string) =>
  policy('side', 'p', `{ action: ALLOW, rules: [{ when: [{ key: 'request.headers[${key}]', ${test} }] }] }`);
const admin = when('x-role', 'values: [admin]');
const none = when('x-role', "notValues: ['*']");

const withClaims = (claims: Readonly<Record<string, readonly ClaimValue[]>>): Partial<HttpRequest> => ({
  token: tokenOf(issuer, 'ann', { claims }),
});
const forged: Partial<HttpRequest> = { headers: { 'x-role': 'admin' } };
const preflight = { origin: 'https://x.example', 'access-control-request-method': 'GET' };

describe('§6.1 the headers that a token writes', () => {
  it.each<[string, string, Partial<HttpRequest>, string]>([
    ['the claim is there before policies are asked', tokens(role) + admin, withClaims({ role: ['admin'] }), 'allowed'],
    ['another claim is compared', tokens(role) + admin, withClaims({ role: ['guest'] }), 'forbidden'],
    ['what a client sends is taken away', tokens(role) + admin, forged, 'forbidden'],
    ['nothing is left without a token', tokens(role) + none, forged, 'allowed'],
    ['and beside a token without the claim', tokens(role) + none, { ...withClaims({}), ...forged }, 'allowed'],
    ['a claim hides the absence', tokens(role) + none, withClaims({ role: ['guest'] }), 'forbidden'],
    ['nested claims have paths', tokens(nested) + admin, withClaims({ 'realm.role': ['admin'] }), 'allowed'],
    ['registered claims are claims', tokens(subject) + when('x-role', 'values: [ann]'), withClaims({}), 'allowed'],
    [
      'a boolean is written',
      tokens(role) + when('x-role', "values: ['true']"),
      withClaims({ role: [true] }),
      'allowed',
    ],
    ['so is a number', tokens(role) + when('x-role', "values: ['7']"), withClaims({ role: [7] }), 'allowed'],
    ['a list is encoded', tokens(role) + admin, withClaims({ role: ['admin', 'guest'] }), 'not-modelled'],
    ['so is an object', tokens(role) + admin, withClaims({ 'role.a': ['admin'] }), 'not-modelled'],
    ['so is a payload', tokens(payload) + when('x-payload', 'values: [a]'), withClaims({}), 'not-modelled'],
    ['which without a token is absent', tokens(payload) + when('x-payload', "notValues: ['*']"), {}, 'allowed'],
    ['other headers stay', tokens(role) + when('x-other', 'values: [a]'), { headers: { 'x-other': 'a' } }, 'allowed'],
    ['a rule that sees no token takes away too', tokens(elsewhere) + admin, forged, 'forbidden'],
    [
      'where another rule accepts first, perhaps not',
      tokens(plain, other) + admin,
      { ...withClaims({}), ...forged },
      'not-modelled',
    ],
    ['but what is not sent is absent', tokens(plain, other) + admin, withClaims({ role: ['admin'] }), 'forbidden'],
    [
      'a preflight keeps what it has',
      tokens(role) + admin,
      { method: 'OPTIONS', headers: { ...preflight, 'x-role': 'admin' } },
      'allowed',
    ],
  ])('%s', (_, manifests, more, expected) => {
    const mesh = meshOf(threeNamespaces + manifests);
    expect(verdictOf(mesh, 'side/client', 'side/server:80', get('/', more))).toBe(expected);
  });
});

describe('§7 what an external authorizer adds', () => {
  const ask = (rules = '[{}]') => policy('side', 'ask', `{ action: CUSTOM, provider: { name: opa }, rules: ${rules} }`);
  const needToken = policy(
    'side',
    'q',
    "{ action: DENY, rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }] }] }",
  );
  const onlyPath = policy('side', 'q', '{ rules: [{ to: [{ operation: { paths: [/a] } }] }] }');
  const denyAll = policy('side', 'q', '{ action: DENY, rules: [{ from: [{ source: { namespaces: [side] } }] }] }');
  const claims = policy('side', 'q', "{ rules: [{ when: [{ key: 'request.auth.claims[a]', values: [b] }] }] }");
  const onPathA = '[{ to: [{ operation: { paths: [/a] } }] }]';
  it.each<[string, string, readonly string[] | undefined, Partial<HttpRequest>, string]>([
    ['may be a token', ask() + tokens(plain) + needToken, undefined, {}, 'not-modelled'],
    ['as the MeshConfig says', ask() + tokens(plain) + needToken, ['authorization'], {}, 'not-modelled'],
    ['or a token somewhere else', ask() + tokens(elsewhere) + needToken, ['x-tok*'], {}, 'not-modelled'],
    ['or none', ask() + tokens(plain) + needToken, [], {}, 'forbidden'],
    ['or nothing that carries one', ask() + tokens(plain) + needToken, ['x-tenant'], {}, 'forbidden'],
    ['is for those whom it is asked about', ask(onPathA) + tokens(plain) + needToken, undefined, {}, 'forbidden'],
    ['may be a header', ask() + admin, undefined, {}, 'not-modelled'],
    ['in the place of one that is sent', ask() + admin, ['x-*'], forged, 'not-modelled'],
    ['of another name', ask() + admin, ['y-*'], forged, 'allowed'],
    ['may be a path', ask() + onlyPath, undefined, {}, 'not-modelled'],
    ['which a list of headers rules out', ask() + onlyPath, ['x-role'], {}, 'forbidden'],
    ['is no certificate', ask() + denyAll, undefined, {}, 'forbidden'],
    ['is no claim where nobody validates', ask() + claims, undefined, {}, 'forbidden'],
    ['does not matter where nothing is compared', ask(), undefined, {}, 'allowed'],
    ['is taken away where a token writes', ask() + tokens(role) + admin, ['x-role'], {}, 'forbidden'],
    [
      'may unmake a preflight',
      ask() + tokens(plain),
      ['origin'],
      { method: 'OPTIONS', headers: preflight, token: tokenOf(issuer, 'ann', { valid: false }) },
      'not-modelled',
    ],
  ])('%s', (_, manifests, headersToUpstreamOnAllow, more, expected) => {
    const declared = { name: 'opa', failOpen: false, statusOnError: 403 };
    const extensionProviders = headersToUpstreamOnAllow && [{ ...declared, headersToUpstreamOnAllow }];
    const mesh = meshOf(threeNamespaces + manifests, extensionProviders && { extensionProviders });
    expect(verdictOf(mesh, 'side/client', 'side/server:80', get('/', more))).toBe(expected);
  });
});
