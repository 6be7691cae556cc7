import { describe, expect, it } from 'vitest';
import { decide } from '../../src/mesh/decide.js';
import { compile } from '../../src/pipeline.js';
import {
  meshOf,
  peerAuthentication,
  policy,
  service,
  threeNamespaces,
  waypoint,
  workload,
} from '../mesh/support/mesh.js';
import { get, requestOf } from '../mesh/support/requests.js';
import { fc } from '../support/fast-check.js';

const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: test }
spec:
  clusters: [{ name: east, istio: { sidecarsListenHbone: true } }]
  callers: [{ name: office, plaintext: true, ipBlocks: [203.0.113.0/24] }, { name: probe, plaintext: true }]
`;

function outcomesOf(manifests: string, tests: string) {
  const sources = [
    { path: 'mesh.yaml', text: mesh },
    { path: 'tests.yaml', text: tests },
    { path: 'manifests.yaml', text: manifests, cluster: 'east' },
  ];
  return compile(sources, { today: '2026-01-01', provenance: 'none', accessTests: true });
}

/** The checks of one guardrail, as flow mappings by modality. */
function guardrail(checks: string): string {
  return `apiVersion: ambit.dev/v1alpha1\nkind: Guardrail\nmetadata: { name: g }\nspec: ${checks}\n`;
}

function cases(...lines: readonly string[]): string {
  return `apiVersion: ambit.dev/v1alpha1\nkind: AccessTest\nmetadata: { name: t }\nspec:\n  cases:\n${lines.map((line) => `    - ${line}\n`).join('')}`;
}

function statusOf(manifests: string, check: string): string {
  const { tests, diagnostics } = outcomesOf(manifests, guardrail(check));
  const [outcome] = tests;
  expect(outcome, diagnostics.map(({ message }) => message).join('\n')).toBeDefined();
  return `${outcome?.status}${outcome?.example === undefined ? '' : `: ${outcome.example.request}`}`;
}

const closed = policy('amb', 'nobody', '{}') + policy('side', 'nobody', '{}');
const strict = peerAuthentication('istio-system', 'default', '{ mtls: { mode: STRICT } }');
const toServer = 'to: [{ service: amb/server, port: http }]';

describe('callers of a guardrail', () => {
  const clientOnly =
    closed + policy('amb', 'p', '{ rules: [{ from: [{ source: { serviceAccounts: [amb/client] } }] }] }');

  it.each([
    ['[anyone]', 'failed: GET / from amb/client to amb/server:80'],
    ['[{ workload: amb/client }]', 'failed: GET / from amb/client to amb/server:80'],
    ['[{ serviceAccount: amb/client }]', 'failed: GET / from amb/client to amb/server:80'],
    ['[{ namespace: amb }]', 'failed: GET / from amb/client to amb/server:80'],
    ['[{ outside: { namespaces: [amb] } }]', 'passed'],
    ['[{ outside: { namespaces: [side] } }]', 'failed: GET / from amb/client to amb/server:80'],
    ['[{ workload: side/client }, { external: office }, plaintext]', 'passed'],
    ['[{ service: amb/server }]', 'passed'],
  ])('never %s: %s', (from, expected) => {
    expect(statusOf(threeNamespaces + clientOnly, `{ never: [{ name: check, from: ${from}, ${toServer} }] }`)).toBe(
      expected,
    );
  });

  it('names the caller that a check is about when others share its identity', () => {
    const twins =
      threeNamespaces + workload('amb', 'twin').replace('serviceAccountName: twin', 'serviceAccountName: client');
    const only = `{ only: [{ name: check, from: [{ workload: amb/client }], ${toServer} }] }`;
    expect(statusOf(twins + clientOnly, only)).toBe('failed: GET / from amb/twin to amb/server:80');
    expect(statusOf(threeNamespaces + clientOnly, only)).toBe('passed');
    const never = `{ never: [{ name: check, from: [{ workload: amb/twin }], ${toServer} }] }`;
    expect(statusOf(twins + clientOnly, never)).toBe('failed: GET / from amb/twin to amb/server:80');
  });

  it('counts workloads that are not deployed yet', () => {
    const future = closed + policy('amb', 'p', '{ rules: [{ from: [{ source: { serviceAccounts: [amb/later] } }] }] }');
    expect(statusOf(threeNamespaces + future, `{ never: [{ name: check, ${toServer} }] }`)).toBe(
      'failed: GET / from a new ambient workload as amb/later to amb/server:80',
    );
  });

  it('tells outside callers apart by their addresses', () => {
    const office = closed + policy('side', 'p', '{ rules: [{ from: [{ source: { ipBlocks: [203.0.113.0/24] } }] }] }');
    const to = 'to: [{ service: side/server, port: http }]';
    const check = (from: string) =>
      statusOf(threeNamespaces + office, `{ never: [{ name: check, from: [${from}], ${to} }] }`);
    expect(check('{ external: office }')).toMatch(
      /^failed: .* from an unauthenticated client .*\(address 203\.0\.113\.0\)$/,
    );
    expect(check('{ ipBlocks: [10.0.0.0/8] }')).toBe('passed');
    expect(statusOf(threeNamespaces + office, `{ only: [{ name: check, from: [{ external: office }], ${to} }] }`)).toBe(
      'passed',
    );
  });

  it('finds plaintext by how it arrives, not by who sends it', () => {
    const check = (faults: string) =>
      `{ never: [{ name: check, from: [plaintext], to: [{ workload: side/server, port: 8080 }], faults: ${faults} }] }`;
    const faults = '[jwks-unavailable]';
    expect(statusOf(threeNamespaces, check(faults))).toMatch(/^failed/);
    expect(statusOf(threeNamespaces + strict, check(faults))).toBe('passed');
    expect(statusOf(threeNamespaces + strict, check('[mtls-permissive]'))).toMatch(/^failed/);
  });
});

/** The server of `side` with a port that its sidecar does not take. */
function excluded(manifests: string, port: string): string {
  const server = workload('side', 'server');
  const annotations = `annotations: { traffic.sidecar.istio.io/excludeInboundPorts: "${port}" }, labels:`;
  return manifests.replace(server, server.replace('labels:', annotations));
}

const openPort = peerAuthentication(
  'side',
  'open',
  '{ selector: { matchLabels: { app: server } }, mtls: { mode: STRICT }, portLevelMtls: { 7002: { mode: DISABLE } } }',
);

describe('requests and ways of a guardrail', () => {
  const behindWaypoint =
    threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }')) +
    waypoint('amb');
  const deny = policy(
    'amb',
    'p',
    "{ targetRefs: [{ group: '', kind: Service, name: server }], action: DENY, rules: [{ to: [{ operation: { methods: [DELETE] } }] }] }",
  );
  const check = (more = '') =>
    `{ never: [{ name: check, from: [{ namespace: amb }], to: [{ service: amb/server, methods: [DELETE], port: http }]${more} }] }`;

  it('knows the way around a waypoint', () => {
    expect(statusOf(behindWaypoint + deny, check(', addressing: [service]'))).toBe('passed');
    expect(statusOf(behindWaypoint + deny, check())).toBe('failed: DELETE / from amb/client to pod of amb/server:8080');
  });

  it('judges the mesh with a fault, and says which one breaks it', () => {
    const { tests } = outcomesOf(
      behindWaypoint + deny,
      guardrail(check(', addressing: [service], faults: [jwks-unavailable, waypoint-missing]')),
    );
    expect(tests).toMatchObject([{ status: 'failed', fault: 'waypoint-missing' }]);
  });

  it('finds ports that nobody declares', () => {
    const named = policy(
      'amb',
      'p',
      "{ action: DENY, rules: [{ to: [{ operation: { ports: ['8080', '9000', '8082'] } }] }] }",
    );
    const open = '{ never: [{ name: check, from: [{ namespace: side }], to: [{ workload: amb/server }] }] }';
    expect(statusOf(threeNamespaces + named, open)).toMatch(/^failed: .* to pod of amb\/server:65535$/);
    expect(statusOf(threeNamespaces + closed, open)).toBe('passed');
  });

  it('finds the ports that sidecars serve themselves, after all others', () => {
    const never = (target: string, more = '') =>
      `{ never: [{ name: check, from: [plaintext], to: [{ ${target} }]${more} }] }`;
    const toAll = never('workload: side/server');
    expect(statusOf(threeNamespaces + strict, toAll)).toMatch(/^failed: .* to pod of side\/server:15020$/);
    expect(statusOf(threeNamespaces, toAll)).toMatch(/^failed: .* to side\/server:80$/);
    const withoutThem = never('workload: side/server', ', except: [ProxyPorts]');
    expect(statusOf(threeNamespaces + strict, withoutThem)).toBe('passed');
    const toOne = never('workload: side/server, port: 15090', ', except: [ProxyPorts]');
    expect(statusOf(threeNamespaces + strict, toOne)).toMatch(/^failed: .*:15090$/);
    expect(statusOf(threeNamespaces + strict, never('workload: amb/server'))).toBe('passed');
  });

  it.each([
    ['left to the application', (text: string) => excluded(text, '7001'), 7001],
    ['open to plaintext', (text: string) => text + openPort, 7002],
  ])('finds a port that nobody declares and that is %s', (_, changed, port) => {
    const never =
      '{ never: [{ name: check, from: [plaintext], to: [{ workload: side/server }], except: [ProxyPorts] }] }';
    expect(statusOf(changed(threeNamespaces) + strict, never)).toMatch(new RegExp(`^failed: .*:${port}$`));
  });

  it('finds callers who come by the host of a ServiceEntry, with their identity', () => {
    const entry = `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: inner, namespace: side }
spec:
  hosts: [api.inner]
  location: MESH_INTERNAL
  resolution: STATIC
  workloadSelector: { labels: { app: lone } }
  ports: [{ number: 70, name: p, protocol: HTTP, targetPort: 8080 }]
`;
    const guarded = threeNamespaces + workload('side', 'lone') + strict;
    const never =
      '{ never: [{ name: check, from: [{ workload: side/client }], to: [{ workload: side/lone, port: 8080 }] }] }';
    expect(statusOf(guarded, never)).toBe('passed');
    expect(statusOf(guarded + entry, never)).toBe('failed: GET / from side/client to side/api.inner:70');
  });

  it('means every pod by a number, whether the pod declares the port or not', () => {
    const never = '{ never: [{ name: check, from: [{ namespace: side }], to: [{ namespace: amb, port: 5005 }] }] }';
    expect(statusOf(threeNamespaces, never)).toMatch(/^failed: .* to pod of amb\/\w+:5005$/);
    const denied = policy('amb', 'p', "{ action: DENY, rules: [{ to: [{ operation: { ports: ['5005'] } }] }] }");
    expect(statusOf(threeNamespaces + denied, never)).toBe('passed');
  });

  it('means what callers do by always', () => {
    const always = (from: string) => `{ always: [{ name: check, from: [${from}], ${toServer} }] }`;
    const guarded =
      closed +
      policy(
        'amb',
        'p',
        "{ rules: [{ from: [{ source: { namespaces: [amb] } }], to: [{ operation: { ports: ['8080'] } }] }] }",
      );
    expect(statusOf(threeNamespaces + guarded, always('{ workload: amb/client }'))).toBe('passed');
    expect(statusOf(threeNamespaces + guarded, always('{ workload: side/client }'))).toBe(
      'failed: GET / from side/client to amb/server:80',
    );
  });

  it('requires tokens', () => {
    const authentication = `---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: jwt, namespace: side }
spec: { jwtRules: [{ issuer: issuer, jwksUri: 'https://issuer/keys' }] }
`;
    const require = policy('side', 'p', "{ rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] }");
    const absent = '{ never: [{ name: check, to: [{ service: side/server, port: http, token: Absent }] }] }';
    expect(statusOf(threeNamespaces + authentication, absent)).toMatch(/^failed/);
    expect(statusOf(threeNamespaces + authentication + require, absent)).toBe('passed');
  });
});

describe('a guardrail against one request after another', () => {
  const ways = ['amb/server:80', 'pod amb/server:8080', 'side/server:80', 'pod side/server:8080'];
  const requests = ['/a', '/a/b', '/a/c', '/c'].map((path) => get(path, { method: 'POST' }));
  const sources = fc.constantFrom(
    'namespaces: [amb]',
    'namespaces: [side]',
    'serviceAccounts: [side/client]',
    'notNamespaces: [side]',
  );
  const operations = fc.constantFrom(
    'methods: [GET]',
    "methods: ['P*']",
    "paths: ['/a/b*']",
    'paths: [/c]',
    "ports: ['80']",
    "ports: ['8080']",
  );
  const policies = fc
    .array(fc.tuple(fc.constantFrom('amb', 'side'), fc.constantFrom('ALLOW', 'DENY'), sources, operations), {
      minLength: 1,
      maxLength: 3,
    })
    .map((all) =>
      all
        .map(([namespace, action, source, operation], index) => {
          const rule = `{ from: [{ source: { ${source} } }], to: [{ operation: { ${operation} } }] }`;
          return policy(namespace, `p${index}`, `{ action: ${action}, rules: [${rule}] }`);
        })
        .join(''),
    );
  const check =
    '{ never: [{ name: check, from: [{ namespace: side }], to: [{ service: amb/server, port: http, methods: [POST], paths: [/a/*] }, { service: side/server, port: http, methods: [POST], paths: [/a/*] }] }] }';

  it('passes exactly if no request of its set is allowed', () => {
    fc.assert(
      fc.property(policies, (text) => {
        const manifests = threeNamespaces + closed + strict + text;
        const judged = meshOf(manifests, { sidecarsListenHbone: true });
        const meant = requests.filter(({ path }) => path.startsWith('/a/'));
        const allowed = ['side/client', 'side/server'].some((from) =>
          ways.some((to) =>
            meant.some((payload) => decide(judged, requestOf(from, to, payload)).verdict.kind === 'allowed'),
          ),
        );
        expect(statusOf(manifests, check)).toMatch(allowed ? /^failed/ : /^passed/);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an AccessTest', () => {
  const onlyGet = closed + policy('side', 'p', '{ rules: [{ to: [{ operation: { methods: [GET], paths: [/a] } }] }] }');

  function judged(line: string, manifests = threeNamespaces + onlyGet) {
    const { tests, diagnostics } = outcomesOf(manifests, cases(line));
    const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    return { status: tests[0]?.status, errors };
  }

  it.each([
    ['{ expect: allow, from: side/client, to: "side/server:http", path: /a }', 'passed'],
    ['{ expect: deny, from: side/client, to: "side/server:80", path: /b }', 'passed'],
    ['{ expect: allow, from: side/client, to: "side/server:http", path: /b }', 'failed'],
    ['{ expect: deny, from: outside, to: "side/server:http", path: /a }', 'failed'],
    ['{ expect: allow, from: amb/client, to: "side/server:web", path: /a, via: podIP }', 'passed'],
    [
      '{ expect: deny, from: side/client, to: "side/server:http", method: PUT, path: /a, headers: { x-a: b } }',
      'passed',
    ],
    ['{ expect: deny, from: side/client, to: "side/server:tcp" }', 'passed'],
  ])('%s: %s', (line, status) => {
    expect(judged(line)).toEqual({ status, errors: [] });
  });

  it('judges every address that a caller declares', () => {
    const allowing = (block: string) => {
      const allow = policy('side', 'p', `{ rules: [{ from: [{ source: { ipBlocks: [${block}] } }] }] }`);
      return threeNamespaces + closed + allow;
    };
    const line = (expect: string) => `{ expect: ${expect}, from: "external:office", to: "side/server:http" }`;
    expect(judged(line('allow'), allowing('203.0.0.0/16')).status).toBe('passed');
    expect(judged(line('deny'), allowing('198.51.100.0/24')).status).toBe('passed');
    expect(judged(line('allow'), allowing('203.0.113.128/25')).status).toBe('failed');
    expect(judged(line('deny'), allowing('203.0.113.128/25')).status).toBe('failed');
    const probe = '{ expect: allow, from: "external:probe", to: "side/server:http" }';
    expect(judged(probe, allowing('203.0.0.0/16')).status).toBe('undecided');
  });

  it('judges every pod behind a name', () => {
    const two = threeNamespaces + workload('side', 'other', ', version: v2').replaceAll('app: other', 'app: server');
    const one = policy('side', 'v2', '{ selector: { matchLabels: { version: v2 } }, action: DENY, rules: [{}] }');
    const line = '{ expect: allow, from: side/client, to: "side/server:http" }';
    expect(judged(line, two).status).toBe('passed');
    expect(judged(line, two + one).status).toBe('failed');
  });

  it.each([
    ['{ expect: deny, from: side/nobody, to: "side/server:http" }', 'AMB5101'],
    ['{ expect: deny, from: side/client, to: "side/nothing:http" }', 'AMB5102'],
    ['{ expect: deny, from: side/client, to: "side/server:nothing" }', 'AMB5103'],
    ['{ expect: deny, from: side/client, to: "side/server:http", cluster: west }', 'AMB5106'],
    ['{ expect: deny, from: outside, fromIP: somewhere, to: "side/server:http" }', 'AMB2025'],
    ['{ expect: deny, from: side/client, to: "side/server:http", method: gte }', 'AMB2022'],
    ['{ expect: maybe, from: outside, to: "side/server:http" }', 'AMB1055'],
  ])('%s: %s', (line, code) => {
    expect(judged(line)).toEqual({ status: undefined, errors: [code] });
  });
});
