import { describe, expect, it } from 'vitest';
import { normalizePath, rejectedPath } from '../../src/mesh/normalize-path.js';
import { pathNormalizations } from '../../src/parse/mesh.js';
import { fc } from '../support/fast-check.js';

describe('§8.1 path normalisation', () => {
  it.each([
    ['/a/../b', '/b'],
    ['/a/./b', '/a/b'],
    ['/a/b/..', '/a/'],
    ['/..', '/'],
    ['/a\\b', '/a/b'],
    ['//a', '//a'],
    ['/%61%2F%5C', '/a%2F%5C'],
    ['/%2e%2e/a', '/a'],
    ['/a?x=/../y', '/a'],
    ['/a#b', '/a'],
    ['/a?x#b', '/a'],
    ['/a#/../b?x', '/a'],
    ['/a#%00', '/a'],
    ['/a?%00', '/a'],
    ['/a|b', '/a%7Cb'],
    ['/{a}', '/%7Ba%7D'],
    ['/"<>^`', '/%22%3C%3E%5E%60'],
    ['/%00', rejectedPath],
  ])('%s is %s', (sent, seen) => expect(normalizePath(sent, 'BASE')).toBe(seen));

  it.each([
    ['/a/../b', '/a/../b', '/b', '/b'],
    ['/a//b', '/a//b', '/a/b', '/a/b'],
    ['///', '///', '//', '//'],
    ['//a//', '//a//', '/a/', '/a/'],
    ['/a%2F..%2fb', '/a%2F..%2fb', '/a%2F..%2fb', '/b'],
    ['/a%5Cb%5c', '/a%5Cb%5c', '/a%5Cb%5c', '/a/b/'],
    ['/a%2F/b', '/a%2F/b', '/a%2F/b', '/a/b'],
    ['/a%252Fb', '/a%252Fb', '/a%252Fb', '/a%252Fb'],
    ['/a\\b|', '/a\\b|', '/a/b%7C', '/a/b%7C'],
    ['/%41?x//y', '/%41', '/A', '/A'],
    ['/a//#b', '/a//', '/a/', '/a/'],
    ['/%00', '/%00', rejectedPath, rejectedPath],
  ])('%s is another with NONE, MERGE_SLASHES and DECODE_AND_MERGE_SLASHES', (sent, none, merged, decoded) => {
    expect(normalizePath(sent, 'NONE')).toBe(none);
    expect(normalizePath(sent, 'MERGE_SLASHES')).toBe(merged);
    expect(normalizePath(sent, 'DECODE_AND_MERGE_SLASHES')).toBe(decoded);
  });

  it.each(pathNormalizations)('is done once and for all: %s', (how) => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('/', '.', 'a', '\\') }), (text) => {
        const once = normalizePath(`/${text}`, how);
        expect(once === rejectedPath || normalizePath(once, how) === once).toBe(true);
      }),
    );
  });
});
