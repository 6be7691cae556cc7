import { describe, expect, it } from 'vitest';
import { envoyMatchers } from '../../../src/mesh/policies/envoy-matchers.js';
import { matches } from '../../../src/mesh/policies/matcher.js';
import { anyOf, type Truth, truthOf } from '../../../src/mesh/truth.js';
import type { Attribute } from '../../../src/mesh/view.js';
import type { IstioVersion } from '../../../src/parse/mesh.js';

interface Context {
  readonly version?: IstioVersion;
  readonly trustDomains?: readonly string[];
}

/** Whether one value of a policy in namespace `shop` hits what a request carries. */
function hits(attribute: Attribute, value: string, seen: string, context: Context = {}): Truth {
  const { version = '1.31', trustDomains = ['mesh.example'] } = context;
  const matchers = envoyMatchers(attribute, value, { namespace: 'shop', trustDomains, version });
  return anyOf(matchers.map((matcher) => matches(matcher, seen)));
}

describe('§6.5 request principals', () => {
  it.each([
    ['*', 'https://a', 'ann', true],
    ['*', 'https://a', '', false],
    ['https://a/ann', 'https://a', 'ann', true],
    ['https://a/ann', 'https://a', 'anna', false],
    ['https://a/*', 'https://a', 'ann', true],
    ['https://a/*', 'https://a', '', false],
    ['https://a/a*', 'https://a', 'ann', true],
    ['https://a/a*', 'https://ab', 'ann', false],
    ['*a/ann', 'https://a', 'ann', true],
    ['*a/ann', 'https://b', 'ann', false],
    ['*/ann', 'https://a', 'ann', true],
    ['*nn', 'https://a', 'ann', true],
    ['https*', 'https:', 'ann', true],
    ['https://a*', 'https://a', 'ann', false],
    // A wildcard counts at the ends of the whole value: elsewhere it is a character.
    ['*a/a*', 'https://a', 'ann', false],
    ['*a/a*', 'https://a', 'a*', true],
    ['a*/ann', 'ab', 'ann', false],
    ['a*/ann', 'a*', 'ann', true],
    // Without a slash and a wildcard the subject would have to be empty.
    ['https:', 'https:', 'ann', false],
  ])('%s, issuer %s, subject %s: %s', (value, issuer, subject, expected) => {
    expect(hits('request.auth.principal', value, `${issuer}\n${subject}`)).toBe(truthOf(expected));
  });
});

describe('§8.3 trust domains in principals', () => {
  const trustDomains = ['new.example', 'old.example'];
  it.each([
    ['new.example/ns/a/sa/b', 'old.example/ns/a/sa/b', true],
    ['old.example/ns/a/sa/b', 'new.example/ns/a/sa/b', true],
    ['cluster.local/ns/a/sa/b', 'old.example/ns/a/sa/b', true],
    ['cluster.local/ns/a/sa/b', 'cluster.local/ns/a/sa/b', false],
    ['cluster.local/ns/a/*', 'new.example/ns/a/sa/b', false],
    ['cluster.local/ns/a/*', 'cluster.local/ns/a/sa/b', true],
    ['cluster.local/ns/a/sa/*', 'new.example/ns/a/sa/b', true],
    ['other.example/ns/a/sa/b', 'new.example/ns/a/sa/b', false],
    ['*/ns/a/sa/b', 'third.example/ns/a/sa/b', true],
    ['*', 'third.example/ns/a/sa/b', true],
    // A trust domain that is a suffix and fits one of our own stands for all of them.
    ['*w.example/ns/a/sa/b', 'new.example/ns/a/sa/b', true],
    ['*w.example/ns/a/sa/b', 'old.example/ns/a/sa/b', true],
    ['*d.test/ns/a/sa/b', 'old.example/ns/a/sa/b', false],
  ])('%s, %s: %s', (value, principal, expected) => {
    expect(hits('source.principal', value, principal, { trustDomains })).toBe(truthOf(expected));
  });
});

describe('§1.3 trustDomains', () => {
  it.each([
    ['mesh.example', 'mesh.example', ['mesh.example'], 'yes'],
    ['*.example', 'mesh.example', ['mesh.example'], 'yes'],
    ['mesh', 'mesh.example', ['mesh.example'], 'no'],
    // Whether an alias is meant too is not pinned down.
    ['new.example', 'new.example', ['new.example', 'old.example'], 'yes'],
    ['new.example', 'old.example', ['new.example', 'old.example'], 'unknown'],
    ['new.example', 'third.example', ['new.example', 'old.example'], 'no'],
  ] as const)('%s, %s with %s: %s', (value, seen, trustDomains, expected) => {
    expect(hits('source.trustDomain', value, seen, { trustDomains })).toBe(expected);
  });

  it('before 1.31 is not modelled', () => {
    expect(hits('source.trustDomain', 'mesh.example', 'mesh.example', { version: '1.30' })).toBe('unknown');
  });
});

describe('§8.4 characters of regular expressions', () => {
  const identity = (namespace: string, account: string) => `mesh.example/ns/${namespace}/sa/${account}`;
  it.each([
    ['source.serviceAccount', 'shop/my.app', 'shop/my.app', 'yes', 'yes'],
    ['source.serviceAccount', 'shop/my.app', 'shop/my-app', 'unknown', 'no'],
    ['source.serviceAccount', 'my.app', 'shop/my.app', 'yes', 'yes'],
    ['source.serviceAccount', 'shop/my.app', 'shop/other', 'no', 'no'],
    ['source.principal', '*/sa/my.app', identity('shop', 'my.app'), 'yes', 'yes'],
    ['source.principal', '*/sa/my.app', identity('shop', 'my-app'), 'unknown', 'no'],
    ['source.principal', '*/sa/app', identity('shop', 'app'), 'yes', 'yes'],
    ['source.principal', '*/sa/a+', identity('shop', 'a+'), 'unknown', 'yes'],
    ['source.principal', '*/sa/a+', identity('shop', 'aa'), 'unknown', 'no'],
    ['source.principal', '*/sa/a*', identity('shop', 'ab'), 'unknown', 'no'],
    ['source.principal', '*/sa/a*', identity('shop', 'a*'), 'unknown', 'yes'],
    ['source.principal', 'mesh.example/ns/shop/sa/my.app', identity('shop', 'my-app'), 'no', 'no'],
    ['source.namespace', 'a.b', identity('axb', 'app'), 'unknown', 'no'],
    ['source.namespace', '(a', identity('a', 'app'), 'unknown', 'no'],
    ['source.namespace', 'a*', identity('ab', 'app'), 'yes', 'yes'],
    ['source.namespace', 'a*c', identity('abc', 'app'), 'yes', 'yes'],
    ['source.namespace', '*b', identity('ab', 'app'), 'yes', 'yes'],
    ['source.namespace', 'a', identity('ab', 'app'), 'no', 'no'],
    // The rest of the identity may take the place of a wildcard.
    ['source.namespace', '*sa', identity('ab', 'app'), 'yes', 'yes'],
  ] as const)('%s %s, %s: %s up to 1.29, %s from 1.30', (attribute, value, seen, before, after) => {
    for (const version of ['1.28', '1.29'] as const) expect(hits(attribute, value, seen, { version })).toBe(before);
    for (const version of ['1.30', '1.31'] as const) expect(hits(attribute, value, seen, { version })).toBe(after);
  });
});

describe('§1.5 path templates', () => {
  it.each([
    ['/allow/admin/{**}', '/allow/admin/', true],
    ['/allow/admin/{**}', '/allow/admin', false],
    ['/foo/{*}/bar/{**}', '/foo/buzz/bar/bat.txt', true],
    ['/foo/{*}/bar/{**}', '/foo//bar/bat.txt', false],
    ['/store/{**}/cart', '/store//cart', true],
    ['/store/{**}/cart', '/store/cart', false],
    ['/{*}', '/a=b', true],
    ['/{*}', '/a*b', true],
    ['/{**}', '/', true],
  ])('%s, %s: %s', (value, path, expected) => expect(hits('request.path', value, path)).toBe(truthOf(expected)));

  it('whose literals Envoy may refuse are not modelled', () => {
    expect(hits('request.path', '/a=b/{*}', '/a=b/c')).toBe('unknown');
    expect(hits('request.path', '/a=b/*', '/a=b/c')).toBe('yes');
  });
});

describe('§1.4 wildcards', () => {
  it.each([
    ['request.path', '*x*', '/ax*', true],
    ['request.path', '*x*', '/axb', false],
    ['request.path', '*', '/', true],
    ['request.path', '/a*b', '/a*b', true],
    ['request.path', '/a*b', '/axb', false],
    ['request.host', 'A.example', 'a.EXAMPLE', true],
    ['request.host', 'a.example', 'a.example:80', false],
    ['request.host', 'a.example:*', 'a.example:80', true],
    ['request.host', '*.EXAMPLE', 'a.example', true],
    ['request.headers[x]', '*', '', true],
    ['request.headers[x]', 'a*', 'ab', true],
    ['request.headers[x]', 'A', 'a', false],
    ['request.auth.audiences', '*', '', false],
    ['request.method', 'G*', 'GET', true],
    ['request.method', 'get', 'GET', false],
    ['destination.port', '080', '80', true],
    ['source.ip', '10.0.0.9/8', '10.1.2.3', true],
    ['source.ip', '10.0.0.1', '10.0.0.2', false],
    ['source.ip', 'fd00::/8', 'fd12::1', true],
  ] as const)('%s %s, %s: %s', (attribute, value, seen, expected) => {
    expect(hits(attribute, value, seen)).toBe(truthOf(expected));
  });
});
