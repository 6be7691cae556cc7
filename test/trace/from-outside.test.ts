import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decide } from '../../src/mesh/decide.js';
import { matrixToJson, matrixToText } from '../../src/report/matrix.js';
import { matrixOf } from '../../src/trace/matrix/matrix.js';
import { frontPods } from '../mesh/support/classic-gateway.js';
import { meshOf, policy, service, threeNamespaces, waypoint, workload } from '../mesh/support/mesh.js';
import { get, sourceOf } from '../mesh/support/requests.js';
import { plainPage } from '../support/page.js';
import { describeWithShared, sharedDirectory } from '../support/shared.js';

const namespace = (name: string) => `---
apiVersion: v1
kind: Namespace
metadata: { name: ${name} }
`;
const listener = (name: string, port: number, protocol: string, hostname: string, tls = '') =>
  `{ name: ${name}, port: ${port}, protocol: ${protocol}, hostname: "${hostname}", allowedRoutes: { namespaces: { from: All } }${tls} }`;
const gateway = `${namespace('edge')}---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec:
  gatewayClassName: istio
  listeners:
    - ${listener('web', 80, 'HTTP', '*.example')}
    - ${listener('tls', 8443, 'HTTPS', 'pay.example', ', tls: { certificateRefs: [{ name: pay }] }')}
`;
const route = (name: string, hostname: string, section: string, rules: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: amb }
spec: { parentRefs: [{ name: public, namespace: edge, sectionName: ${section} }], hostnames: [${hostname}], rules: [${rules}] }
`;
const backend = (name: string) => `backendRefs: [{ name: ${name}, port: 80 }]`;
const rewrite =
  'filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }]';
const base = [
  threeNamespaces.replace(
    service('amb', 'server'),
    service('amb', 'server', '{ istio.io/use-waypoint: waypoint, istio.io/ingress-use-waypoint: "true" }'),
  ),
  waypoint('amb'),
  workload('amb', 'other'),
  service('amb', 'other'),
  gateway,
  route('shop', 'shop.example', 'web', `{ matches: [{ path: { value: /api } }], ${rewrite}, ${backend('server')} }`),
  route('pay', 'pay.example', 'tls', `{ ${backend('server')} }`),
  policy(
    'edge',
    'closed',
    '{ action: DENY, rules: [{ to: [{ operation: { hosts: [shop.example, shop.example:*], paths: [/api/admin*] } }] }] }',
  ),
  policy(
    'amb',
    'no-keys',
    '{ action: DENY, targetRefs: [{ group: "", kind: Service, name: server }], rules: [{ to: [{ operation: { paths: [/keys] } }] }] }',
  ),
].join('');

const fromOutside = (text: string, to?: string) => {
  const matrix = matrixOf(meshOf(text), { to, cluster: undefined, isFromOutside: true }).value;
  return (matrix?.fromOutside ?? []).map(({ pods, entries }) => [
    pods.join(),
    ...entries.map(({ url, rows }) => [
      url,
      ...rows.flatMap(({ cells }) => cells.map(({ kind, through }) => [kind, ...through])),
    ]),
  ]);
};

it('says by which hosts requests from outside come to the pods, past the gateway and the waypoint', () => {
  expect(fromOutside(base)).toEqual([
    [
      'amb/server:8080',
      ['https://pay.example:8443', ['some', '/* but not /keys']],
      ['http://shop.example', ['some', '/api or /api/* but not /api/keys or /api/admin*']],
    ],
  ]);
});

it('names classes of paths once that have one name', () => {
  const split = policy(
    'edge',
    'split',
    '{ rules: [{ to: [{ operation: { paths: ["/api/*"], methods: [GET] } }, { operation: { paths: ["*x"], methods: [GET] } }] }] }',
  );
  expect(fromOutside(base + split, 'amb/server:80')[0]?.[2]).toEqual([
    'http://shop.example',
    ['some', 'GET /api/* but not /api/keys or /api/admin*'],
  ]);
});

it('says what it cannot decide, and why', () => {
  const rewriting = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: other, namespace: amb }
spec:
  hosts: [other.example]
  gateways: [edge/front]
  http: [{ rewrite: { uriRegexRewrite: { match: ^/v1, rewrite: / } }, route: [{ destination: { host: server } }] }]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: front, namespace: edge }
spec: { selector: { istio: front }, servers: [{ port: { number: 80, name: web, protocol: HTTP }, hosts: [other.example] }] }
${frontPods}`;
  const matrix = matrixOf(meshOf(base + rewriting), { to: 'amb/server:80', cluster: undefined }).value;
  const entries = matrix?.fromOutside.flatMap((each) => each.entries) ?? [];
  const cells = entries.filter(({ gateway }) => gateway === 'edge/front').flatMap(({ rows }) => rows[0]?.cells ?? []);
  expect(cells).toEqual([
    {
      kind: 'not-modelled',
      through: [],
      asks: [],
      needsToken: false,
      because: 'a path rewritten by a regular expression',
    },
  ]);
});

it('shows both to a person and to a program, and nothing where no gateway leads', () => {
  const matrix = (to: string) => matrixOf(meshOf(base), { to, cluster: undefined }).value;
  const led = matrix('amb/server:80');
  const other = matrix('amb/other:80');
  if (led === undefined || other === undefined) throw new Error('the Services are given');
  const lines = matrixToText(led, plainPage).split('\n');
  expect(lines.slice(lines.indexOf('from outside, through gateways to amb/server:8080') + 2)).toEqual([
    'https://pay.example:8443 by gateway edge/public: ◐ only /* but not /keys',
    'http://shop.example by gateway edge/public: ◐ only /api or /api/* but not /api/keys or /api/admin*',
    '',
  ]);
  expect(matrixToJson(led)).toMatchObject({
    fromOutside: [
      { pods: ['amb/server:8080'], entries: [{ url: 'https://pay.example:8443', gateway: 'edge/public' }, {}] },
    ],
  });
  expect(matrixToText(other, plainPage)).not.toContain('gateways');
});

it('agrees with single decisions', () => {
  const mesh = meshOf(base);
  const onward = { workload: 'amb/server', port: 8080 };
  const verdict = (port: number, host: string, path: string, serverName?: string) => {
    const destination = { kind: 'gateway', cluster: 'east', gateway: 'edge/public', port, onward } as const;
    const named = serverName === undefined ? destination : { ...destination, serverName };
    return decide(mesh, { source: sourceOf('outside'), destination: named, payload: get(path, { host }) }).verdict.kind;
  };
  expect(verdict(80, 'shop.example', '/api/x')).toBe('allowed');
  expect(verdict(80, 'shop.example:80', '/api/x')).toBe('allowed');
  expect(verdict(80, 'shop.example', '/api/admin/x')).toBe('denied');
  expect(verdict(80, 'shop.example', '/api/keys')).toBe('denied');
  expect(verdict(80, 'shop.example', '/x')).toBe('denied');
  expect(verdict(80, 'pay.example', '/x')).toBe('denied');
  expect(verdict(8443, 'pay.example', '/x', 'pay.example')).toBe('allowed');
  expect(verdict(8443, 'pay.example', '/keys', 'pay.example')).toBe('denied');
});

describeWithShared('of real applications', () => {
  const manifest = (path: string) => readFileSync(join(sharedDirectory, 'realworld', path), 'utf8');
  const application = (...paths: readonly string[]) =>
    [namespace('istio-system'), namespace('default'), ingress, ...paths.map(manifest)].join('\n---\n');
  const ingress = `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: istio-system }
spec:
  selector: { matchLabels: { istio: ingressgateway } }
  template:
    metadata:
      labels: { istio: ingressgateway, sidecar.istio.io/inject: 'true' }
      annotations: { inject.istio.io/templates: gateway }
    spec: { serviceAccountName: ingress, containers: [{ name: istio-proxy, image: auto }] }
`;

  it('Bookinfo shows its page, and nothing else', () => {
    expect(fromOutside(application('bookinfo/bookinfo.yaml', 'bookinfo/bookinfo-gateway.yaml'))).toEqual([
      [
        'default/productpage-v1:9080',
        ['http://*:8080', ['some', '/login or /logout or /static* or /productpage or /api/v1/products*']],
      ],
    ]);
  });

  it('Online Boutique shows all of its frontend', () => {
    const text = application('online-boutique/kubernetes-manifests.yaml', 'online-boutique/istio-manifests.yaml');
    expect(fromOutside(text)).toEqual([['default/frontend:8080', ['http://*', ['all']]]]);
  });
});

it('says by which server names and ports connections come to the pods', () => {
  const servers = `${threeNamespaces}${workload('amb', 'other')}${service('amb', 'other')}${namespace('edge')}---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: front, namespace: edge }
spec:
  selector: { istio: front }
  servers:
  - { port: { number: 443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH }, hosts: ['*.example'] }
  - { port: { number: 5432, name: tcp, protocol: TCP }, hosts: ['*'] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: names, namespace: edge }
spec:
  hosts: ['*.example']
  gateways: [front]
  tls:
  - { match: [{ sniHosts: [db.example] }], route: [{ destination: { host: server.amb.svc.cluster.local, port: { number: 81 } } }] }
  - { match: [{ sniHosts: ['*.example'] }], route: [{ destination: { host: other.amb.svc.cluster.local, port: { number: 81 } } }] }
  tcp:
  - { match: [{ port: 5432 }], route: [{ destination: { host: other.amb.svc.cluster.local, port: { number: 81 } } }] }
${frontPods}`;
  const closed = policy(
    'edge',
    'closed-port',
    '{ selector: { matchLabels: { istio: front } }, action: DENY, rules: [{ to: [{ operation: { ports: ["5432"] } }] }] }',
  );
  expect(fromOutside(servers, 'amb/server:81')).toEqual([['amb/server:9000', ['tls://db.example:443', ['all']]]]);
  expect(fromOutside(servers + closed, 'amb/other:81')).toEqual([
    ['amb/other:9000', ['tls://*.example:443', ['all']], ['tcp://*:5432', ['none']]],
  ]);
});
