import { describe, expect, it } from 'vitest';
import { admit, type Bundle } from '../../support/admission.js';
import { fc } from '../../support/fast-check.js';
import { describeWithShared } from '../../support/shared.js';
import { type Refused, refusedBy } from './support.js';

const group = 'gateway.networking.k8s.io';
const parents = 'parentRefs: [{ group: "", kind: Service, name: web }]';
const to = 'backendRefs: [{ name: web, port: 80 }]';
const ofRule = (rule: string) => `{ ${parents}, rules: [{ ${rule} }] }`;
const ofPath = (path: string) => ofRule(`matches: [{ path: { ${path} } }], ${to}`);
const ofFilters = (filters: string) => ofRule(`filters: [${filters}]`);
const setting = '{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: a, value: b }] } }';
const replacing = '{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }';
const redirecting = '{ type: RequestRedirect, requestRedirect: { scheme: https } }';
const many = (count: number, item: string) => Array.from({ length: count }, () => item).join(', ');

function refused(spec: string, kind = 'HTTPRoute'): readonly string[] {
  return refusedBy(`${group}/v1`, kind, spec);
}

describe('a route that the API server takes', () => {
  it.each([
    ['HTTPRoute', ofRule(to)],
    ['HTTPRoute', ofRule(`matches: [{ path: { value: /a } }], filters: [${replacing}], ${to}`)],
    ['HTTPRoute', ofRule(`filters: [${replacing}], ${to}`)],
    ['HTTPRoute', ofRule(`filters: [${redirecting}]`)],
    ['HTTPRoute', ofPath('type: RegularExpression, value: "a//b"')],
    ['HTTPRoute', `{ ${parents}, hostnames: ["*.a.com", b.com], rules: [{ ${to} }] }`],
    ['HTTPRoute', ofRule('backendRefs: [{ group: networking.istio.io, kind: Hostname, name: a.com, port: 80 }]')],
    ['HTTPRoute', ofRule(`${to}, timeouts: { request: 0s, backendRequest: 5s }`)],
    ['HTTPRoute', ofRule(`matches: [${many(64, '{ method: GET }')}], ${to}`)],
    ['GRPCRoute', ofRule(`matches: [{ method: { service: a.B } }], filters: [${setting}], ${to}`)],
    ['TCPRoute', ofRule(to)],
  ])('%s %s', (kind, spec) => {
    expect(refused(spec, kind)).toEqual([]);
  });
});

const cases: readonly Refused[] = [
  [`{ ${parents}, hostnames: ["*"], rules: [{ ${to} }] }`, 'L-06', 'hostnames.0'],
  [`{ ${parents}, hostnames: [A.com], rules: [{ ${to} }] }`, 'L-06', 'hostnames.0'],
  ['{ parentRefs: [{ port: 80 }] }', 'L-06', 'parentRefs.0'],
  ['{ parentRefs: [{ name: a }, { name: a }] }', 'L-06', 'parentRefs.1'],
  ['{ parentRefs: [{ name: a, port: 80 }, { name: a }] }', 'L-06', 'parentRefs.1'],
  ['{ parentRefs: [{ name: a, sectionName: b, port: 80 }, { name: a, port: 81 }] }', 'L-06', 'parentRefs.1'],
  [`{ ${parents}, rules: [${many(17, `{ ${to} }`)}] }`, 'L-06', 'rules'],
  [`{ ${parents}, rules: [${many(3, `{ matches: [${many(43, '{ method: GET }')}] }`)}] }`, 'L-06', 'rules'],
  [ofRule(`matches: [${many(65, '{ method: GET }')}]`), 'L-06', 'rules.0.matches'],
  [ofPath('value: a'), 'L-06', 'rules.0.matches.0.path.value'],
  [ofPath('value: /a//b'), 'L-06', 'rules.0.matches.0.path.value'],
  [ofPath('type: Exact, value: /a/..'), 'L-06', 'rules.0.matches.0.path.value'],
  [ofPath('value: "/a b"'), 'L-06', 'rules.0.matches.0.path.value'],
  [ofPath('type: Prefix, value: /a'), 'L-06', 'rules.0.matches.0.path.type'],
  [ofRule('matches: [{ method: get }]'), 'L-06', 'rules.0.matches.0.method'],
  [
    ofRule('matches: [{ headers: [{ name: a, value: b }, { name: a, value: c }] }]'),
    'L-06',
    'rules.0.matches.0.headers.1',
  ],
  [
    ofRule('matches: [{ queryParams: [{ type: Prefix, name: a, value: b }] }]'),
    'L-06',
    'rules.0.matches.0.queryParams.0.type',
  ],
  [ofFilters(`${setting}, ${setting}`), 'L-06', 'rules.0.filters.1'],
  [ofFilters(`${redirecting}, ${replacing}`), 'L-06', 'rules.0.filters'],
  [ofFilters('{ type: URLRewrite }'), 'L-06', 'rules.0.filters.0'],
  [ofFilters('{ type: Rewrite }'), 'L-06', 'rules.0.filters.0.type'],
  [
    ofFilters('{ type: URLRewrite, urlRewrite: { path: { type: ReplaceFullPath } } }'),
    'L-06',
    'rules.0.filters.0.urlRewrite.path',
  ],
  [
    ofFilters('{ type: RequestMirror, requestMirror: { backendRef: { name: web } } }'),
    'L-06',
    'rules.0.filters.0.requestMirror.backendRef',
  ],
  [ofRule(`filters: [${redirecting}], ${to}`), 'L-06', 'rules.0.backendRefs'],
  [ofRule(`matches: [{ path: { type: Exact, value: /a } }], filters: [${replacing}]`), 'L-06', 'rules.0.matches'],
  [
    ofRule(`matches: [{ path: { value: /a } }, { path: { value: /b } }], filters: [${replacing}]`),
    'L-06',
    'rules.0.matches',
  ],
  [ofRule('backendRefs: [{ name: web }]'), 'L-06', 'rules.0.backendRefs.0'],
  [ofRule('backendRefs: [{ port: 80 }]'), 'L-06', 'rules.0.backendRefs.0'],
  [ofRule('backendRefs: [{ name: "", port: 80 }]'), 'L-06', 'rules.0.backendRefs.0.name'],
  [ofRule('matches: [{ headers: [{ value: b }] }]'), 'L-06', 'rules.0.matches.0.headers.0'],
  [ofRule('matches: [{ headers: [{ name: a, value: y }] }]'), 'L-06', 'rules.0.matches.0.headers.0.value'],
  [ofRule('matches: [{ queryParams: [{ name: a }] }]'), 'L-06', 'rules.0.matches.0.queryParams.0'],
  [ofRule('backendRefs: [{ name: web, port: 80, weight: -1 }]'), 'L-06', 'rules.0.backendRefs.0.weight'],
  [ofRule(`${to}, timeouts: { request: 1s, backendRequest: 2s }`), 'L-06', 'rules.0.timeouts.backendRequest'],
  [ofRule(`${to}, timeouts: { request: 1.5s }`), 'L-06', 'rules.0.timeouts.request'],
  [`{ parentRefs: [{ name: a, namespace: a.b }], rules: [{ ${to} }] }`, 'L-06', 'parentRefs.0.namespace'],
  [
    ofFilters(
      '{ type: RequestMirror, requestMirror: { backendRef: { name: a, port: 80 }, fraction: { numerator: 101 } } }',
    ),
    'L-06',
    'rules.0.filters.0.requestMirror.fraction',
  ],
  [
    ofFilters('{ type: CORS, cors: { allowOrigins: ["*", "https://a.com"] } }'),
    'L-06',
    'rules.0.filters.0.cors.allowOrigins',
  ],
];

describe('a route that the API server refuses', () => {
  it.each(cases)('HTTPRoute %s (%s)', (spec, law, place) => {
    expect(refused(spec)).toEqual([`${law} ${place}`]);
  });

  it.each<Refused>([
    [ofRule('matches: [{ method: {} }]'), 'L-07', 'rules.0.matches.0.method'],
    [ofRule('matches: [{ method: { service: a.b-c } }]'), 'L-07', 'rules.0.matches.0.method.service'],
    [ofRule('matches: [{ method: { method: get.it } }]'), 'L-07', 'rules.0.matches.0.method.method'],
    [ofFilters(`${setting}, ${setting}`), 'L-07', 'rules.0.filters.1'],
    [ofFilters(redirecting), 'L-07', 'rules.0.filters.0.type'],
    [
      ofRule(`backendRefs: [{ name: web, port: 80, filters: [${setting}, ${setting}] }]`),
      'L-07',
      'rules.0.backendRefs.0.filters.1',
    ],
  ])('GRPCRoute %s (%s)', (spec, law, place) => {
    expect(refused(spec, 'GRPCRoute')).toEqual([`${law} ${place}`]);
  });

  it('refuses a Service without a port in each kind', () => {
    for (const kind of ['GRPCRoute', 'TLSRoute', 'TCPRoute']) {
      const rule = ofRule('backendRefs: [{ name: web }]');
      const spec = kind === 'TLSRoute' ? rule.replace('{', '{ hostnames: [a.com],') : rule;
      expect(refused(spec, kind)).toEqual(['L-07 rules.0.backendRefs.0']);
    }
  });
});

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const backend = fc.record({
  name: fc.constantFrom('web', 'web', 'web', '', undefined),
  port: fc.constantFrom(80, 80, 80, 0, undefined),
  weight: fc.constantFrom(undefined, 0, 1_000_001),
});
const modifier = fc.constantFrom<object>(
  { type: 'ReplaceFullPath', replaceFullPath: '/' },
  { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' },
  { type: 'ReplacePrefixMatch', replaceFullPath: '/' },
);
const filter = fc.oneof(
  fc.constantFrom<object>(
    { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['a'] } },
    { type: 'RequestHeaderModifier' },
    { type: 'ResponseHeaderModifier', requestHeaderModifier: { remove: ['a'] } },
    { type: 'RequestRedirect', requestRedirect: { hostname: 'a.com' } },
  ),
  modifier.map((path) => ({ type: 'URLRewrite', urlRewrite: { path } })),
  modifier.map((path) => ({ type: 'RequestRedirect', requestRedirect: { path } })),
  backend.map(({ name, port }) => ({ type: 'RequestMirror', requestMirror: { backendRef: { name, port } } })),
);
const match = fc.record({
  path: maybe(
    fc.record({
      type: fc.constantFrom('Exact', 'PathPrefix', 'RegularExpression', undefined),
      value: fc.constantFrom('/', '/a', 'a', '/a//b', '/a/.', '/a%2Fb', '/a%41', '/a b', '/ü', '/a/../b', '/.a', '/#'),
    }),
  ),
  method: fc.constantFrom('GET', 'get', undefined),
  headers: maybe(
    fc.array(
      fc.constantFrom<object>(
        ...[
          { name: 'a', value: 'b' },
          { name: 'A', value: 'b' },
          { name: 'a', value: 'c' },
        ],
        ...[{ name: 'a' }, { value: 'b' }, { name: 'b', value: true }],
      ),
      { maxLength: 2 },
    ),
  ),
});
const route = fc.record({
  parentRefs: fc.uniqueArray(
    fc.constantFrom<object>(
      ...[{ name: 'a' }, { name: 'a', port: 80 }, { name: 'b' }, { name: 'b', namespace: 'shop' }, { port: 80 }],
      ...[
        { name: 'a', sectionName: 'http' },
        { name: 'a', sectionName: 'http', port: 80 },
      ],
    ),
    { minLength: 1, maxLength: 2 },
  ),
  hostnames: maybe(fc.array(fc.constantFrom('a.com', '*.a.com', '*', 'A.com', '1.2', 'a..b', '-a'), { maxLength: 1 })),
  rules: fc.array(
    fc.record({
      matches: maybe(fc.array(match, { maxLength: 2 })),
      filters: maybe(fc.array(filter, { maxLength: 2 })),
      backendRefs: maybe(fc.array(backend, { maxLength: 2 })),
      timeouts: maybe(
        fc.record({
          request: fc.constantFrom('1s', '0s', '1m', undefined),
          backendRequest: fc.constantFrom('2s', '500ms'),
        }),
      ),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

describeWithShared('an HTTPRoute, asked of the schemas of the API server', () => {
  it('is refused here where it is refused there', () => {
    fc.assert(
      fc.property(
        route,
        fc.constantFrom<Bundle>('istio-1.29+gateway-1.4', 'istio-1.31+gateway-1.6'),
        (spec, bundle) => {
          const written = JSON.parse(JSON.stringify(spec));
          const object = {
            apiVersion: `${group}/v1`,
            kind: 'HTTPRoute',
            metadata: { name: 'it', namespace: 'shop' },
            spec: written,
          };
          const faults = admit(object, bundle);
          const found = refused(JSON.stringify(written));
          expect({ isRefused: found.length > 0, found, faults }).toEqual({
            isRefused: faults.length > 0,
            found,
            faults,
          });
        },
      ),
      { numRuns: 600 },
    );
  });
});
