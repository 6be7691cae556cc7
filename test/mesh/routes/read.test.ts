import { describe, expect, it } from 'vitest';
import type { Route, RouteRule } from '../../../src/mesh/routes/route.js';
import type { IstioVersion } from '../../../src/parse/mesh.js';
import { meshOf, threeNamespaces } from '../support/mesh.js';

/** A route of one kind in namespace `side`, as it is read from a cluster; `spec` is a flow mapping. */
function routeOf(kind: string, spec: string, name = 'route'): string {
  const group = kind === 'VirtualService' ? 'networking.istio.io/v1' : 'gateway.networking.k8s.io/v1';
  return `---\napiVersion: ${group}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: side, uid: read }\nspec: ${spec}\n`;
}

function read(text: string, version: IstioVersion = '1.29', flags: Readonly<Record<string, boolean>> = {}) {
  const mesh = meshOf(threeNamespaces + text, { version, flags }).clusters.get('east');
  return { routes: mesh?.routes ?? [], unread: (mesh?.unreadRoutes ?? []).map(({ why }) => why) };
}

function onlyRoute(text: string, version?: IstioVersion): Route {
  const { routes, unread } = read(text, version);
  expect(unread).toEqual([]);
  const [route, ...others] = routes;
  if (route === undefined || others.length > 0) throw new Error(`${routes.length} routes`);
  return route;
}

function onlyRule(route: Route): RouteRule {
  const [rule, ...others] = route.http;
  if (rule === undefined || others.length > 0) throw new Error(`${route.http.length} rules`);
  return rule;
}

const virtualService = (rule: string) =>
  onlyRule(onlyRoute(routeOf('VirtualService', `{ hosts: [server], http: [${rule}] }`)));
const parent = 'parentRefs: [{ group: "", kind: Service, name: server }]';
const httpRoute = (rule: string, version?: IstioVersion) =>
  onlyRule(onlyRoute(routeOf('HTTPRoute', `{ ${parent}, rules: [${rule}] }`), version));
const to = 'backendRefs: [{ name: server, port: 80 }]';
const toServer = 'route: [{ destination: { host: server } }]';

describe('what paths mean to each API (T-90)', () => {
  it('a VirtualService compares a prefix as text', () => {
    const [match] = virtualService(`{ match: [{ uri: { prefix: /v1/ }, ignoreUriCase: true }], ${toServer} }`).matches;
    expect(match?.path).toEqual({ kind: 'prefix', value: '/v1/', ignoreCase: true });
  });

  it.each([
    ['PathPrefix', '/v1', { kind: 'elements', value: '/v1', ignoreCase: false }],
    ['PathPrefix', '/v1/', { kind: 'elements', value: '/v1', ignoreCase: false }],
    ['PathPrefix', '/', { kind: 'prefix', value: '/', ignoreCase: false }],
    ['Exact', '/v1', { kind: 'exact', value: '/v1', ignoreCase: false }],
    ['RegularExpression', '/v.*', { kind: 'regex', value: '/v.*', ignoreCase: false }],
  ])('an HTTPRoute’s %s %s', (type, value, expected) => {
    const [match] = httpRoute(`{ matches: [{ path: { type: ${type}, value: ${value} } }], ${to} }`).matches;
    expect(match?.path).toEqual(expected);
  });

  it('an HTTPRoute without a match is for every path', () => {
    expect(httpRoute(`{ ${to} }`).matches[0]?.path).toEqual({ kind: 'prefix', value: '/', ignoreCase: false });
  });

  it.each([
    ['{ service: shop.Cart, method: Add }', { kind: 'exact', value: '/shop.Cart/Add' }],
    ['{ service: shop.Cart }', { kind: 'elements', value: '/shop.Cart' }],
    ['{ method: Add }', { kind: 'regex', value: '/[^/]+/Add' }],
    ['{ type: RegularExpression, service: "shop.*" }', { kind: 'regex', value: '/shop.*/.+' }],
  ])('T-53 a GRPCRoute’s method %s is a path', (method, expected) => {
    const route = onlyRoute(
      routeOf('GRPCRoute', `{ ${parent}, rules: [{ matches: [{ method: ${method} }], ${to} }] }`),
    );
    expect(onlyRule(route).matches[0]?.path).toEqual({ ...expected, ignoreCase: false });
  });
});

describe('what a match asks', () => {
  it('of headers, methods and queries', () => {
    const [match] = virtualService(
      `{ match: [{ method: { exact: GET }, headers: { X-User: { exact: a }, x-any: {}, x-star: { regex: "*" } }, withoutHeaders: { x-no: { prefix: b } }, queryParams: { q: { regex: "1|2" } } }], ${toServer} }`,
    ).matches;
    expect(match?.method).toEqual({ kind: 'exact', value: 'GET' });
    expect(match?.headers).toEqual([
      { name: 'x-user', match: { kind: 'exact', value: 'a' }, negated: false },
      { name: 'x-any', match: { kind: 'present' }, negated: false },
      { name: 'x-star', match: { kind: 'present' }, negated: false },
      { name: 'x-no', match: { kind: 'prefix', value: 'b' }, negated: true },
    ]);
    expect(match?.query).toEqual([{ name: 'q', match: { kind: 'regex', value: '1|2' }, negated: false }]);
  });

  it('T-14 of a token’s claims, which is a doubt', () => {
    const [match] = virtualService(
      `{ match: [{ headers: { "@request.auth.claims.group": { exact: a } } }], ${toServer} }`,
    ).matches;
    expect(match?.headers).toEqual([]);
    expect(match?.doubt).toContain('claims');
  });

  it('T-15 of the port: by its match, or by the port of its parent', () => {
    const ports = (text: string) => onlyRule(onlyRoute(text)).matches.map(({ proxy }) => proxy.port);
    expect(
      ports(routeOf('VirtualService', `{ hosts: [server], http: [{ match: [{ port: 80 }], ${toServer} }] }`)),
    ).toEqual([80]);
    const withPort = parent.replace('}]', ', port: 80 }]');
    expect(ports(routeOf('HTTPRoute', `{ ${withPort}, rules: [{ ${to} }] }`))).toEqual([80]);
    expect(ports(routeOf('GRPCRoute', `{ ${withPort}, rules: [{ ${to} }] }`))).toEqual([80]);
  });
});

describe('where a rule leads', () => {
  const forward = ({ result }: RouteRule) => (result.kind === 'forward' ? result.destinations : []);

  it('T-20 by weight; of one destination the weight does not count', () => {
    const several =
      '{ route: [{ destination: { host: server, subset: v1 }, weight: 90 }, { destination: { host: other.amb.svc.cluster.local, port: { number: 81 } }, weight: 10 }, { destination: { host: server } }] }';
    expect(
      forward(virtualService(several)).map(({ host, subset, port, weight }) => [host, subset, port, weight]),
    ).toEqual([
      ['server.side.svc.cluster.local', 'v1', undefined, 90],
      ['other.amb.svc.cluster.local', undefined, 81, 10],
    ]);
    expect(forward(virtualService('{ route: [{ destination: { host: server }, weight: 0 }] }'))).toHaveLength(1);
  });

  it('a host with a dot is no short name', () => {
    expect(
      forward(virtualService('{ route: [{ destination: { host: server.side } }] }')).map(({ host }) => host),
    ).toEqual(['server.side']);
  });

  it('a missing backend answers 503 to a VirtualService and 500 to an HTTPRoute (T-91)', () => {
    expect(forward(virtualService(`{ ${toServer} }`)).map(({ statusIfMissing }) => statusIfMissing)).toEqual([503]);
    expect(forward(httpRoute(`{ ${to} }`)).map(({ statusIfMissing }) => statusIfMissing)).toEqual([500]);
  });

  it('T-26 without a backend the answer is 500, and 404 in 1.30', () => {
    const answer = (rule: string, version: IstioVersion) => {
      const { result } = httpRoute(rule, version);
      return result.kind === 'answer' ? result.status : result.kind;
    };
    expect(answer('{ matches: [{ path: { value: / } }] }', '1.29')).toBe(500);
    expect(answer('{ matches: [{ path: { value: / } }] }', '1.30')).toBe(404);
    expect(answer('{ matches: [{ path: { value: / } }] }', '1.31')).toBe(500);
    expect(answer('{ backendRefs: [{ name: server, port: 80, weight: 0 }] }', '1.30')).toBe(500);
  });

  it('a redirect, a direct answer and an abort', () => {
    const redirect = '{ redirect: { authority: new.example, uri: /new, redirectCode: 307 } }';
    expect(virtualService(redirect).result).toMatchObject({
      kind: 'redirect',
      status: 307,
      to: { host: 'new.example' },
    });
    expect(virtualService('{ directResponse: { status: 410 } }').result).toMatchObject({ kind: 'answer', status: 410 });
    expect(
      virtualService(`{ fault: { abort: { httpStatus: 403, percentage: { value: 25 } } }, ${toServer} }`).abort,
    ).toMatchObject({ percent: 25, status: 403 });
    expect(virtualService(`{ fault: { abort: { httpStatus: 403 } }, ${toServer} }`).abort).toBeUndefined();
    expect(
      httpRoute('{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }] }').result,
    ).toMatchObject({ kind: 'redirect', status: 302 });
  });

  it('T-24 a host, a Service of other clusters, and what Istio does not know', () => {
    const backend = (written: string) =>
      forward(httpRoute(`{ backendRefs: [${written}] }`)).map(({ host, fault }) => fault ?? host);
    expect(backend('{ group: networking.istio.io, kind: Hostname, name: api.example, port: 443 }')).toEqual([
      'api.example',
    ]);
    expect(backend('{ group: multicluster.x-k8s.io, kind: ServiceImport, name: server, port: 80 }')).toEqual([
      'server.side.svc.cluster.local',
    ]);
    expect(backend('{ group: example.com, kind: Bucket, name: b }')[0]).toContain('no backend of group `example.com`');
  });

  it('an InferencePool is not modelled where its flag is set, and a backend that nobody knows where it is not', () => {
    const text = '{ backendRefs: [{ group: inference.networking.k8s.io, kind: InferencePool, name: p }] }';
    const written = routeOf('HTTPRoute', `{ ${parent}, rules: [${text}] }`);
    const { routes } = read(written, '1.29', { ENABLE_GATEWAY_API_INFERENCE_EXTENSION: true });
    expect(routes[0]?.http[0]?.result.kind).toBe('not-modelled');
    expect(forward(httpRoute(text))[0]).toMatchObject({
      fault: 'Istio knows InferencePools only with `ENABLE_GATEWAY_API_INFERENCE_EXTENSION`',
      statusIfMissing: 500,
    });
  });
});

describe('what becomes of a request', () => {
  const changes = ({ result }: RouteRule) =>
    result.kind === 'forward' ? result.destinations.map((each) => each.changes) : [];
  const rewritten = (rewrite: string) => changes(virtualService(`{ rewrite: ${rewrite}, ${toServer} }`))[0];
  const replaced = (path: string) =>
    changes(httpRoute(`{ filters: [{ type: URLRewrite, urlRewrite: ${path} }], ${to} }`))[0];

  it.each([
    ['{ uri: /new }', { kind: 'prefix', value: '/new' }],
    ['{ uri: / }', { kind: 'prefix', value: '/' }],
  ])('a VirtualService replaces what its match named: %s', (rewrite, path) =>
    expect(rewritten(rewrite)?.path).toEqual(path),
  );

  it.each([
    ['{ path: { type: ReplacePrefixMatch, replacePrefixMatch: /new/ } }', { kind: 'prefix', value: '/new' }],
    ['{ path: { type: ReplacePrefixMatch, replacePrefixMatch: / } }', { kind: 'strip' }],
    ['{ path: { type: ReplaceFullPath, replaceFullPath: /all } }', { kind: 'whole', value: '/all' }],
  ])('an HTTPRoute replaces the prefix, or all: %s', (path, expected) =>
    expect(replaced(path)?.path).toEqual(expected),
  );

  it('a rewrite by a regular expression is not modelled', () => {
    expect(rewritten('{ uriRegexRewrite: { match: "/(.*)", rewrite: "/x/\\\\1" } }')?.path?.kind).toBe('not-modelled');
  });

  it('of a rule and its only destination: first what is removed, then the rule’s own', () => {
    const [only] = changes(
      virtualService(
        '{ headers: { request: { set: { a: rule }, remove: [X-Old] } }, route: [{ destination: { host: server }, headers: { request: { set: { a: own }, remove: [x-own] } } }] }',
      ),
    );
    expect(only?.headers).toEqual([
      { remove: ['x-old', 'x-own'], set: { a: 'rule' }, add: {} },
      { remove: [], set: { a: 'own' }, add: {} },
    ]);
  });

  it('of a rule and one of several destinations: the destination’s first', () => {
    const [first] = changes(
      virtualService(
        '{ headers: { request: { set: { a: rule } } }, route: [{ destination: { host: server }, weight: 1, headers: { request: { set: { a: own } } } }, { destination: { host: server }, weight: 1 }] }',
      ),
    );
    expect(first?.headers.map(({ set }) => set)).toEqual([{ a: 'own' }, { a: 'rule' }]);
  });

  it('T-31 the host is set by a rewrite before headers, and by the rule before the destination', () => {
    const host = (rule: string) => changes(virtualService(rule))[0]?.host;
    expect(
      host(`{ rewrite: { authority: a.example }, headers: { request: { set: { Host: b.example } } }, ${toServer} }`),
    ).toBe('a.example');
    expect(host(`{ headers: { request: { set: { ":authority": b.example } } }, ${toServer} }`)).toBe('b.example');
    expect(
      host('{ route: [{ destination: { host: server }, headers: { request: { set: { host: c.example } } } }] }'),
    ).toBe('c.example');
  });

  it('T-31 of a header that an HTTPRoute names twice the first counts', () => {
    const filter =
      '{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: X-A, value: one }, { name: x-a, value: two }] } }';
    expect(changes(httpRoute(`{ filters: [${filter}], ${to} }`))[0]?.headers).toEqual([
      { remove: [], set: { 'x-a': 'one' }, add: {} },
    ]);
  });

  it('mirrors with their shares', () => {
    const mirrors = (rule: string) => virtualService(rule).mirrors.map(({ host, percent }) => [host, percent]);
    expect(mirrors(`{ mirror: { host: copy }, ${toServer} }`)).toEqual([['copy.side.svc.cluster.local', 100]]);
    expect(
      mirrors(
        `{ mirrors: [{ destination: { host: copy }, percentage: { value: 5 } }, { destination: { host: off }, percentage: {} }], ${toServer} }`,
      ),
    ).toEqual([['copy.side.svc.cluster.local', 5]]);
  });
});

describe('whom a route is for', () => {
  it('a VirtualService without gateways for the mesh, else for those that it names', () => {
    const attached = (gateways: string) =>
      onlyRoute(routeOf('VirtualService', `{ hosts: [server], ${gateways} http: [{ ${toServer} }] }`)).attachments.map(
        (attachment) => (attachment.kind === 'mesh' ? 'mesh' : `${attachment.api} ${attachment.gateway}`),
      );
    expect(attached('')).toEqual(['mesh']);
    expect(attached('gateways: [mesh, public, ./own, edge/other, old.edge.svc.cluster.local],')).toEqual([
      'mesh',
      'istio side/public',
      'istio side/own',
      'istio edge/other',
      'istio edge/old',
    ]);
  });

  it('T-16 a route of the Gateway API for the host of its parent, whatever hosts it names', () => {
    const route = onlyRoute(routeOf('HTTPRoute', `{ ${parent}, hostnames: [shop.example], rules: [{ ${to} }] }`));
    expect(route.hosts).toEqual(['server.side.svc.cluster.local']);
  });

  it('at gateways for its own hosts, or for all', () => {
    const route = (more: string) =>
      onlyRoute(
        routeOf(
          'HTTPRoute',
          `{ parentRefs: [{ name: public, namespace: edge, sectionName: web }], ${more} rules: [{ ${to} }] }`,
        ),
      );
    expect(route('hostnames: [Shop.example],').hosts).toEqual(['shop.example']);
    expect(route('').hosts).toEqual(['*']);
    expect(route('').attachments).toMatchObject([{ kind: 'gateway', gateway: 'edge/public', section: 'web' }]);
  });

  it.each([
    [
      'T-17 a parent without the empty group',
      'parentRefs: [{ kind: Service, name: server }]',
      'no parent of group `gateway.networking.k8s.io` and kind `Service`',
    ],
    [
      'T-18 a parent that does not exist',
      'parentRefs: [{ group: "", kind: Service, name: gone }]',
      'there is no Service `side/gone`',
    ],
  ])('%s is passed over', (_, parents, why) => {
    const { routes, unread } = read(routeOf('HTTPRoute', `{ ${parents}, rules: [{ ${to} }] }`));
    expect(routes).toEqual([]);
    expect(unread.join()).toContain(why);
  });

  it.each([
    ['T-30 a filter that Istio does not know', `filters: [{ type: ExtensionRef }], ${to}`],
    ['T-30 a rewrite for one backend', 'backendRefs: [{ name: server, port: 80, filters: [{ type: URLRewrite }] }]'],
    ['T-24 a backend without a port', 'backendRefs: [{ name: server }]'],
    ['T-24 a backend that is named by its host', 'backendRefs: [{ name: server.side, port: 80 }]'],
  ])('%s drops the whole route', (_, rule) => {
    const { routes, unread } = read(routeOf('HTTPRoute', `{ ${parent}, rules: [{ ${to} }, { ${rule} }] }`));
    expect(routes).toEqual([]);
    expect(unread).toHaveLength(1);
  });

  it.each([
    ['T-50', 'TCPRoute', '1.30'],
    ['T-52', 'TLSRoute', '1.29'],
  ] as const)('%s a %s is read in %s only with a flag', (_, kind, version) => {
    const text = routeOf(kind, `{ ${parent}, rules: [{ backendRefs: [{ name: server, port: 81 }] }] }`);
    expect(read(text, version).routes).toEqual([]);
    expect(read(text, version).unread.join()).toContain('PILOT_ENABLE_ALPHA_GATEWAY_API');
    expect(read(text, version, { PILOT_ENABLE_ALPHA_GATEWAY_API: true }).routes).toHaveLength(1);
    expect(read(text, '1.31').routes).toHaveLength(1);
  });

  it('T-52 a TLSRoute without hosts is for the host of its parent', () => {
    const text = routeOf('TLSRoute', `{ ${parent}, rules: [{ backendRefs: [{ name: server, port: 81 }] }] }`);
    const [rule] = onlyRoute(text, '1.31').tls;
    expect(rule?.matches.map(({ serverNames }) => serverNames)).toEqual([['server.side.svc.cluster.local']]);
  });

  it('a VirtualService without hosts is for nobody', () => {
    expect(read(routeOf('VirtualService', `{ http: [{ ${toServer} }] }`)).routes).toEqual([]);
  });
});

describe('§9.4 to whom a VirtualService is exported that does not say, and one that istiod makes of an HTTPRoute', () => {
  const text = routeOf('VirtualService', `{ hosts: [server], http: [{ ${toServer} }] }`);
  const made = routeOf('HTTPRoute', `{ ${parent}, rules: [{}] }`);
  it.each([
    [[], ['*']],
    [['*'], ['*']],
    [['.'], ['.']],
    [['elsewhere'], ['~']],
  ])('by %j', (defaultVirtualServiceExportTo, expected) => {
    const mesh = meshOf(threeNamespaces + text + made, { defaultVirtualServiceExportTo }).clusters.get('east');
    expect(mesh?.routes.map(({ exportTo }) => exportTo)).toEqual([expected, expected]);
  });
});

describe('T-25 backends in another namespace', () => {
  const gateway = 'parentRefs: [{ name: public, namespace: edge }]';
  const far = 'rules: [{ backendRefs: [{ name: server, namespace: amb, port: 80 }] }]';
  const grant = (kind: string) => `---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: in, namespace: amb }
spec: { from: [{ group: gateway.networking.k8s.io, kind: ${kind}, namespace: side }], to: [{ group: "", kind: Service }] }
`;
  const fault = (text: string) => {
    const { result } = onlyRule(onlyRoute(text));
    return result.kind === 'forward' ? result.destinations[0]?.fault : result.kind;
  };

  it('need a grant at a gateway, for the kind of route', () => {
    const route = routeOf('HTTPRoute', `{ ${gateway}, ${far} }`);
    expect(fault(route)).toContain('no ReferenceGrant of namespace `amb`');
    expect(fault(route + grant('GRPCRoute'))).toContain('no ReferenceGrant');
    expect(fault(route + grant('HTTPRoute'))).toBeUndefined();
  });

  it('need none in the mesh', () => {
    expect(fault(routeOf('HTTPRoute', `{ ${parent}, ${far} }`))).toBeUndefined();
  });
});
