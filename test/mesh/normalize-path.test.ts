import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizePath, rejectedPath } from '../../src/mesh/normalize-path.js';

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
    ['/a#b', rejectedPath],
    ['/a?x#b', rejectedPath],
    ['/a?%00', '/a'],
    ['/a|b', '/a%7Cb'],
    ['/{a}', '/%7Ba%7D'],
    ['/"<>^`', '/%22%3C%3E%5E%60'],
    ['/%00', rejectedPath],
  ])('%s is %s', (sent, seen) => expect(normalizePath(sent)).toBe(seen));

  it('is done once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('/', '.', 'a', '\\') }), (text) => {
        const once = normalizePath(`/${text}`);
        expect(once === rejectedPath || normalizePath(once) === once).toBe(true);
      }),
    );
  });
});
