import { expect, it } from 'vitest';
import type { Lane } from '../../src/algebra/lane.js';
import { meshOf, policy, service, threeNamespaces, waypoint, workload } from '../mesh/support/mesh.js';
import { destinationOf } from '../mesh/support/requests.js';
import { fc } from '../support/fast-check.js';
import { disagreements } from './support/agreement.js';

const bound = '{ istio.io/use-waypoint: waypoint }';
const base = [
  threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', bound)),
  waypoint('amb'),
  ...['amb', 'side'].flatMap((namespace) => [
    workload(namespace, 'vault', ', version: v1'),
    service(namespace, 'vault', namespace === 'amb' ? bound : '{}'),
  ]),
].join('');

function to(service: string, workloadKey: string): Lane {
  const destination = { ...destinationOf(`${service}:80`), workload: workloadKey } as Lane['destination'];
  return { destination, payload: 'http' };
}

const lanes = ['amb', 'side'].flatMap((namespace) => [
  to(`${namespace}/server`, `${namespace}/server`),
  to(`${namespace}/server`, `${namespace}/vault`),
  to(`${namespace}/vault`, `${namespace}/vault`),
]);

const paths = fc.constantFrom('/a', '/a/b', '/b');
const matches = fc.oneof(
  fc.tuple(fc.constantFrom('exact', 'prefix'), paths).map(([kind, value]) => `{ uri: { ${kind}: ${value} } }`),
  fc.constant('{ method: { exact: PUT } }'),
  fc.constant('{ headers: { x: { exact: "1" } } }'),
  fc.constant('{ withoutHeaders: { x: { exact: "1" } } }'),
  fc.constant('{ queryParams: { q: { exact: "1" } }, uri: { prefix: /a } }'),
);
const changes = fc.constantFrom(
  '',
  'rewrite: { uri: /b },',
  'rewrite: { authority: other.example },',
  'headers: { request: { set: { x: "1" }, remove: [y] } },',
  'rewrite: { uri: / },',
);
const ends = fc.constantFrom(
  'route: [{ destination: { host: server } }]',
  'route: [{ destination: { host: vault } }]',
  'route: [{ destination: { host: server }, weight: 1 }, { destination: { host: vault }, weight: 3 }]',
  'redirect: { uri: /c }',
  'directResponse: { status: 418 }',
  'route: [{ destination: { host: nowhere } }]',
  'route: [{ destination: { host: server } }], mirror: { host: vault }',
  'route: [{ destination: { host: nowhere } }], mirrors: [{ destination: { host: vault } }]',
  'route: [{ destination: { host: vault } }], mirrors: [{ destination: { host: server } }, { destination: { host: vault }, percentage: { value: 5 } }]',
  'fault: { abort: { percentage: { value: 100 }, httpStatus: 503 } }, route: [{ destination: { host: server } }]',
  "corsPolicy: { allowOrigins: [{ exact: 'https://x' }] }, route: [{ destination: { host: vault } }]",
  "corsPolicy: { allowOrigins: [{ prefix: 'https://' }], unmatchedPreflights: IGNORE }, route: [{ destination: { host: vault } }]",
);
const rules = fc
  .tuple(fc.array(matches, { maxLength: 2 }), changes, ends)
  .map(
    ([all, change, end]) =>
      `{ match: [${all.join(', ')}], ${end.startsWith('redirect') || end.startsWith('direct') ? '' : change} ${end} }`,
  )
  .map((rule) => rule.replace('match: [], ', ''));
const virtualServices = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('amb', 'side'),
      fc.constantFrom('server', 'vault'),
      fc.array(rules, { minLength: 1, maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 2, selector: ([namespace, host]) => `${namespace}/${host}` },
  )
  .map((all) =>
    all
      .map(
        ([namespace, host, list]) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${host}, namespace: ${namespace} }
spec: { hosts: [${host}], http: [${list.join(', ')}] }
`,
      )
      .join(''),
  );
const operations = fc.constantFrom(
  'paths: [/b, /a/*]',
  "paths: ['/{*}/b']",
  "notPaths: ['*b']",
  'methods: [PUT]',
  'hosts: [other.example]',
  'notHosts: [other.example]',
);
const conditions = fc.constantFrom(
  '',
  "when: [{ key: 'request.headers[x]', values: ['1'] }],",
  "when: [{ key: 'request.headers[y]', notValues: ['*'] }],",
);
const policies = fc
  .array(
    fc.tuple(
      fc.constantFrom('amb', 'side'),
      fc.constantFrom('server', 'vault'),
      fc.boolean(),
      fc.constantFrom('ALLOW', 'DENY'),
      operations,
      conditions,
    ),
    { maxLength: 3 },
  )
  .map((all) =>
    all
      .map(([namespace, name, atWaypoint, action, operation, when], index) => {
        const target =
          namespace === 'amb' && atWaypoint
            ? `targetRefs: [{ group: '', kind: Service, name: ${name} }]`
            : `selector: { matchLabels: { app: ${name} } }`;
        return policy(
          namespace,
          `p${index}`,
          `{ action: ${action}, ${target}, rules: [{ ${when} to: [{ operation: { ${operation} } }] }] }`,
        );
      })
      .join(''),
  );

it('takes every class of requests the way that one of them takes', () => {
  fc.assert(
    fc.property(virtualServices, policies, (routes, text) => {
      const mesh = meshOf(base + routes + text);
      for (const lane of lanes) expect(disagreements(mesh, lane)).toEqual([]);
    }),
    { numRuns: 15 },
  );
}, 120_000);

/** A sidecar outside of the namespace, one of its own namespace, and a Service with two versions to which routes lead. */
const elsewhere = workload('amb', 'caller').replace(
  'labels: { app: caller }',
  'labels: { app: caller, istio.io/dataplane-mode: none, sidecar.istio.io/inject: "true" }',
);
const toVault = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: server, namespace: side }
spec: { hosts: [server.side.svc.cluster.local], http: [{ route: [{ destination: { host: vault.side.svc.cluster.local } }] }] }
`;

it.each([
  [
    'a Service that is not exported',
    toVault,
    service('side', 'vault').replace(
      'name: vault,',
      'name: vault, annotations: { networking.istio.io/exportTo: "." },',
    ),
  ],
  [
    'a version that only some see',
    toVault.replace('vault.side.svc.cluster.local }', 'vault.side.svc.cluster.local, subset: one }'),
    `${service('side', 'vault')}---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: vault, namespace: side }
spec: { host: vault, exportTo: ["."], subsets: [{ name: one, labels: { version: v1 } }] }
`,
  ],
  [
    'TLS that only some obey',
    toVault,
    `${service('side', 'vault')}---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: vault, namespace: side }
spec: { host: vault, exportTo: ["."], trafficPolicy: { tls: { mode: DISABLE } } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: side }
spec: { mtls: { mode: STRICT } }
`,
  ],
])('tells callers of different namespaces apart by what a route leads to: %s', (_, route, vault) => {
  const mesh = meshOf([threeNamespaces, elsewhere, workload('side', 'vault', ', version: v1'), vault, route].join(''));
  expect(disagreements(mesh, to('side/server', 'side/vault'))).toEqual([]);
});

it('asks what a bare name means in the namespace of each caller', () => {
  const caller = workload('plain', 'caller').replace(
    'labels: { app: caller }',
    'labels: { app: caller, sidecar.istio.io/inject: "true" }',
  );
  const byName =
    '{ selector: { matchLabels: { app: server } }, rules: [{ to: [{ operation: { hosts: [server] } }] }] }';
  const mesh = meshOf([threeNamespaces, caller, policy('side', 'by-name', byName)].join(''));
  expect(disagreements(mesh, to('side/server', 'side/server'))).toEqual([]);
});

const methods = fc.constantFrom(
  '',
  ', method: PUT',
  ', headers: [{ name: x, value: "1" }]',
  ', queryParams: [{ name: q, value: "1" }]',
);
const backends = fc.constantFrom('server', 'vault', 'nowhere');
const filters = fc.constantFrom(
  '',
  'filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: vault, port: 80 } } }],',
  'filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: x, value: "1" }] } }],',
);
const httpRules = fc
  .tuple(fc.constantFrom('PathPrefix', 'Exact'), fc.constantFrom('/a', '/b'), methods, filters, backends)
  .map(
    ([type, path, more, filter, name]) =>
      `{ matches: [{ path: { type: ${type}, value: ${path} }${more} }], ${filter} backendRefs: [{ name: ${name}, port: 80 }] }`,
  );
const httpRoutes = fc
  .array(fc.tuple(fc.array(httpRules, { minLength: 1, maxLength: 2 }), fc.boolean()), { minLength: 2, maxLength: 3 })
  .map((all) =>
    all
      .map(
        ([list, isDated], index) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r${index}, namespace: amb${isDated ? `, creationTimestamp: "202${9 - index}-01-01T00:00:00Z"` : ''} }
spec: { parentRefs: [{ group: "", kind: Service, name: server }], rules: [${list.join(', ')}] }
`,
      )
      .join(''),
  );

it('leaves open what depends on the age of routes for just the requests that it concerns', () => {
  fc.assert(
    fc.property(httpRoutes, policies, (routes, text) => {
      const mesh = meshOf(base + routes + text);
      for (const lane of lanes) expect(disagreements(mesh, lane)).toEqual([]);
    }),
    { numRuns: 15 },
  );
}, 120_000);

it('leaves open what becomes of requests to a host that only routes have, where they lead to the pods', () => {
  const route = (host: string, end: string) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${host}, namespace: side }
spec: { hosts: [${host}.example], http: [{ rewrite: { uri: /b }, route: [{ destination: { host: ${end} } }] }] }
`;
  const byHost =
    '{ selector: { matchLabels: { app: server } }, rules: [{ to: [{ operation: { hosts: [to-server.example, to-client.example] } }] }] }';
  const mesh = meshOf(
    [threeNamespaces, service('side', 'client'), route('to-server', 'server'), route('to-client', 'client')].join('') +
      policy('side', 'by-host', byHost),
  );
  const open = disagreements(mesh, to('side/server', 'side/server'));
  expect(open.filter((each) => !/: not-modelled, but decided (?:allowed|denied)$/.test(each))).toEqual([]);
  expect(open.length).toBeGreaterThan(0);
});
