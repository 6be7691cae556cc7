import { describe, expect, it } from 'vitest';
import { hostFault } from '../../src/resolve/host-fault.js';
import { pathFault } from '../../src/resolve/path-fault.js';
import { methodFault } from '../../src/util/http-methods.js';
import { ipBlockFault } from '../../src/util/ip.js';

/** What a help proposes to write; empty where it proposes no value as a whole. */
function proposed(help: string | undefined): string[] {
  const [, value] = /^(?:write|did you mean) `([^`]+)`/.exec(help ?? '') ?? [];
  return value === undefined ? [] : [value];
}

const rejectedPaths: ReadonlyArray<readonly [path: string, proposal: string | undefined]> = [
  ['^/api/v1$', '/api/v1'],
  ['^/api/.*', '/api/*'],
  ['/api/.*', '/api/*'],
  ['/api.*$', '/api*'],
  ['^/users/[^/]+/orders$', '/users/{*}/orders'],
  ['.*\\.css$', '*.css'],
  ['.*', undefined],
  ['^/api', undefined],
  ['/api$', undefined],
  ['/users/[0-9]+', undefined],
  ['/users/\\d+', undefined],
  ['/v(1|2)/items', undefined],
  ['/items(/.*)?', undefined],
  ['/a|/b', undefined],
  ['/colou.+r', undefined],
  ['v1/charges', '/v1/charges'],
  ['https://shop.example.com/v1', '/v1'],
  ['shop.example.com', '/shop.example.com'],
  ['/v1/**', '/v1/*'],
  ['/v1/*/charges', '/v1/{*}/charges'],
  ['/v1/*/charges/*', '/v1/{*}/charges/{**}'],
  ['/v1/**/charges', '/v1/{**}/charges'],
  ['/v1/a*b', undefined],
  ['/v1/{id}/charges', '/v1/{*}/charges'],
  ['/v1/{id}-{no}', undefined],
  ['/v1/{**}/charges/{*}', undefined],
  ['{*}/charges', '/{*}/charges'],
  ['/v1/charges?all=true', '/v1/charges'],
  ['?all=true', undefined],
  ['/v1/../admin', '/admin'],
  ['/v1/./admin/..', '/v1'],
  ['/v1\\admin', '/v1/admin'],
  ['/my files', '/my%20files'],
  ['/größe', '/gr%C3%B6%C3%9Fe'],
  ['*', undefined],
  ['**', undefined],
];

describe('paths that no request has', () => {
  it.each(rejectedPaths)('%s', (path, proposal) => {
    const help = pathFault(path)?.help;
    expect(help).toBeDefined();
    expect(proposed(help)).toEqual(proposal === undefined ? [] : [proposal]);
    for (const value of proposed(help)) expect(pathFault(value)).toBeUndefined();
  });

  it.each([
    '/',
    '/v1/charges',
    '/v1/*',
    '*.css',
    '/v1/{*}/items/{**}',
    '/items(1)',
    '/c++/',
    '/$metadata',
    '/.git/*',
    '/a/',
  ])('lets %s pass', (path) => expect(pathFault(path)).toBeUndefined());
});

describe('hosts that no request has', () => {
  it.each([
    ['pay.example.com:8443', 'pay.example.com'],
    ['*:8443', undefined],
    ['https://pay.example.com/v1', 'pay.example.com'],
    ['.example.com', '*.example.com'],
    ['pay.example.com.', 'pay.example.com'],
    ['pay..example.com', undefined],
    ['.*', undefined],
    ['^pay\\.example\\.com$', undefined],
    ['[::1]:80', undefined],
    ['pay.*.com', undefined],
    ['*', undefined],
  ])('%s', (host, proposal) => {
    const help = hostFault(host)?.help;
    expect(help).toBeDefined();
    expect(proposed(help)).toEqual(proposal === undefined ? [] : [proposal]);
    for (const value of proposed(help)) expect(hostFault(value)).toBeUndefined();
  });

  it.each(['pay.example.com', '*.example.com', 'pay.*', 'pay'])('lets %s pass', (host) =>
    expect(hostFault(host)).toBeUndefined(),
  );
});

describe('methods that nobody sends', () => {
  it.each([
    ['POTS', 'POST'],
    ['gte', 'GET'],
    ['get', 'GET'],
    ['Delete', 'DELETE'],
    ['GET POST', undefined],
    ['*', undefined],
    ['GRPC', undefined],
  ])('%s', (method, proposal) => {
    const help = methodFault(method, ['EXPORT'])?.help;
    expect(help).toBeDefined();
    expect(proposed(help)).toEqual(proposal === undefined ? [] : [proposal]);
    for (const value of proposed(help)) expect(methodFault(value, [])).toBeUndefined();
  });

  it('knows those that are registered, those that Envoy reads, and those that the Mesh document names', () => {
    for (const method of ['GET', 'PATCH', 'QUERY', 'PURGE', 'VERSION-CONTROL'])
      expect(methodFault(method, [])).toBeUndefined();
    expect(methodFault('EXPORT', [])?.notes).toMatchObject([{ message: expect.stringContaining('`customMethods`') }]);
    expect(methodFault('EXPORT', ['EXPORT'])).toBeUndefined();
    expect(methodFault('EXPROT', ['EXPORT'])?.help).toBe('did you mean `EXPORT`?');
  });
});

describe('addresses that no caller has', () => {
  it.each([
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::FFFF:10.0.0.0/104', '10.0.0.0/8'],
    ['0:0:0:0:0:ffff:0a00:0000/104', '10.0.0.0/8'],
  ])('%s', (block, proposal) => {
    const help = ipBlockFault(block)?.help;
    expect(proposed(help)).toEqual([proposal]);
    expect(ipBlockFault(proposal)).toBeUndefined();
  });

  it.each(['10.244.0.0/36', '10.0.0.0/08', 'loadbalancer', '', '::ffff:10.0.0.300'])('%s', (block) =>
    expect(ipBlockFault(block)).toEqual({}),
  );

  it.each(['10.0.0.0/8', '10.0.0.1', '2001:db8::/32', '::ffff:0:0/64', '::1'])('lets %s pass', (block) =>
    expect(ipBlockFault(block)).toBeUndefined(),
  );
});
