import { describe, expect, it } from 'vitest';
import { callersOf } from '../../src/algebra/callers.js';
import { describeSet } from '../../src/algebra/describe.js';
import type { Lane } from '../../src/algebra/lane.js';
import { fullSet, subtract } from '../../src/algebra/request-set.js';
import { witnessOf } from '../../src/algebra/witness.js';
import { decide } from '../../src/mesh/decide.js';
import { describeRequest, type Request, usualHost } from '../../src/mesh/request.js';
import {
  meshOf,
  peerAuthentication,
  policy,
  requestAuthentication,
  service,
  threeNamespaces,
  waypoint,
  workload,
} from '../mesh/support/mesh.js';
import { bytes, destinationOf, get } from '../mesh/support/requests.js';
import { fc } from '../support/fast-check.js';
import { analyse, disagreements } from './support/agreement.js';

const lanes: readonly Lane[] = [
  { destination: destinationOf('gateway edge/public:80'), payload: 'http' },
  ...['amb/server:80', 'side/server:80', 'pod amb/server:8080', 'pod side/server:8080', 'plain/server:80'].map(
    (to): Lane => ({ destination: destinationOf(to), payload: 'http' }),
  ),
  ...['amb/server:81', 'side/server:81'].map((to): Lane => ({ destination: destinationOf(to), payload: 'tcp' })),
];
/** Behind a waypoint, behind ztunnel alone, behind a sidecar, and behind nothing. */
const declaredHttp = ['amb/server:80', 'amb/open:80', 'side/server:80', 'plain/server:80'];

const base =
  threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }')) +
  waypoint('amb') +
  `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;
const andOpen = base + workload('amb', 'open') + service('amb', 'open');

const sources = fc.constantFrom(
  'namespaces: [amb]',
  'notNamespaces: [side]',
  'serviceAccounts: [amb/client, side/client]',
  "principals: ['*']",
  "notPrincipals: ['cluster.local/ns/amb/sa/waypoint']",
  'ipBlocks: [10.0.0.0/8]',
  'notIpBlocks: [10.1.0.0/16]',
  "requestPrincipals: ['issuer/*']",
  'serviceAccounts: [side/cl.ent]',
  "principals: ['*/sa/cl.ent']",
  "notPrincipals: ['*/sa/cl*']",
  "notNamespaces: ['am.']",
  'remoteIpBlocks: [1.2.3.4]',
);
const operations = fc.constantFrom(
  'methods: [GET]',
  "notMethods: ['P*']",
  "paths: ['/a/*', /b]",
  "paths: ['/{*}/x']",
  "paths: ['/{*}/a=b']",
  "notPaths: ['*.txt']",
  "ports: ['80']",
  "ports: ['8080']",
  'hosts: [x.example]',
);
const conditions = fc.constantFrom(
  "{ key: 'request.headers[x]', values: ['1', 'a*'] }",
  "{ key: 'request.headers[x]', notValues: ['*'] }",
  "{ key: 'request.headers[:authority]', values: ['*'] }",
  '{ key: source.namespace, values: [side] }',
  '{ key: source.ip, notValues: [10.0.0.0/8] }',
);
const listOf = <T>(items: fc.Arbitrary<T>, name: string, wrap: (item: T) => string) =>
  fc.array(items, { maxLength: 2 }).map((all) => (all.length === 0 ? '' : `${name}: [${all.map(wrap).join(', ')}]`));
const rules = fc
  .tuple(
    listOf(sources, 'from', (fields) => `{ source: { ${fields} } }`),
    listOf(operations, 'to', (fields) => `{ operation: { ${fields} } }`),
    listOf(conditions, 'when', (fields) => fields),
  )
  .map((parts) => `{ ${parts.filter((part) => part !== '').join(', ')} }`);
const targets = fc.constantFrom(
  '',
  'selector: { matchLabels: { app: server } },',
  "targetRefs: [{ group: '', kind: Service, name: server }],",
  'targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: waypoint }],',
);
/** External authorizers may select by nothing that authentication finds out. */
const customRules = fc
  .tuple(
    listOf(
      fc.constantFrom('ipBlocks: [10.0.0.0/8]', 'remoteIpBlocks: [1.2.3.4]'),
      'from',
      (fields) => `{ source: { ${fields} } }`,
    ),
    listOf(operations, 'to', (fields) => `{ operation: { ${fields} } }`),
  )
  .map((parts) => `{ ${parts.filter((part) => part !== '').join(', ')} }`);
const actions = fc.oneof(
  fc.tuple(fc.constantFrom('ALLOW', 'DENY'), fc.array(rules, { minLength: 1, maxLength: 2 })),
  fc.tuple(
    fc.constantFrom('CUSTOM, provider: { name: opa }', 'CUSTOM, provider: { name: other }'),
    fc.array(customRules, { minLength: 1, maxLength: 2 }),
  ),
);
const policies = fc
  .array(fc.tuple(fc.constantFrom('amb', 'side', 'istio-system'), targets, actions, fc.boolean()), {
    minLength: 1,
    maxLength: 3,
  })
  .map((all) =>
    all
      .map(([namespace, target, [action, list], isForeign], index) => {
        const text = policy(namespace, `p${index}`, `{ action: ${action}, ${target} rules: [${list.join(', ')}] }`);
        return isForeign && index > 0
          ? text.replace('annotations', 'labels: { istio.io/rev: other }, annotations')
          : text;
      })
      .join(''),
  );

const places = fc.constantFrom(
  '',
  'fromHeaders: [{ name: X }],',
  "fromHeaders: [{ name: Authorization, prefix: 'Bearer ' }],",
  'fromHeaders: [{ name: authorization }],',
  'fromCookies: [x],',
);
const tokenRules = fc
  .array(fc.tuple(fc.constantFrom('issuer: issuer,', 'issuer: other, audiences: [shop],', ''), places), {
    minLength: 1,
    maxLength: 2,
  })
  .map((rules) =>
    rules.map(([issuer, place]) => `{ ${issuer} ${place} spaceDelimitedClaims: [role], jwksUri: 'https://a/k' }`),
  )
  .map((rules) => requestAuthentication('side', 'jwt', `{ jwtRules: [${rules.join(', ')}] }`));
const perhapsTokenRules = fc.oneof({ weight: 4, arbitrary: tokenRules }, { weight: 1, arbitrary: fc.constant('') });
const tokenConditions = fc.constantFrom(
  "{ key: request.auth.principal, values: ['issuer/*'] }",
  "{ key: request.auth.principal, notValues: ['*'] }",
  "{ key: request.auth.principal, values: ['*r/s*', other] }",
  "{ key: 'request.auth.claims[role]', values: [admin] }",
  "{ key: 'request.auth.claims[role]', values: ['admin of all'] }",
  "{ key: 'request.auth.claims[scope]', values: [read, 'read all'] }",
  "{ key: 'request.auth.claims[scope]', notValues: ['r*'] }",
  "{ key: 'request.auth.claims[iss]', values: [issuer, 'o*'] }",
  "{ key: 'request.auth.claims[sub]', notValues: [s] }",
  "{ key: 'request.auth.claims[aud]', values: [shop, 's*'] }",
  '{ key: request.auth.audiences, notValues: [shop] }',
  "{ key: 'request.auth.claims[azp]', values: [web] }",
  "{ key: request.auth.presenter, values: ['w*', app] }",
  "{ key: 'request.headers[x]', values: ['*'] }",
  "{ key: 'request.headers[Authorization]', notValues: ['*'] }",
  "{ key: 'request.headers[authorization]', values: ['Bearer *', 'Basic *'] }",
  "{ key: 'request.headers[cookie]', values: ['x=*', 'y=*'] }",
);
const tokenPolicies = fc
  .array(fc.tuple(fc.constantFrom('ALLOW', 'DENY'), fc.array(tokenConditions, { minLength: 1, maxLength: 2 })), {
    maxLength: 2,
  })
  .map((all) =>
    all
      .map(([action, when], index) =>
        policy('side', `p${index}`, `{ action: ${action}, rules: [{ when: [${when.join(', ')}] }] }`),
      )
      .join(''),
  );

/** What is known of external authorizers: nothing, all of them, or some. */
const extensionProviders = [{ name: 'opa', failOpen: false, statusOnError: 403 }];
const declarations = fc.constantFrom<Parameters<typeof meshOf>[1]>(
  {},
  { extensionProviders },
  { extensionProviders: [], knowsAllProviders: false },
  { pathNormalization: 'NONE' },
  { pathNormalization: 'DECODE_AND_MERGE_SLASHES', enableAutoMtls: false },
);

describe('what a lane lets through, against one decision after another', () => {
  it('agrees for any policies', () => {
    fc.assert(
      fc.property(policies, fc.subarray(['STRICT', 'PERMISSIVE', 'DISABLE']), declarations, (text, modes, declared) => {
        const settings = modes
          .map((mode) => peerAuthentication('istio-system', mode.toLowerCase(), `{ mtls: { mode: ${mode} } }`))
          .join('');
        const mesh = meshOf(base + text + settings, declared);
        for (const lane of lanes) expect(disagreements(mesh, lane)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('agrees for bytes at ports that are declared HTTP', () => {
    fc.assert(
      fc.property(policies, (text) => {
        const mesh = meshOf(andOpen + text);
        for (const to of declaredHttp) {
          expect(disagreements(mesh, { destination: destinationOf(to), payload: 'tcp' })).toEqual([]);
        }
      }),
      { numRuns: 20 },
    );
  }, 60_000);

  it('agrees for any tokens', () => {
    fc.assert(
      fc.property(perhapsTokenRules, tokenPolicies, (authentication, policies) => {
        const mesh = meshOf(threeNamespaces + authentication + policies);
        const lane: Lane = { destination: destinationOf('side/server:80'), payload: 'http' };
        expect(disagreements(mesh, lane)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

/** Claims that a token writes into headers are known of one request, and not always of a set. */
const writing = tokenRules.map((text) =>
  text.replaceAll(
    "jwksUri: 'https://a/k'",
    "jwksUri: 'https://a/k', outputClaimToHeaders: [{ header: X, claim: role }]",
  ),
);
const asking = fc.constantFrom(
  '',
  '{}',
  "{ when: [{ key: 'request.headers[authorization]', notValues: ['*'] }] }",
  "{ when: [{ key: 'request.headers[x]', values: ['*'] }] }",
);
const mayWrite = fc.constantFrom<readonly string[] | undefined>(undefined, [], ['x'], ['authorization'], ['cook*']);

describe('what changes requests before policies see them', () => {
  it('is never proved otherwise than it is decided', () => {
    fc.assert(
      fc.property(
        fc.oneof(perhapsTokenRules, writing),
        tokenPolicies,
        asking,
        mayWrite,
        (rules, policies, ask, names) => {
          const custom = ask && policy('side', 'ask', `{ action: CUSTOM, provider: { name: opa }, rules: [${ask}] }`);
          const declared = { name: 'opa', failOpen: false, statusOnError: 403 };
          const settings = names && { extensionProviders: [{ ...declared, headersToUpstreamOnAllow: names }] };
          const mesh = meshOf(threeNamespaces + rules + policies + custom, settings);
          const found = disagreements(mesh, { destination: destinationOf('side/server:80'), payload: 'http' });
          expect(found.filter((each) => !each.includes(': not-modelled, but'))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});

/** What the policies above tell apart. */
const requests = ['GET', 'POST', 'DELETE'].flatMap((method) =>
  ['/', '/a/x', '/b', '/x.txt'].flatMap((path) =>
    [{}, { x: '1' }].flatMap((headers) =>
      ['', 'x.example'].map((host) => get(path, { method, headers, ...(host && { host }) })),
    ),
  ),
);

describe('bytes that get to a port that is declared HTTP', () => {
  // So a proof that compares requests, and what comes to the pods, need not compare these bytes.
  it('are of somebody who gets every request there, or those bytes to the pods', () => {
    fc.assert(
      fc.property(policies, fc.subarray(['STRICT', 'PERMISSIVE']), (text, modes) => {
        const settings = modes.map((mode) =>
          peerAuthentication('amb', mode.toLowerCase(), `{ mtls: { mode: ${mode} } }`),
        );
        const mesh = meshOf(andOpen + text + settings.join(''));
        const isAllowed = (request: Request) => decide(mesh, request).verdict.kind === 'allowed';
        const sources = callersOf(mesh).classes.flatMap(({ source }) =>
          ['10.0.0.7', '10.1.0.7', '1.2.3.4'].map((ip) => ({ ...source, ip })),
        );
        for (const to of declaredHttp) {
          const destination = destinationOf(to);
          const atPods = destinationOf(`pod ${to.replace(':80', ':8080')}`);
          const passing = sources.filter((source) => isAllowed({ source, destination, payload: bytes }));
          const unlike = passing.filter((source) => {
            const named = requests.map((payload) => ({ ...payload, host: payload.host || usualHost(destination) }));
            const isAll = named.every((payload) => isAllowed({ source, destination, payload }));
            return !isAll && !isAllowed({ source, destination: atPods, payload: bytes });
          });
          expect(unlike).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});

it('what is addressed to a pod goes by its Host header where the sidecars of clients listen for requests to the port', () => {
  const web = `---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: side }
spec: { selector: { app: client }, ports: [{ name: http, port: 8080 }] }
`;
  const hosts = '[web.side.svc.cluster.local, web, nobody.example]';
  const rules = `rules: [{ to: [{ operation: { hosts: ${hosts}, methods: [GET] } }] }]`;
  const server = 'selector: { matchLabels: { app: server } }';
  for (const action of ['ALLOW', 'DENY']) {
    const mesh = meshOf(threeNamespaces + web + policy('side', 'p', `{ ${server}, action: ${action}, ${rules} }`));
    const lane: Lane = { destination: destinationOf('pod side/server:8080'), payload: 'http' };
    expect(disagreements(mesh, lane)).toEqual([]);
  }
});

describe('witnesses', () => {
  it('shows a request that walks around the waypoint', () => {
    const deny = `{ targetRefs: [{ group: '', kind: Service, name: server }], action: DENY, rules: [{ to: [{ operation: { methods: [DELETE] } }] }] }`;
    const mesh = meshOf(base + policy('amb', 'p', deny));
    const { space, lane, reach } = analyse(mesh, { destination: destinationOf('amb/server:80'), payload: 'http' });
    const position = space.positions.get('request.method') ?? 0;
    const dimension = space.dimensions[position - 1];
    const methods = dimension?.kind === 'value' ? dimension.atoms.map(({ values }) => values[0]) : [];
    expect(methods).toEqual(['X', 'DELETE']);
    const witness = witnessOf(space, lane, reach.surely);
    expect(witness && decide(mesh, witness).verdict.kind).toBe('allowed');
    const denied = witnessOf(space, lane, subtract(fullSet(space.shape), reach.possibly));
    expect(denied && describeRequest(denied)).toBe('DELETE / from amb/client to amb/server:80');
    const stopped = subtract(fullSet(space.shape), reach.possibly);
    expect(describeSet(space, lane, stopped)).toBe('DELETE from amb/client, amb/server to amb/server:80');
    expect(describeSet(space, lane, reach.surely)).toBe(
      'any but DELETE from anyone to amb/server:80, and 1 more of the kind',
    );
    expect(describeSet(space, lane, subtract(stopped, stopped))).toBe('no request');
  });

  it('tells a value that is called `other` from the others', () => {
    const deny = `{ action: DENY, rules: [{ when: [{ key: 'request.headers[x-kind]', values: [other] }] }] }`;
    const mesh = meshOf(base + policy('side', 'p', deny));
    const { space, lane, reach } = analyse(mesh, { destination: destinationOf('side/server:80'), payload: 'http' });
    const stopped = subtract(fullSet(space.shape), reach.possibly);
    expect(describeSet(space, lane, stopped)).toMatch(/headers\[x-kind\] other /);
    expect(describeSet(space, lane, reach.surely)).toMatch(/headers\[x-kind\] any but other /);
  });

  it('names the external authorizers that are asked', () => {
    const custom = `{ action: CUSTOM, provider: { name: opa }, rules: [{ to: [{ operation: { paths: [/a] } }] }] }`;
    const mesh = meshOf(threeNamespaces + policy('side', 'p', custom));
    const { space, lane, reach } = analyse(mesh, { destination: destinationOf('side/server:80'), payload: 'http' });
    const asked = reach.asks.get('opa');
    const witness = asked && witnessOf(space, lane, asked);
    expect(witness && decide(mesh, witness).verdict).toEqual({ kind: 'allowed', asks: ['opa'] });
  });
});
