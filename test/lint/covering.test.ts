import { describe, expect, it } from 'vitest';
import { covers, coversConnection } from '../../src/lint/routes/covering.js';
import { connectionIndex, requestIndex } from '../../src/lint/routes/covering-index.js';
import type { HttpRequest } from '../../src/mesh/request.js';
import { asSent, entryMatches } from '../../src/mesh/routes/follow/matching.js';
import type { ConnectionMatch, ProxyMatch, RouteMatch, RouteRule } from '../../src/mesh/routes/route.js';
import { fc } from '../support/fast-check.js';

const proxy: fc.Arbitrary<ProxyMatch> = fc.record({
  port: fc.constantFrom(undefined, 80, 443),
  gateways: fc.subarray(['mesh', 'istio-system/public']),
  sourceLabels: fc.constantFrom({}, { app: 'web' }),
  sourceNamespace: fc.constantFrom(undefined, 'shop'),
});
const anyProxy: ProxyMatch = { port: undefined, gateways: [], sourceLabels: {}, sourceNamespace: undefined };

const texts = ['', 'a', 'ab', 'a/b'];
const text = fc.oneof(
  fc.record({ kind: fc.constantFrom('exact' as const, 'prefix' as const), value: fc.constantFrom(...texts) }),
  fc.constant({ kind: 'regex' as const, value: 'a.*' }),
  fc.constant({ kind: 'present' as const }),
);
const named = fc.record({ name: fc.constantFrom('x', 'y'), match: text, negated: fc.boolean() });

const paths = ['/', '/a', '/A', '/ab', '/a/b', '/a/'];
const path = fc.oneof(
  fc.record({
    kind: fc.constantFrom('exact' as const, 'prefix' as const),
    value: fc.constantFrom(...paths),
    ignoreCase: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('elements' as const),
    value: fc.constantFrom('/a', '/ab', '/a/b'),
    ignoreCase: fc.constant(false),
  }),
  fc.record({
    kind: fc.constant('regex' as const),
    value: fc.constantFrom('.*', '/a.*'),
    ignoreCase: fc.boolean(),
  }),
);

const requestMatch: fc.Arbitrary<RouteMatch> = fc.record({
  place: fc.constant([]),
  path: fc.option(path, { nil: undefined }),
  method: fc.option(text, { nil: undefined }),
  authority: fc.option(text, { nil: undefined }),
  scheme: fc.constant(undefined),
  headers: fc.array(named, { maxLength: 2 }),
  query: fc.array(named, { maxLength: 1 }),
  doubt: fc.constant(undefined),
  proxy: fc.constant(anyProxy),
});

const request: fc.Arbitrary<HttpRequest> = fc.record({
  kind: fc.constant('http' as const),
  method: fc.constantFrom('a', 'ab', 'GET'),
  host: fc.constantFrom(...texts),
  path: fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom('', '?x=a', '?x=ab', '?y='))
    .map(([plain, query]) => `${plain}${query}`),
  headers: fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom(...texts)),
});

const connectionMatch: fc.Arbitrary<ConnectionMatch> = fc.record({
  place: fc.constant([]),
  serverNames: fc.subarray(['*', '*.b', '*.a.b', 'a.b', 'c.a.b', 'd']),
  doubt: fc.constant(undefined),
  proxy,
});

describe('a match that covers a later one', () => {
  it('is met by every request that the later one is for', () => {
    fc.assert(
      fc.property(requestMatch, requestMatch, fc.array(request, { minLength: 20 }), (earlier, later, requests) => {
        if (!covers(earlier, later)) return;
        for (const each of requests) {
          if (meets(later, each) === 'yes') expect(meets(earlier, each)).toBe('yes');
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('covers itself and whatever is narrower in one more way', () => {
    fc.assert(
      fc.property(requestMatch, named, (match, more) => {
        expect(covers(match, match)).toBe(true);
        expect(covers(match, { ...match, headers: [...match.headers, more] })).toBe(true);
        expect(covers(undefined, match)).toBe(true);
      }),
    );
  });

  it('is found under a key that the later one asks for', () => {
    fc.assert(
      fc.property(requestMatch, requestMatch, (earlier, later) => {
        if (covers(earlier, later)) expect(shared(requestIndex, earlier, later)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a match of connections that covers a later one', () => {
  it('is found under a key that the later one asks for', () => {
    fc.assert(
      fc.property(connectionMatch, connectionMatch, (earlier, later) => {
        expect(coversConnection(earlier, earlier)).toBe(true);
        if (coversConnection(earlier, later)) expect(shared(connectionIndex, earlier, later)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

function meets(match: RouteMatch, sent: HttpRequest) {
  const rule: RouteRule = {
    origin: { object: undefined as never, place: [], name: undefined },
    matches: [match],
    result: { kind: 'answer', status: 200, because: '' },
    abort: undefined,
    mirrors: [],
    settings: undefined as never,
  };
  return entryMatches({ match, rule }, asSent(sent, 'BASE'));
}

function shared<M>(
  index: { keysOf: (match: M) => readonly string[]; keysCovering: (match: M) => readonly string[] },
  earlier: M,
  later: M,
) {
  const asked = index.keysCovering(later);
  return index.keysOf(earlier).some((key) => asked.includes(key));
}
