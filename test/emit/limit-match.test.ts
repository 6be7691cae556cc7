import { describe, expect, it } from 'vitest';
import { headerMatchers } from '../../src/emit/limits/limit-match.js';
import type { TextPattern } from '../../src/parse/traffic/settings.js';
import type { RouteMatch } from '../../src/resolve/resolved-traffic.js';

const pattern = (kind: TextPattern['kind'], value: string) => ({ kind, value }) as TextPattern;

/** Whether Envoy, which compares whole values, would count a request with this path. */
function counts(paths: readonly TextPattern[], path: string): boolean {
  const [matcher] = headerMatchers({ hosts: [], paths, methods: [], headers: [] } as unknown as RouteMatch);
  const { regex } = (matcher as { string_match: { safe_regex: { regex: string } } }).string_match.safe_regex;
  return new RegExp(`^(?:${regex})$`).test(path);
}

describe('a path', () => {
  it('is the same with and without a query', () => {
    const exact = [pattern('exact', '/v1/a.b')];
    expect(['/v1/a.b', '/v1/a.b?x=1', '/v1/a.b?'].map((path) => counts(exact, path))).toEqual([true, true, true]);
    expect(['/v1/axb', '/v1/a.b/c', '/v1/a'].map((path) => counts(exact, path))).toEqual([false, false, false]);
  });

  it('begins or ends before the query', () => {
    expect(counts([pattern('prefix', '/v1/')], '/v1/a?b')).toBe(true);
    expect(counts([pattern('prefix', '/v1/')], '/v2?/v1/')).toBe(false);
    expect(counts([pattern('suffix', '.json')], '/a.json?b')).toBe(true);
    expect(counts([pattern('suffix', '.json')], '/a?b.json')).toBe(false);
  });

  it('is one of several', () => {
    const several = [pattern('exact', '/a'), pattern('prefix', '/b/')];
    expect(['/a', '/b/c', '/c'].map((path) => counts(several, path))).toEqual([true, true, false]);
  });
});

describe('a host', () => {
  const isFor = (host: string, authority: string): boolean => {
    const match = { hosts: [{ value: host }], paths: [], methods: [], headers: [] } as unknown as RouteMatch;
    const [matcher] = headerMatchers(match);
    const { regex } = (matcher as { string_match: { safe_regex: { regex: string } } }).string_match.safe_regex;
    return new RegExp(`^(?:${regex.replace('(?i:', '(?:')})$`, 'i').test(authority);
  };

  it('is the same in any case, with and without a port', () => {
    const written = ['shop.example', 'Shop.Example', 'shop.example:8443'];
    expect(written.map((authority) => isFor('shop.example', authority))).toEqual([true, true, true]);
    const others = ['shopxexample', 'a.shop.example', 'shop.example:', 'shop.example.evil'];
    expect(others.filter((authority) => isFor('shop.example', authority))).toEqual([]);
  });

  it('with a wildcard is every name below', () => {
    const below = ['a.shop.example', 'a.b.shop.example:80', 'shop.example', 'ashop.example'];
    expect(below.map((authority) => isFor('*.shop.example', authority))).toEqual([true, true, false, false]);
    expect(isFor('*', 'anything')).toBe(true);
  });
});
