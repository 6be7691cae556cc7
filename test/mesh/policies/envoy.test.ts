import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { meshOf, policy, threeNamespaces } from '../support/mesh.js';
import { bytes, get, requestOf, verdictOf } from '../support/requests.js';

const client = 'cluster.local/ns/side/sa/client';

function sidecar(spec: string, settings = {}) {
  return meshOf(threeNamespaces + policy('side', 'p', spec), settings);
}

describe('§2.5 TCP chains', () => {
  const methods = 'operation: { methods: [GET] }';
  /** For the client on the TCP port, an outsider there, and the client on the HTTP port. */
  const verdicts = (spec: string) => {
    const mesh = sidecar(spec);
    return [
      verdictOf(mesh, 'side/client', 'side/server:81', bytes),
      verdictOf(mesh, 'outside', 'pod side/server:9000', bytes),
      verdictOf(mesh, 'side/client', 'side/server:80'),
    ].join(' ');
  };
  it.each([
    ['ALLOW of requests alone denies all', `{ rules: [{ to: [{ ${methods} }] }] }`, 'closed closed allowed'],
    [
      'an ALLOW rule with HTTP is skipped, others stay',
      `{ rules: [{ to: [{ ${methods} }] }, { from: [{ source: { namespaces: [side] } }] }] }`,
      'allowed closed allowed',
    ],
    [
      'DENY of requests alone denies every connection',
      `{ action: DENY, rules: [{ to: [{ operation: { methods: [POST] } }] }] }`,
      'closed closed allowed',
    ],
    [
      'DENY of a principal and a method denies the principal',
      `{ action: DENY, rules: [{ from: [{ source: { principals: [${client}] } }], to: [{ operation: { methods: [POST] } }] }] }`,
      'closed allowed allowed',
    ],
    [
      'DENY of requestPrincipals denies every connection',
      `{ action: DENY, rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] }`,
      'closed closed allowed',
    ],
    [
      'DENY with a port of HTTP spares the TCP port',
      `{ action: DENY, rules: [{ to: [{ operation: { ports: ['8080'], methods: [POST] } }] }] }`,
      'allowed allowed allowed',
    ],
    [
      'DENY when a header denies every connection',
      `{ action: DENY, rules: [{ when: [{ key: 'request.headers[x]', values: ['1'] }] }] }`,
      'closed closed allowed',
    ],
  ])('%s', (_, spec, expected) => expect(verdicts(spec)).toBe(expected));

  it('picks the chain of an undeclared port by the bytes', () => {
    const mesh = sidecar(`{ rules: [{ to: [{ ${methods} }] }] }`);
    expect(verdictOf(mesh, 'side/client', 'pod side/server:8082')).toBe('allowed');
    expect(verdictOf(mesh, 'side/client', 'pod side/server:8082', bytes)).toBe('closed');
  });

  it('leaves an external authorizer on a TCP chain open, because HTTP ones vanish there', () => {
    const mesh = sidecar(`{ action: CUSTOM, provider: { name: opa }, rules: [{}] }`);
    expect(verdictOf(mesh, 'side/client', 'side/server:81', bytes)).toBe('not-modelled');
  });
});

describe('§1.3–1.6 HTTP chains', () => {
  const allows = (rule: string, payload = get(), from = 'side/client') =>
    verdictOf(sidecar(`{ rules: [{ ${rule} }] }`), from, 'side/server:80', payload) === 'allowed';
  const operation = (fields: string) => `to: [{ operation: { ${fields} } }]`;
  const condition = (fields: string) => `when: [{ ${fields} }]`;

  it.each([
    ['methods: [GET]', get(), true],
    ['methods: [get]', get(), false],
    ["methods: ['*']", get(), true],
    ['notMethods: [GET]', get(), false],
    ['paths: [/a]', get('/a?x=y'), true],
    ['paths: [/a]', get('/b/../a'), true],
    ['paths: [/a]', get('/%61'), true],
    ['paths: [/a]', get('//a'), false],
    ['paths: [/A]', get('/a'), false],
    ["paths: ['/a/*']", get('/a'), false],
    ["paths: ['/a/*']", get('/a/'), true],
    ["paths: ['*.txt']", get('/a.txt'), true],
    ["paths: ['/*/a']", get('/x/a'), false],
    ['hosts: [server]', get('/', { host: 'SERVER' }), true],
    ['hosts: [server]', get('/', { host: 'server:80' }), false],
    ["hosts: ['server:*']", get('/', { host: 'server:80' }), true],
    ["ports: ['8080']", get(), true],
    ["ports: ['80']", get(), false],
  ])('%s of %o: %s', (fields, payload, expected) => expect(allows(operation(fields), payload)).toBe(expected));

  it.each([
    ["key: 'request.headers[X-User]', values: [ann]", { 'x-user': 'ann' }, true],
    ["key: 'request.headers[X-User]', values: [ann]", { 'x-user': 'ANN' }, false],
    ["key: 'request.headers[x-user]', values: ['*']", { 'x-user': '' }, true],
    ["key: 'request.headers[x-user]', values: ['*']", {}, false],
    ["key: 'request.headers[x-user]', notValues: [ann]", {}, true],
    ["key: 'request.headers[x-user]', values: ['a*'], notValues: [ann]", { 'x-user': 'ann' }, false],
  ])('%s of %o: %s', (fields, headers, expected) => {
    expect(allows(condition(fields), get('/', { headers }))).toBe(expected);
  });

  it.each([
    [
      '/allow/admin/{**}',
      ['/allow/admin/', '/allow/admin/temp', '/allow/admin/foo/temp.txt'],
      ['/allow/admin', '/allow/admin?x=y'],
    ],
    ['/foo/{*}/bar/{**}', ['/foo/buzz/bar/bat.txt', '/foo/buzz/bar/bat'], ['/foo/bar/bat.txt', '/foo//bar/bat.txt']],
    ['/store/{**}/cart', ['/store//cart', '/store/foo/cart', '/store/foo/bar/cart'], ['/store/cart']],
  ])('§1.5 template %s', (template, allowed, denied) => {
    const verdict = (path: string) => allows(operation(`paths: ['${template}']`), get(path));
    expect(allowed.filter((path) => !verdict(path))).toEqual([]);
    expect(denied.filter(verdict)).toEqual([]);
  });

  it.each([
    ['principals: [cluster.local/ns/side/sa/client]', true],
    ["namespaces: ['si*']", true],
    ['namespaces: [side]', true],
    ['namespaces: [sid]', false],
    ['serviceAccounts: [client]', true],
    ['serviceAccounts: [amb/client]', false],
    ['ipBlocks: [10.0.0.0/24]', true],
    ['notIpBlocks: [10.0.0.7]', false],
  ])('source %s: %s', (fields, expected) => {
    expect(allows(`from: [{ source: { ${fields} } }]`)).toBe(expected);
  });

  it('evaluates fields of a source together, sources apart', () => {
    expect(allows('from: [{ source: { namespaces: [side], ipBlocks: [1.1.1.1] } }]')).toBe(false);
    expect(allows('from: [{ source: { namespaces: [amb] } }, { source: { ipBlocks: [10.0.0.7] } }]')).toBe(true);
  });

  it('§8.1 refuses an encoded zero before any policy', () => {
    expect(verdictOf(sidecar('{ rules: [{}] }'), 'side/client', 'side/server:80', get('/%00'))).toBe('bad-request');
  });
});

describe('§8.3 trust domains at Envoy', () => {
  const settings = { trustDomain: 'new.example', trustDomainAliases: ['old.example'] };
  const verdict = (principal: string) =>
    verdictOf(
      sidecar(`{ rules: [{ from: [{ source: { principals: ['${principal}'] } }] }] }`, settings),
      'side/client',
      'side/server:80',
    );
  it.each([
    ['new.example/ns/side/sa/client', 'allowed'],
    ['old.example/ns/side/sa/client', 'allowed'],
    ['cluster.local/ns/side/sa/client', 'allowed'],
    ['other.example/ns/side/sa/client', 'forbidden'],
    ['cluster.local/ns/side/*', 'forbidden'],
  ])('%s: %s', (principal, expected) => expect(verdict(principal)).toBe(expected));
});

describe('§1.2, §7 actions', () => {
  const custom = (name: string, provider: string) =>
    policy(
      'side',
      name,
      `{ action: CUSTOM, provider: { name: ${provider} }, rules: [{ to: [{ operation: { paths: ['/a*'] } }] }] }`,
    );

  it('asks the external authorizer for what it selects, and says so', () => {
    const mesh = meshOf(threeNamespaces + custom('c', 'opa'));
    expect(decide(mesh, requestOf('side/client', 'side/server:80', get('/a'))).verdict).toEqual({
      kind: 'allowed',
      asks: ['opa'],
    });
    expect(decide(mesh, requestOf('side/client', 'side/server:80', get('/b'))).verdict).toEqual({
      kind: 'allowed',
      asks: [],
    });
  });

  it('refuses what two external authorizers would be asked', () => {
    const mesh = meshOf(threeNamespaces + custom('c', 'opa') + custom('d', 'other'));
    expect(verdictOf(mesh, 'side/client', 'side/server:80', get('/a'))).toBe('forbidden');
    expect(verdictOf(mesh, 'side/client', 'side/server:80', get('/b'))).toBe('allowed');
  });

  it.each([
    ['opa', 'allowed', 'the service is asked for what a declared provider selects'],
    ['other', 'forbidden', 'an undeclared provider refuses what it selects'],
  ])('%s: %s, for %s', (provider, expected) => {
    const extensionProviders = [{ name: 'opa', failOpen: false, statusOnError: 403 }];
    const mesh = meshOf(threeNamespaces + custom('c', provider), { extensionProviders });
    expect(verdictOf(mesh, 'side/client', 'side/server:80', get('/a'))).toBe(expected);
    expect(verdictOf(mesh, 'side/client', 'side/server:80', get('/b'))).toBe('allowed');
    // Whether it speaks gRPC decides, and that is not declared.
    expect(verdictOf(mesh, 'side/client', 'side/server:81', bytes)).toBe('not-modelled');
  });

  it('does not know of a provider that a second ConfigMap may add, and only of what its policy selects', () => {
    const extensionProviders = [{ name: 'opa', failOpen: false, statusOnError: 403 }];
    const mesh = meshOf(threeNamespaces + custom('c', 'other'), { extensionProviders, knowsAllProviders: false });
    expect(verdictOf(mesh, 'side/client', 'side/server:80', get('/a'))).toBe('not-modelled');
    expect(verdictOf(mesh, 'side/client', 'side/server:80', get('/b'))).toBe('allowed');
  });

  it('lets AUDIT decide nothing, and DENY beat ALLOW', () => {
    expect(verdictOf(sidecar('{ action: AUDIT, rules: [{}] }'), 'side/client', 'side/server:80')).toBe('allowed');
    const both = meshOf(
      threeNamespaces + policy('side', 'a', '{ rules: [{}] }') + policy('side', 'd', '{ action: DENY, rules: [{}] }'),
    );
    expect(verdictOf(both, 'side/client', 'side/server:80')).toBe('forbidden');
  });

  it('pools the scopes: an ALLOW of the root namespace counts with those of the namespace', () => {
    const mesh = meshOf(
      threeNamespaces +
        policy('istio-system', 'none', '{}') +
        policy('side', 'some', `{ rules: [{ to: [{ operation: { paths: [/a] } }] }] }`),
    );
    expect(verdictOf(mesh, 'side/client', 'side/server:80', get('/a'))).toBe('allowed');
    expect(verdictOf(mesh, 'side/client', 'side/server:80', get('/b'))).toBe('forbidden');
    expect(verdictOf(mesh, 'amb/client', 'amb/server:80', get('/a'))).toBe('closed');
  });

  it.each([':method', ':path', ':authority', 'Host'])('does not guess header %s, which proxies write', (name) => {
    const mesh = sidecar(`{ rules: [{ when: [{ key: 'request.headers[${name}]', values: ['*'] }] }] }`);
    expect(verdictOf(mesh, 'side/client', 'side/server:80')).toBe('not-modelled');
  });

  it('says what it cannot know', () => {
    const mesh = sidecar('{ action: DENY, rules: [{ from: [{ source: { remoteIpBlocks: [1.2.3.4] } }] }] }');
    const decision = decide(mesh, requestOf('side/client', 'side/server:80'));
    expect(decision.verdict.kind).toBe('not-modelled');
    expect(decision.because).toBe(
      'AuthorizationPolicy side/p depends on the address that a proxy derives from X-Forwarded-For or the PROXY protocol',
    );
  });
});
