import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { totalOf } from '../../src/adopt/fates.js';
import { handOver } from '../../src/adopt/hand-over.js';
import { isProved } from '../../src/adopt/import-objects.js';
import { keyOfObject } from '../../src/adopt/policies.js';
import type { Source } from '../../src/parse/parse-sources.js';
import { describeWithShared, sharedDirectory } from '../support/shared.js';
import { bookshopWith, importFrom, rulesIn, textsOf } from './adopting.js';

const subsets = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: bookshop }
spec:
  host: reviews
  subsets:
    - { name: stable, labels: { version: v1 } }
    - { name: next, labels: { version: v2 } }
`;

function routes(http: string, name = 'reviews'): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: bookshop }
spec:
  hosts: [${name}]
  http: ${http}
`;
}

function imported(...texts: readonly string[]) {
  const sources = bookshopWith(texts.join('---\n'));
  const result = importFrom(sources);
  expect(isProved(result.round)).toBe(true);
  const { said, merged, dead, left } = totalOf(result.fates);
  expect(said + merged + dead + left).toBe(rulesIn(sources));
  const because = result.fates.flatMap((fate) => fate.because ?? []);
  return { text: textsOf(result)['bookshop.yaml'] ?? '', said, dead, left, because };
}

const toSubset = (subset: string, weight?: number) =>
  `{ destination: { host: reviews, subset: ${subset} }${weight === undefined ? '' : `, weight: ${weight}`} }`;

describe('routes of a Service', () => {
  it('become a split with the versions that it names', () => {
    const { text, said } = imported(
      subsets,
      routes(`[{ route: [${toSubset('stable', 90)}, ${toSubset('next', 10)}], timeout: 3s }]`),
    );
    expect(said).toBe(2);
    expect(text).toContain('split: { stable: 90, next: 10 }');
    expect(text).toContain('stable: { labels: { version: v1 } }');
    expect(text).toContain('timeout: 3s');
  });

  it('are told one by one where they choose', () => {
    const tester = `{ match: [{ headers: { x-tester: { exact: anna } }, uri: { prefix: /books/ } }], route: [${toSubset('next')}] }`;
    const rest = `{ route: [${toSubset('stable')}], retries: { attempts: 2, retryOn: "connect-failure,unavailable" } }`;
    const { text, left } = imported(subsets, routes(`[${tester}, ${rest}]`));
    expect(left).toBe(0);
    expect(text).toContain('match: [{ paths: [/books/*], headers: { x-tester: [anna] } }]');
    expect(text).toContain('retries: { attempts: 2, retryOn: [connect-failure, unavailable] }');
  });

  it('are left out where they say what happens anyway', () => {
    const { text, dead, because } = imported(routes('[{ route: [{ destination: { host: catalog } }] }]', 'catalog'));
    expect({ text, dead, because }).toEqual({ text: '', dead: 1, because: ['it says what happens anyway'] });
  });

  it.each([
    [
      '{ fault: { abort: { grpcStatus: UNAVAILABLE, percentage: { value: 1 } } }, route: [{ destination: { host: catalog } }] }',
      '`grpcStatus` of a fault is not imported',
    ],
    [
      '{ match: [{ sourceLabels: { app: storefront } }], route: [{ destination: { host: catalog } }] }',
      '`sourceLabels` in a match is not imported',
    ],
    [
      '{ route: [{ destination: { host: api.example.com } }] }',
      '`api.example.com` is no Service and no host among the manifests',
    ],
  ])('stay where nothing says them: %s', (rule, why) => {
    expect(imported(routes(`[${rule}]`, 'catalog'))).toMatchObject({ left: 1, because: [why] });
  });

  it('are left out where no request comes to them, with the versions that nothing else leads to', () => {
    const to = (version: string) => `route: [{ destination: { host: reviews, subset: ${version} } }]`;
    const http = [
      `{ match: [{ uri: { prefix: /books } }], ${to('stable')} }`,
      `{ match: [{ uri: { prefix: /books/new } }], ${to('next')} }`,
      `{ ${to('stable')} }`,
      `{ match: [{ uri: { prefix: /beta } }], ${to('next')} }`,
    ];
    const result = importFrom(bookshopWith([subsets, routes(`[${http.join(', ')}]`)].join('---\n')));
    expect(isProved(result.round)).toBe(true);
    expect(totalOf(result.fates)).toEqual({ said: 3, merged: 0, dead: 2, left: 0 });
    expect(result.fates.flatMap(({ deadRules }) => deadRules)).toEqual([
      'no request comes to route `books-new`: what stands before it takes them all',
      'no request comes to route `beta`: what stands before it takes them all',
    ]);
    const text = textsOf(result)['bookshop.yaml'];
    expect(text).toContain(
      '    - name: books\n      match: [{ paths: [/books*] }]\n      to: [{ version: stable }]\n    - name: rest\n',
    );
    expect(text).not.toContain('next:');
  });

  it('say what becomes of requests on the way, and answers that nobody gives', () => {
    const [slow, copied, moved, gone] = [
      '{ match: [{ uri: { prefix: /slow/ } }], fault: { delay: { fixedDelay: 2s, percentage: { value: 5 } } }, route: [{ destination: { host: catalog } }] }',
      '{ match: [{ uri: { prefix: /copied/ }, withoutHeaders: { x-own: {} } }], mirror: { host: reviews }, mirrorPercentage: { value: 10 }, headers: { request: { set: { x-from: shop } } }, route: [{ destination: { host: catalog } }] }',
      '{ match: [{ uri: { exact: /old } }], redirect: { uri: /new } }',
      '{ match: [{ uri: { exact: /gone } }], directResponse: { status: 410, body: { string: gone } } }',
    ];
    const cors =
      '{ corsPolicy: { allowOrigins: [{ exact: "https://a.example" }], allowMethods: [GET], maxAge: 1m }, route: [{ destination: { host: catalog } }] }';
    const { text, left } = imported(routes(`[${[slow, copied, moved, gone, cors].join(', ')}]`, 'catalog'));
    expect(left).toBe(0);
    expect(text).toContain('faults: [{ name: delay, delay: 2s, percent: 5 }]');
    expect(text).toContain('mirror: [{ service: reviews, percent: 10 }]');
    expect(text).toContain('headers: { request: { set: { x-from: shop } } }');
    expect(text).toContain('redirect: { status: 301, path: /new }');
    expect(text).toContain('respond: { status: 410, body: gone }');
    expect(text).toContain('cors: { origins: [https://a.example], methods: [GET], maxAge: 1m }');
  });
});

/** A DestinationRule of the catalog. */
function rule(policy: string): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: bookshop }
spec:
  host: catalog
  trafficPolicy: ${policy}
`;
}

describe('the way to the pods of a Service', () => {
  it.each([
    [
      '{ loadBalancer: { simple: ROUND_ROBIN, warmupDurationSecs: 1m } }',
      'balance: { algorithm: RoundRobin, warmup: 1m }',
    ],
    [
      '{ loadBalancer: { consistentHash: { httpCookie: { name: user, ttl: 0s } } } }',
      'affinity: { cookie: { name: user, ttl: 0s } }',
    ],
    [
      '{ connectionPool: { tcp: { maxConnections: 9 }, http: { http1MaxPendingRequests: 3 } } }',
      'connections: { maxConnections: 9, maxPending: 3 }',
    ],
    [
      '{ outlierDetection: { consecutive5xxErrors: 7, interval: 5m } }',
      'outliers: { consecutive5xx: 7, interval: 5m }',
    ],
    ['{ loadBalancer: { localityLbSetting: { enabled: false } } }', 'locality: Disabled'],
    [
      '{ portLevelSettings: [{ port: { number: 80 }, connectionPool: { tcp: { maxConnections: 9 } } }] }',
      'connections: { maxConnections: 9 }',
    ],
  ])('is said: %s', (policy, words) => {
    const { text, said } = imported(rule(policy));
    expect(said).toBe(1);
    expect(text).toContain(words);
  });

  it.each([
    ['{ tls: { mode: DISABLE } }', '`tls` with mode DISABLE is not imported'],
    ['{ proxyProtocol: { version: V2 } }', '`proxyProtocol` of a traffic policy is not imported'],
    [
      '{ connectionPool: { tcp: { connectTimeout: 1s } }, portLevelSettings: [{ port: { number: 80 }, connectionPool: { tcp: { maxConnections: 9 } } }] }',
      expect.stringContaining('on the way to `bookshop/catalog` proxies keep to something else'),
    ],
  ])('stays as it is: %s', (policy, why) => {
    expect(imported(rule(policy))).toMatchObject({ left: 1, because: [why] });
  });

  it('is said of the whole and of versions', () => {
    const policy = subsets
      .replace('  subsets:', '  trafficPolicy: { loadBalancer: { simple: RANDOM } }\n  subsets:')
      .replace(
        'labels: { version: v2 } }',
        'labels: { version: v2 }, trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } } }',
      );
    const { text, said } = imported(
      policy,
      routes(`[{ route: [${toSubset('stable', 90)}, ${toSubset('next', 10)}] }]`),
    );
    expect(said).toBe(2);
    expect(text).toContain('balance: { algorithm: Random }');
    expect(text).toContain('next: { labels: { version: v2 }, balance: { algorithm: RoundRobin } }');
  });
});

describe('routes of Gateway API for a Service', () => {
  const route = (rules: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: catalog, namespace: bookshop }
spec:
  parentRefs: [{ group: "", kind: Service, name: catalog }]
  rules: ${rules}
`;
  const backend = '[{ name: catalog, port: 80 }]';

  it('are said in the order in which Gateway API tries them', () => {
    const filters =
      '[{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: x-from, value: shop }] } }, { type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: /list } } }]';
    const rules = [
      `{ timeouts: { request: 3s }, backendRefs: ${backend} }`,
      `{ matches: [{ path: { type: PathPrefix, value: /books } }], filters: ${filters}, backendRefs: ${backend} }`,
      '{ matches: [{ path: { type: Exact, value: /books/old } }], filters: [{ type: RequestRedirect, requestRedirect: { hostname: a.example.com, statusCode: 301 } }] }',
    ];
    const { text, left, because } = imported(route(`[${rules.join(', ')}]`));
    expect({ left, because }).toEqual({ left: 0, because: [] });
    const names = [...text.matchAll(/- name: (.*)/g)].map(([, name]) => name);
    expect(names).toEqual(['books-old', 'books', 'rest']);
    expect(text).toContain('redirect: { host: a.example.com, status: 301 }');
    expect(text).toContain('headers: { request: { set: { x-from: shop } } }');
  });

  it.each([
    [
      `[{ matches: [{ headers: [{ name: x, value: a }] }], filters: [{ type: ExtensionRef, extensionRef: { group: example.com, kind: Filter, name: f } }], backendRefs: ${backend} }]`,
      'filter ExtensionRef is not imported',
    ],
    [
      `[{ filters: [{ type: ExtensionRef }], backendRefs: ${backend} }]`,
      'the cluster would refuse it: filter `ExtensionRef` needs `extensionRef`',
    ],
    ['[{ backendRefs: [{ name: elsewhere, port: 80 }] }]', '`elsewhere` is no Service and no host among the manifests'],
  ])('stay as they are: %s', (rules, why) => {
    expect(imported(route(rules))).toMatchObject({ left: 1, because: [why] });
  });
});

const gateway = `apiVersion: v1
kind: Namespace
metadata: { name: edge }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: entry, namespace: edge }
spec:
  template:
    metadata:
      labels: { istio: entry, sidecar.istio.io/inject: "true" }
      annotations: { inject.istio.io/templates: gateway }
    spec: { serviceAccountName: entry, containers: [{ name: istio-proxy, image: auto }] }
---
apiVersion: v1
kind: Service
metadata: { name: entry, namespace: edge }
spec: { type: LoadBalancer, selector: { istio: entry }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: entry, namespace: edge }
spec:
  selector: { istio: entry }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*.example.com"] }]
`;

describe('routes of a gateway', () => {
  const bound = (hosts: string, http: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: bookshop }
spec:
  hosts: ${hosts}
  gateways: [edge/entry]
  http: ${http}
`;
  const at = (...texts: readonly string[]) => {
    const sources = bookshopWith([gateway, ...texts].join('---\n'));
    const result = importFrom(sources);
    expect(isProved(result.round)).toBe(true);
    const { said, merged, dead, left } = totalOf(result.fates);
    expect(said + merged + dead + left).toBe(rulesIn(sources));
    const { steps } = handOver(result);
    return {
      texts: textsOf(result),
      ...{ said, left },
      because: result.fates.flatMap((fate) => fate.because ?? []),
      steps: steps.map(({ kind, objects }) => [kind, ...objects.map(({ object }) => keyOfObject(object))]),
      gaps: steps.flatMap(({ changes, undecided }) => [...changes, ...undecided]),
    };
  };

  it('are settings of the gateway, beside the versions of the Service to which they lead', () => {
    const api =
      '{ match: [{ uri: { prefix: /api/ } }], rewrite: { uri: / }, timeout: 9s, route: [{ destination: { host: catalog, port: { number: 80 } } }] }';
    const rest = `{ route: [${toSubset('stable', 90)}, ${toSubset('next', 10)}] }`;
    const { texts, said, because } = at(subsets, bound('[shop.example.com]', `[${api}, ${rest}]`));
    expect({ said, because }).toEqual({ said: 3, because: [] });
    expect(texts['edge.yaml']).toContain('scope: { gateway: edge/entry }\n  hosts: [shop.example.com]');
    expect(texts['edge.yaml']).toContain(
      'to: [{ service: bookshop/catalog, port: http }]\n      rewrite: { prefix: / }\n      timeout: 9s',
    );
    expect(texts['edge.yaml']).toContain('{ service: bookshop/reviews, version: stable, weight: 90 }');
    expect(texts['bookshop.yaml']).toContain('stable: { labels: { version: v1 } }');
  });

  const other = gateway
    .slice(gateway.lastIndexOf('apiVersion'))
    .replace('name: entry,', 'name: other,')
    .replace('number: 80', 'number: 8081')
    .replace('"*.example.com"', '"*"');

  it('may be for several gateways, each by its own matches', () => {
    const toCatalog = 'route: [{ destination: { host: catalog } }]';
    const atOther = `{ match: [{ gateways: [edge/other], uri: { prefix: /a/ } }], ${toCatalog} }`;
    const http = `[${atOther}, { match: [{ uri: { prefix: /b/ } }], ${toCatalog} }]`;
    const { texts, because } = at(
      other,
      bound('[shop.example.com]', http).replace('[edge/entry]', '[edge/entry, edge/other]'),
    );
    expect(because).toEqual([]);
    const [first, second] = (texts['edge.yaml'] ?? '').split('---');
    expect(first).toContain('scope: { gateway: edge/entry }');
    expect(first).not.toContain('/a/*');
    expect(second).toContain('scope: { gateway: edge/other }');
    expect(second).toContain('paths: [/a/*]');
  });

  it('may be for a Service of the mesh as well', () => {
    const http = '[{ route: [{ destination: { host: catalog } }], timeout: 3s }]';
    const { texts, because } = at(
      other,
      bound('[catalog.bookshop.svc.cluster.local]', http).replace('[edge/entry]', '[edge/other, mesh]'),
    );
    expect(because).toEqual([]);
    expect(texts['edge.yaml']).toContain('hosts: [catalog.bookshop.svc.cluster.local]');
    expect(texts['bookshop.yaml']).toContain('scope: { service: bookshop/catalog }\n  timeout: 3s');
  });

  it('are one document where several objects are for the same hosts', () => {
    const one = (name: string, path: string) =>
      bound(
        '[shop.example.com]',
        `[{ match: [{ uri: { prefix: ${path} } }], route: [{ destination: { host: catalog } }] }]`,
      ).replace('name: shop,', `name: ${name}, creationTimestamp: "2026-01-0${path.length}T00:00:00Z",`);
    const { texts, said, because } = at(one('a', '/a/'), one('b', '/bb/'));
    expect({ said, because }).toEqual({ said: 2, because: [] });
    expect(texts['edge.yaml']?.match(/kind: TrafficSettings/g)).toHaveLength(1);
  });

  // A VirtualService of the same name is replaced; one that is called otherwise stands beside the old one for a while.
  it.each([
    ['bookshop', [['replace', 'VirtualService bookshop/shop']]],
    [
      'edge',
      [
        ['add', 'VirtualService bookshop/shop'],
        ['delete', 'VirtualService edge/shop'],
      ],
    ],
  ])('take over from old ones of namespace %s, and every state on the way is the same', (home, expected) => {
    const route = 'route: [{ destination: { host: catalog.bookshop.svc.cluster.local } }]';
    const moved = '{ match: [{ uri: { prefix: /old/ } }], redirect: { uri: /new } }';
    const http = `[${moved}, { match: [{ uri: { prefix: /a/ } }], ${route}, timeout: 3s }]`;
    const { steps, gaps } = at(bound('[shop.example.com]', http).replace('namespace: bookshop', `namespace: ${home}`));
    expect(steps).toEqual(expected);
    expect(gaps).toEqual([]);
  });

  it('may be for any host', () => {
    const { texts, because } = at(bound('["*"]', '[{ route: [{ destination: { host: catalog } }] }]'));
    expect(because).toEqual([]);
    expect(texts['edge.yaml']).toContain('hosts: ["*"]');
  });

  const part = (name: string, http: string, home = 'bookshop') => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${home} }
spec: { http: ${http} }
`;
  const delegating = '{ match: [{ uri: { prefix: /api/ } }], timeout: 5s, delegate: { name: api } }';
  const toStorefront = '{ route: [{ destination: { host: storefront } }] }';

  it('are said with the rules to which they delegate, within their own', () => {
    const api = part(
      'api',
      '[{ match: [{ uri: { prefix: /api/books/ }, method: { exact: GET } }], route: [{ destination: { host: catalog } }] }, { match: [{ uri: { prefix: /other/ } }], route: [{ destination: { host: ratings } }] }, { route: [{ destination: { host: reviews } }], timeout: 1s }]',
    );
    const { texts, because, said, steps, gaps } = at(
      api,
      bound('[shop.example.com]', `[${delegating}, ${toStorefront}]`),
    );
    expect({ because, said }).toEqual({ because: [], said: 5 });
    expect(texts['edge.yaml']).toContain(
      'match: [{ paths: [/api/books/*], methods: [GET] }]\n      to: [{ service: bookshop/catalog }]\n      timeout: 5s',
    );
    expect(texts['edge.yaml']).toContain(
      'match: [{ paths: [/api/*] }]\n      to: [{ service: bookshop/reviews }]\n      timeout: 1s',
    );
    expect(texts['edge.yaml']).not.toContain('ratings');
    expect(steps).toEqual([
      ['replace', 'VirtualService bookshop/shop'],
      ['delete', 'VirtualService bookshop/api'],
    ]);
    expect(gaps).toEqual([]);
  });

  it('take short names of another namespace for those of that one', () => {
    const api = part('api', '[{ route: [{ destination: { host: prometheus } }] }]', 'monitoring');
    const elsewhere = delegating.replace('name: api', 'name: api, namespace: monitoring');
    const { because, texts } = at(api, bound('[shop.example.com]', `[${elsewhere}, ${toStorefront}]`));
    expect(because).toEqual([]);
    expect(texts['edge.yaml']).toContain('to: [{ service: monitoring/prometheus }]');
  });

  it('stay with their delegates where one is missing, and a part to which nobody delegates stays too', () => {
    const missing = at(bound('[shop.example.com]', `[${delegating}, ${toStorefront}]`));
    const why = 'it delegates to `bookshop/api`, and no such VirtualService without hosts is among the manifests';
    expect(missing).toMatchObject({ left: 2, because: [why] });
    const alone = at(part('api', `[${toStorefront}]`));
    expect(alone).toMatchObject({
      left: 1,
      because: ['without `hosts` it is a part that others delegate to, and none does'],
    });
  });

  it('stay where the cluster would refuse them, and say so', () => {
    const refused = bound('3', '[{ route: [{ destination: { host: catalog } }] }]');
    expect(at(refused)).toMatchObject({ left: 1, because: ['the cluster would refuse it: `3` is no list'] });
  });

  it('stay alone where the cluster would refuse another object', () => {
    const rest = bound('[shop.example.com]', '[{ route: [{ destination: { host: catalog } }] }]');
    const odd =
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: ratings, namespace: bookshop }\nspec: { host: ratings, trafficPolicy: { connectionPool: { tcp: { maxConnections: lots } } } }\n';
    expect(at(odd, rest)).toMatchObject({
      ...{ said: 1, left: 1 },
      because: ['the cluster would refuse it: `"lots"` is no number'],
    });
  });

  it('stay where no pods of the gateway are known', () => {
    const elsewhere = bound('["*"]', '[{ route: [{ destination: { host: catalog } }] }]').replace(
      'edge/entry',
      'elsewhere',
    );
    expect(at(elsewhere)).toMatchObject({
      left: 1,
      because: ['no pods that serve Gateway `bookshop/elsewhere` are among the manifests'],
    });
  });
});

describe('filters of Envoy', () => {
  it('stay, and are named', () => {
    const filter = `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: limits, namespace: bookshop }
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      match: { context: SIDECAR_INBOUND }
      patch: { operation: INSERT_BEFORE, value: { name: envoy.filters.http.local_ratelimit } }
`;
    expect(imported(filter)).toMatchObject({
      left: 1,
      because: [expect.stringContaining('`limits` may say the same')],
    });
  });
});

describe('hosts outside the mesh, and what sidecars know', () => {
  const entry = (spec: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: bookshop }
spec: ${spec}
`;
  const tls = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: bookshop }
spec: { host: api.partner.example, trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: SIMPLE, sni: api.partner.example, subjectAltNames: [api.partner.example] } }] } }
`;

  it('are settings of the host', () => {
    const ports = '[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]';
    const written = entry(
      `{ hosts: [api.partner.example], location: MESH_EXTERNAL, resolution: DNS, ports: ${ports} }`,
    );
    const timed = routes(
      '[{ route: [{ destination: { host: api.partner.example } }], timeout: 3s }]',
      'partner',
    ).replace('hosts: [partner]', 'hosts: [api.partner.example]');
    const { text, said, because } = imported(written, tls, timed);
    expect({ said, because }).toEqual({ said: 3, because: [] });
    expect(text).toContain('scope: { host: api.partner.example, namespace: bookshop }');
    expect(text).toContain('80: { protocol: HTTP, targetPort: 443, tls: { mode: Simple } }');
    expect(text).toContain('timeout: 3s');
  });

  it.each([
    [
      '{ hosts: [a.example], location: MESH_INTERNAL, resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }',
      '`location: MESH_INTERNAL` is not imported: what is in the mesh is a Service',
    ],
    [
      '{ hosts: [a.example], location: MESH_EXTERNAL, resolution: DNS, endpoints: [{ address: b.example }], ports: [{ number: 80, name: http, protocol: HTTP }] }',
      '`resolution: DNS` with addresses or endpoints is not imported',
    ],
  ])('stay where nothing says them: %s', (spec, why) => {
    expect(imported(entry(spec))).toMatchObject({ left: 1, because: [why] });
  });

  it('are told as what a namespace reaches', () => {
    const sidecar = `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: bookshop }
spec: { egress: [{ hosts: ["./*", "monitoring/*"] }] }
`;
    const { text, said } = imported(sidecar);
    expect(said).toBe(1);
    expect(text).toContain('reaches: [{ namespace: bookshop }, { namespace: monitoring }]');
  });

  it('are told to the namespaces that an object is exported to', () => {
    const written = routes('[{ route: [{ destination: { host: catalog } }], timeout: 3s }]', 'catalog').replace(
      '  http:',
      '  exportTo: [".", monitoring]\n  http:',
    );
    const { text, said } = imported(written);
    expect(said).toBe(1);
    expect(text).toContain('exportTo: [bookshop, monitoring]');
  });
});

describeWithShared('Bookinfo and Online Boutique', () => {
  const read = (...paths: readonly string[]): readonly Source[] => [
    {
      path: 'ns.yaml',
      text: 'apiVersion: v1\nkind: Namespace\nmetadata: { name: default, labels: { istio-injection: enabled } }\n',
    },
    ...paths.map((path) => ({ path, text: readFileSync(join(sharedDirectory, 'realworld', path), 'utf8') })),
  ];

  const bookinfo = [
    'bookinfo',
    'bookinfo-versions',
    'bookinfo-gateway',
    'destination-rule-all',
    'virtual-service-ratings-test-delay',
  ];
  // The gateway of Istio's demo profile, which its manifests leave to the installation.
  const named = gateway.replaceAll('edge', 'istio-system').replaceAll('entry', 'ingressgateway');
  const ingress = named.slice(0, named.lastIndexOf('---'));

  it.each([['reviews-90-10'], ['reviews-jason-v2-v3']])('Bookinfo is said in full, with %s', (reviews) => {
    const sources = read(...[...bookinfo, `virtual-service-${reviews}`].map((name) => `bookinfo/${name}.yaml`));
    const result = importFrom([...sources, { path: 'ingress.yaml', text: ingress }]);
    expect(isProved(result.round)).toBe(true);
    // The versions of three DestinationRules are named by nobody; that of ratings is, by the route with a delay.
    expect(totalOf(result.fates)).toMatchObject({ dead: 2, left: 0 });
    expect(textsOf(result)['default.yaml']).toContain('hosts: ["*"]');
    expect(handOver(result).steps.flatMap(({ changes, undecided }) => [...changes, ...undecided])).toEqual([]);
  });

  it('Bookinfo keeps the routes of a gateway whose pods are not given', () => {
    const result = importFrom(read(...bookinfo.map((name) => `bookinfo/${name}.yaml`)));
    expect(isProved(result.round)).toBe(true);
    expect(totalOf(result.fates)).toMatchObject({ dead: 3, left: 1 });
  });

  it('Online Boutique is said beside its NetworkPolicies, which stay', () => {
    const [space, ...others] = read(
      ...['kubernetes-manifests', 'istio-manifests', 'network-policies'].map((name) => `online-boutique/${name}.yaml`),
    );
    // The last lines of some of its files lack an end.
    const whole = others.map((each) => ({ ...each, text: each.text.replaceAll('{}---', '{}\n---') }));
    const result = importFrom(space === undefined ? whole : [space, ...whole]);
    expect(isProved(result.round)).toBe(true);
    const left = result.fates.filter(({ counts }) => counts.left > 0).map(({ object }) => object.kind);
    expect(new Set(left)).toEqual(new Set(['ServiceEntry', 'NetworkPolicy']));
  });

  it('Online Boutique has its callers from NetworkPolicies, where all of it is in the mesh', () => {
    const inMesh = `apiVersion: v1
kind: Namespace
metadata: { name: default, labels: { istio-injection: enabled } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
`;
    const given = read('online-boutique/kubernetes-manifests.yaml', 'online-boutique/network-policies.yaml');
    const whole = given.map((each) => ({ ...each, text: each.text.replaceAll('{}---', '{}\n---') }));
    const result = importFrom([...whole, { path: 'mesh.yaml', text: inMesh }]);
    expect(isProved(result.round)).toBe(true);
    expect(totalOf(result.fates)).toEqual({ said: 13, merged: 0, dead: 0, left: 0 });
    const text = textsOf(result)['default.yaml'];
    expect(text).toContain('default: Deny');
    expect(text).toContain(
      'from: [{ service: frontend }, { service: checkoutservice }]\n        to: [{ service: cartservice, port: grpc }]',
    );
    expect(text).not.toContain('reason:');
  });

  it('Online Boutique keeps its hosts outside', () => {
    const result = importFrom(
      read('online-boutique/kubernetes-manifests.yaml', 'online-boutique/istio-manifests.yaml'),
    );
    expect(isProved(result.round)).toBe(true);
    expect(totalOf(result.fates)).toEqual({ said: 2, merged: 0, dead: 0, left: 2 });
  });
});
