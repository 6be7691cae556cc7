import { expect, it } from 'vitest';
import { where } from '../../src/algebra/conditions.js';
import { lanesToGateway } from '../../src/algebra/gateway-lanes.js';
import type { Lane } from '../../src/algebra/lane.js';
import { intersect, isEmpty } from '../../src/algebra/request-set.js';
import type { Matcher } from '../../src/mesh/policies/matcher.js';
import type { Attribute } from '../../src/mesh/view.js';
import { front } from '../mesh/support/classic-gateway.js';
import {
  meshOf,
  peerAuthentication,
  policy,
  requestAuthentication,
  type Settings,
  service,
  threeNamespaces,
  waypoint,
  workload,
} from '../mesh/support/mesh.js';
import { fc } from '../support/fast-check.js';
import { analyse, contradictions, disagreements } from './support/agreement.js';

const bound = '{ istio.io/use-waypoint: waypoint, istio.io/ingress-use-waypoint: "true" }';
const base = [
  threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', bound)),
  waypoint('amb'),
  workload('amb', 'vault'),
  service('amb', 'vault', '{ istio.io/use-waypoint: waypoint }'),
  workload('side', 'vault'),
  service('side', 'vault'),
  front,
].join('');

const hosts = fc.constantFrom('*', 'a.example', 'b.example', '*.example', 'side/*.example', 'amb/b.example');
const protocols = fc.constantFrom(
  'port: { number: 80, name: web, protocol: HTTP }',
  'port: { number: 443, name: tls, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: c }',
  'port: { number: 443, name: own, protocol: TLS }, tls: { mode: PASSTHROUGH }',
);
const servers = fc
  .array(fc.tuple(protocols, fc.uniqueArray(hosts, { minLength: 1, maxLength: 2 })), { minLength: 1, maxLength: 3 })
  .map((all) =>
    all.map(
      ([protocol, names], index) =>
        `{ ${protocol.replace('name: ', `name: s${index}-`)}, hosts: ['${names.join("', '")}'] }`,
    ),
  )
  .map(
    (all) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: front, namespace: edge }
spec: { selector: { istio: front }, servers: [${all.join(', ')}] }
`,
  );

const matches = fc.constantFrom(
  '',
  'match: [{ uri: { exact: /a } }],',
  'match: [{ uri: { prefix: /a } }],',
  'match: [{ method: { exact: PUT } }],',
  'match: [{ authority: { exact: a.example } }],',
  "match: [{ headers: { x: { exact: '1' } } }],",
  'match: [{ port: 443 }],',
);
const changes = fc.constantFrom(
  '',
  'rewrite: { uri: /b },',
  'rewrite: { authority: inner.example },',
  "headers: { request: { set: { x: '1' } } },",
);
const places = fc.constantFrom(
  ['amb', 'server'],
  ['amb', 'vault'],
  ['side', 'server'],
  ['side', 'vault'],
  ['plain', 'server'],
);
const destination = ([namespace, name]: readonly [string, string]) =>
  `{ destination: { host: ${name}.${namespace}.svc.cluster.local, port: { number: 80 } }`;
const ends = fc.oneof(
  places.map((place) => `route: [${destination(place)} }]`),
  fc
    .tuple(places, places)
    .map(([one, two]) => `route: [${destination(one)}, weight: 1 }, ${destination(two)}, weight: 3 }]`),
);
const rules = fc.oneof(
  fc.tuple(matches, changes, ends).map((parts) => `{ ${parts.join(' ')} }`),
  matches.map((match) => `{ ${match} redirect: { uri: /c } }`),
  matches.map((match) => `{ ${match} directResponse: { status: 418 } }`),
);
const virtualServices = fc
  .array(
    fc.tuple(
      fc.constantFrom('amb', 'side'),
      fc.constantFrom('*', 'a.example', '*.example', 'b.example'),
      fc.array(rules, { minLength: 1, maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((all) =>
    all.map(
      ([namespace, host, list], index) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: to-pods-${index}, namespace: ${namespace}, creationTimestamp: "2026-01-0${index + 1}T00:00:00Z" }
spec: { hosts: ['${host}'], gateways: [edge/front], http: [${list.join(', ')}] }
`,
    ),
  )
  .map((all) => all.join(''));
const atWaypoint = fc.constantFrom(
  '',
  `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: mesh, namespace: amb }
spec: { hosts: [server], http: [{ match: [{ uri: { prefix: /a } }], route: [{ destination: { host: vault } }] }, { route: [{ destination: { host: server } }] }] }
`,
);

const conditions = fc.constantFrom(
  '{ from: [{ source: { namespaces: [edge] } }] }',
  "{ from: [{ source: { notPrincipals: ['*'] } }] }",
  '{ from: [{ source: { ipBlocks: [10.0.0.0/8] } }] }',
  '{ from: [{ source: { remoteIpBlocks: [10.1.0.0/16] } }] }',
  '{ to: [{ operation: { paths: [/b, /a*] } }] }',
  '{ to: [{ operation: { hosts: [a.example] } }] }',
  "{ to: [{ operation: { notHosts: ['*.example'] } }] }",
  "{ from: [{ source: { requestPrincipals: ['*'] } }] }",
  "{ when: [{ key: 'request.headers[x]', values: ['1'] }] }",
);
const policies = fc
  .array(
    fc.tuple(
      fc.constantFrom('edge', 'amb', 'side'),
      fc.constantFrom('ALLOW', 'DENY'),
      conditions,
      fc.constantFrom('', "targetRefs: [{ group: '', kind: Service, name: server }],"),
    ),
    { maxLength: 3 },
  )
  .map((all) =>
    all
      .map(([namespace, action, rule, target], index) =>
        policy(namespace, `p${index}`, `{ action: ${action}, ${namespace === 'amb' ? target : ''} rules: [${rule}] }`),
      )
      .join(''),
  );
const others = fc
  .subarray([
    peerAuthentication('side', 'strict', '{ mtls: { mode: STRICT } }'),
    requestAuthentication('side', 'tokens', '{ jwtRules: [{ issuer: https://issuer }] }'),
    requestAuthentication('edge', 'tokens', '{ jwtRules: [{ issuer: https://issuer, forwardOriginalToken: true }] }'),
  ])
  .map((all) => all.join(''));
const topologies = fc.constantFrom<Settings>({}, { gatewayTopology: { numTrustedProxies: 0 } });

function lanesOf(text: string, settings: Settings) {
  const mesh = meshOf(base + text, settings);
  const gateway = mesh.clusters.get('east')?.cluster.gateways.get('edge/front');
  const pods = ['amb/server', 'amb/vault', 'side/server', 'side/vault', 'plain/server'];
  const lanes = (gateway === undefined ? [] : lanesToGateway(gateway)).flatMap(
    ({ lane: { destination: to, payload } }) =>
      pods.map(
        (name): Lane => ({
          destination: { ...to, onward: { workload: name, port: 8080 } } as Lane['destination'],
          payload,
        }),
      ),
  );
  return { mesh, lanes };
}

const otherValues = new Map<Attribute, readonly Matcher[]>([
  [
    'request.host',
    ['a.example', 'a.example:80', 'x.example'].map((value) => ({ kind: 'exact', value, ignoreCase: true })),
  ],
]);

const given = [servers, virtualServices, atWaypoint, policies, others] as const;

it('what a gateway leads to pods agrees with one decision after another', () => {
  fc.assert(
    fc.property(fc.tuple(...given), topologies, (parts, settings) => {
      const { mesh, lanes } = lanesOf(parts.join(''), settings);
      expect(lanes.length).toBeGreaterThan(0);
      for (const lane of lanes) expect(disagreements(mesh, lane, () => true, otherValues)).toEqual([]);
    }),
    { numRuns: Number(process.env.RUNS ?? 12) },
  );
}, 240_000);

const plainFront = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: front, namespace: edge }
spec: { selector: { istio: front }, servers: [{ port: { number: 80, name: web, protocol: HTTP }, hosts: ['*'] }] }
`;

it('lets through surely what is let through on each way that may be drawn', () => {
  const to = (name: string) => `destination: { host: ${name}.amb.svc.cluster.local, port: { number: 80 } }`;
  const drawn = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: drawn, namespace: amb }
spec: { hosts: ['*'], gateways: [edge/front], http: [{ route: [{ ${to('server')}, weight: 1 }, { ${to('vault')}, weight: 3 }] }] }
`;
  const led = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: led, namespace: amb }
spec: { hosts: [server], http: [{ match: [{ uri: { prefix: /a } }], route: [{ destination: { host: vault } }] }, { route: [{ destination: { host: server } }] }] }
`;
  const rule = (from: string) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: p, namespace: amb }
spec: { action: ALLOW, targetRefs: [{ group: '', kind: Service, name: server }], rules: [{ from: [{ source: ${from} }] }] }
`;
  for (const from of ['{ ipBlocks: [10.0.0.0/8] }', '{ namespaces: [nowhere] }', '{ notNamespaces: [nowhere] }']) {
    const { mesh, lanes } = lanesOf(plainFront + drawn + led + rule(from), {});
    expect(lanes.length).toBeGreaterThan(0);
    for (const lane of lanes) expect(disagreements(mesh, lane, () => true, otherValues)).toEqual([]);
  }
});

it('takes the rules of the closest name, whatever port follows it', () => {
  const route = (host: string, index: number, rule: string) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: r${index}, namespace: side }
spec: { hosts: ['${host}'], gateways: [edge/front], http: [{ ${rule} }] }
`;
  const toServer = 'route: [{ destination: { host: server.side.svc.cluster.local, port: { number: 80 } } }]';
  const routes =
    route('*', 0, toServer) + route('*.example', 1, 'redirect: { uri: /c }') + route('a.example', 2, toServer);
  const { mesh, lanes } = lanesOf(plainFront + routes, {});
  const lane = lanes.find(({ destination }) => JSON.stringify(destination).includes('side/server'));
  if (lane === undefined) throw new Error('the gateway has a listener');
  expect(disagreements(mesh, lane, () => true, otherValues)).toEqual([]);
  const { space, reach } = analyse(mesh, lane, otherValues);
  const hosts = ['a.example', 'a.example:80', 'x.example'].filter((host) => {
    const named = where(space, 'request.host', ([value]) => value === host);
    return !isEmpty(intersect(reach.surely, named));
  });
  expect(hosts).toEqual(['a.example', 'a.example:80']);
});

it('is in doubt about regular expressions and redirects to HTTPS, and contradicts no decision', () => {
  const redirecting = servers.map((text) =>
    text.replace('protocol: HTTP }', 'protocol: HTTP }, tls: { httpsRedirect: true }'),
  );
  const withExpressions = virtualServices.map((text) =>
    text.replace('exact: /a ', "regex: '/a.*' ").replace('uri: /b', "uriRegexRewrite: { match: '/a', rewrite: /c }"),
  );
  fc.assert(
    fc.property(fc.tuple(redirecting, withExpressions, atWaypoint, policies, others), topologies, (parts, settings) => {
      const { mesh, lanes } = lanesOf(parts.join(''), settings);
      for (const lane of lanes) expect(contradictions(mesh, lane)).toEqual([]);
    }),
    { numRuns: Number(process.env.RUNS ?? 6) },
  );
}, 240_000);
