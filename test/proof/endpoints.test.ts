import { describe, expect, it } from 'vitest';
import { compile, verify } from '../../src/pipeline.js';

const today = '2026-06-01';

function namespace(name: string, plane: 'sidecar' | 'ambient'): string {
  const label = plane === 'sidecar' ? 'istio-injection: enabled' : 'istio.io/dataplane-mode: ambient';
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${label} } }\n---\n`;
}

function pods(home: string, name: string, app: string, labels = ''): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${home} }
spec:
  template:
    metadata: { labels: { app: ${app}${labels} } }
    spec: { serviceAccountName: ${app}, containers: [{ name: app }] }
---
`;
}

function manifests(plane: 'sidecar' | 'ambient'): string {
  return [
    namespace('books', plane),
    namespace('web', plane),
    'apiVersion: v1\nkind: Service\nmetadata: { name: catalog, namespace: books }\nspec:\n  selector: { app: catalog }\n',
    '  ports:\n    - { name: http, port: 80, targetPort: 8080 }\n    - { name: tcp-log, port: 7000, targetPort: 7000 }\n---\n',
    pods('books', 'catalog-v1', 'catalog', ', version: v1'),
    pods('books', 'catalog-v2', 'catalog', ', version: v2'),
    pods('web', 'shop', 'shop'),
  ].join('');
}

const mesh = (version: string) =>
  `apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: m }\nspec: { clusters: [{ name: east, istio: { version: "${version}" } }] }\n`;

function settings(body: string): string {
  return `apiVersion: ambit.dev/v1alpha1\nkind: TrafficSettings\nmetadata: { name: catalog }\nspec:\n  scope: { service: books/catalog }\n${body}`;
}

const whole = settings(`  balance: { algorithm: RoundRobin, warmup: 1m }
  locality: { failover: { eu-west: eu-central } }
  connections:
    maxConnections: 100
    maxPending: 50
    maxRequests: 200
    maxRequestsPerConnection: 1000
    maxStreams: 70
    maxRetries: 5
    connectTimeout: 2s
    idleTimeout: 5m
    maxDuration: 1h
    keepAlive: { idle: 1m, interval: 10s, probes: 3 }
    http2KeepAlive: { interval: 20s, timeout: 4s }
    http2: true
  outliers: { sensitivity: Medium, consecutiveGatewayErrors: 4, consecutiveLocalFailures: 6, minHealthPercent: 20 }
  ports: { tcp-log: { connections: { maxConnections: 10 } } }
  versions:
    stable: { labels: { version: v1 } }
    next: { labels: { version: v2 }, connections: { maxRequests: 20 }, outliers: { sensitivity: High } }
  split: { stable: 90, next: 10 }
`);

type Sources = Parameters<typeof compile>[0];

function sourcesOf(intents: string, plane: 'sidecar' | 'ambient', version = '1.31'): Sources {
  return [
    { path: 'mesh.yaml', text: mesh(version) },
    { path: 'intents.yaml', text: intents },
    { path: 'manifests.yaml', text: manifests(plane) },
  ];
}

/** The codes of what is wrong with an output after a change of its text; the change has to find something. */
function codesAfter(sources: Sources, change: (text: string) => string): readonly string[] {
  const { files, diagnostics } = compile(sources, { today });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const changed = files.map((file) => ({ ...file, text: change(file.text) }));
  expect(changed).not.toEqual(files);
  return verify(sources, { today, applied: changed }).diagnostics.map(({ code }) => code);
}

/** Each line that decides something in the output of `whole`, with another value. */
const mutants: ReadonlyArray<readonly [line: RegExp, instead: string]> = [
  [/simple: ROUND_ROBIN/, 'simple: RANDOM'],
  [/duration: "1m"/, 'duration: "2m"'],
  [/to: eu-central/, 'to: eu-north'],
  [/maxConnections: 100/, 'maxConnections: 1'],
  [/maxConnections: 10$/m, 'maxConnections: 11'],
  [/http1MaxPendingRequests: 50/, 'http1MaxPendingRequests: 5'],
  [/http2MaxRequests: 200/, 'http2MaxRequests: 5'],
  [/http2MaxRequests: 20$/m, 'http2MaxRequests: 21'],
  [/maxRequestsPerConnection: 1000/, 'maxRequestsPerConnection: 1'],
  [/maxConcurrentStreams: 70/, 'maxConcurrentStreams: 7'],
  [/maxRetries: 5/, 'maxRetries: 6'],
  [/connectTimeout: "2s"/, 'connectTimeout: "3s"'],
  [/ {2}idleTimeout: "5m"/, '  idleTimeout: "6m"'],
  [/maxConnectionDuration: "1h"/, 'maxConnectionDuration: "2h"'],
  [/probes: 3/, 'probes: 4'],
  [/interval: "20s"/, 'interval: "21s"'],
  [/timeout: "4s"/, 'timeout: "5s"'],
  [/h2UpgradePolicy: UPGRADE/, 'h2UpgradePolicy: DO_NOT_UPGRADE'],
  [/consecutive5xxErrors: 5/, 'consecutive5xxErrors: 6'],
  [/consecutive5xxErrors: 3/, 'consecutive5xxErrors: 2'],
  [/consecutiveGatewayErrors: 4/, 'consecutiveGatewayErrors: 0'],
  [/consecutiveLocalOriginFailures: 6/, 'consecutiveLocalOriginFailures: 7'],
  [/ {2}interval: "10s"\n( *)baseEjection/, '  interval: "11s"\n$1baseEjection'],
  [/baseEjectionTime: "30s"/, 'baseEjectionTime: "31s"'],
  [/maxEjectionPercent: 30/, 'maxEjectionPercent: 31'],
  [/minHealthPercent: 20/, 'minHealthPercent: 0'],
  [/number: 7000/, 'number: 80'],
];

describe.each(['sidecar', 'ambient'] as const)('what proxies keep to on the way to pods, with %s callers', (plane) => {
  it('is proved of the output', () => {
    const { proof, diagnostics } = compile(sourcesOf(whole, plane), { today });
    expect(diagnostics.map(({ code }) => code)).toEqual([]);
    expect(proof?.endpoints).toMatchObject({ services: 1, deviating: [], open: [] });
  });

  it.each(mutants)('differs where %s is changed', (line, instead) => {
    const codes = codesAfter(sourcesOf(whole, plane), (text) =>
      text.includes('kind: DestinationRule') ? text.replace(new RegExp(line, `g${line.flags}`), instead) : text,
    );
    expect(codes).toContain('AMB5138');
  });
});

describe('affinity at a waypoint', () => {
  const bound = settings('  affinity: { cookie: { name: session, path: /, ttl: 1h } }\n');
  const changes = [
    ['name: session', 'name: other'],
    ['path: /\n', 'path: /shop\n'],
    ['ttl: "1h"', 'ttl: "2h"'],
  ] as const;

  it.each(changes)('differs where %s is changed', (line, instead) => {
    const codes = codesAfter(sourcesOf(bound, 'ambient', '1.31'), (text) => text.replace(line, instead));
    expect(codes).toContain('AMB5138');
  });

  it('by address binds nobody: out of the tunnel comes none', () => {
    const byAddress = (text: string) => text.replace(/httpCookie:\n(?: {8}.*\n)+/, 'useSourceIp: true\n');
    expect(codesAfter(sourcesOf(bound, 'ambient'), byAddress)).toContain('AMB5138');
  });

  it('is lost without the route that carries it, before Istio 1.31', () => {
    const withoutRoute = (text: string) => text.replace('kind: HTTPRoute', 'kind: TLSRoute');
    expect(codesAfter(sourcesOf(bound, 'ambient', '1.30'), withoutRoute)).toContain('AMB5138');
  });
});

describe.each(['sidecar', 'ambient'] as const)('a budget of retries, with %s callers', (plane) => {
  const bounded = sourcesOf(settings('  connections: { retryBudget: { percent: 25, minConcurrent: 5 } }\n'), plane);

  it('is proved of the output', () => {
    expect(compile(bounded, { today }).proof?.endpoints).toMatchObject({ services: 1, deviating: [], open: [] });
  });

  it.each([
    ['percent: 25', 'percent: 26'],
    ['minRetryConcurrency: 5', 'minRetryConcurrency: 6'],
    ['retryBudget:', 'portLevelSettings: [{ port: { number: 80 }, outlierDetection: {} }]\n    retryBudget:'],
  ])('differs where %s becomes %s', (line, instead) => {
    expect(codesAfter(bounded, (text) => text.replace(line, instead))).toContain('AMB5138');
  });
});

describe('near pods', () => {
  it('are a matter of the Service, also for ztunnel', () => {
    const near = sourcesOf(settings('  locality: { prefer: SameZone }\n'), 'ambient');
    expect(compile(near, { today }).proof?.endpoints).toMatchObject({ services: 1, deviating: [], open: [] });
    expect(codesAfter(near, (text) => text.replace('PreferSameZone', 'PreferSameNode'))).toContain('AMB5138');
  });
});

describe('who may not call', () => {
  it('is not asked what his proxy keeps to', () => {
    const rule = `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: own, namespace: web }
spec: { host: catalog.books.svc.cluster.local, trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } } }
`;
    const closed = `---
apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: books }
spec:
  scope: { namespace: books }
  mtls: { mode: Strict }
  authorization: { default: Deny, allow: [{ name: own, from: [{ namespace: books }], to: [{ service: catalog }] }] }
`;
    const limited = settings('  connections: { maxConnections: 10 }\n');
    const codesOf = (intents: string) =>
      verify(
        [
          ...sourcesOf(intents, 'sidecar').slice(0, 2),
          { path: 'manifests.yaml', text: manifests('sidecar') + rule.slice(4) },
        ],
        { today, applied: compile(sourcesOf(intents, 'sidecar'), { today }).files },
      ).diagnostics.map(({ code }) => code);
    expect(codesOf(limited)).toContain('AMB5138');
    expect(codesOf(`${limited}${closed}`)).not.toContain('AMB5138');
  });
});
