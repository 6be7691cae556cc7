import { describe, expect, it } from 'vitest';
import { compile } from '../../src/pipeline.js';
import { policy, service, threeNamespaces, waypoint } from '../mesh/support/mesh.js';

const mesh = (version: string) => `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: test }
spec:
  clusters: [{ name: east, istio: { version: "${version}", sidecarsListenHbone: true } }]
`;

/** What becomes of the one check, why, and the request that shows it. */
function judged(manifests: string, check: string, version = '1.31'): string {
  const guardrail = `apiVersion: ambit.dev/v1alpha1\nkind: Guardrail\nmetadata: { name: g }\nspec: ${check}\n`;
  const sources = [
    { path: 'mesh.yaml', text: mesh(version) },
    { path: 'tests.yaml', text: guardrail },
    { path: 'manifests.yaml', text: manifests, cluster: 'east' },
  ];
  const { tests, diagnostics } = compile(sources, { today: '2026-01-01', provenance: 'none' });
  const [outcome] = tests;
  expect(outcome, diagnostics.map(({ message }) => message).join('\n')).toBeDefined();
  if (outcome?.status === 'passed') return 'passed';
  return `${outcome?.status}: ${outcome?.because}: ${outcome?.example?.request}`;
}

const object = (kind: string, spec: string, namespace = 'side', group = 'networking.istio.io/v1') => `---
apiVersion: ${group}
kind: ${kind}
metadata: { name: own, namespace: ${namespace} }
spec: ${spec}
`;
const routes = (rules: string, namespace = 'side') =>
  object('VirtualService', `{ hosts: [server], http: [${rules}] }`, namespace);
const toServer = 'route: [{ destination: { host: server } }]';
const to = 'to: [{ service: side/server, port: http }]';
const inTime = (more = to) => `{ always: [{ name: check, ${more}, timeout: { atMost: 5s } }] }`;
const without = (action: string, more = to) => `{ never: [{ name: check, ${more}, with: [${action}] }] }`;

describe('a time within which every request ends', () => {
  it('is one that some proxy keeps to, for every rule', () => {
    expect(judged(threeNamespaces, inTime(`from: [{ namespace: side }], ${to}`))).toMatch(
      /^failed: it has no timeout, and at most 5s is allowed: GET \/ from side\//,
    );
    const timed = routes(`{ timeout: 5s, ${toServer} }`);
    expect(judged(threeNamespaces + timed, inTime(`from: [{ namespace: side }], ${to}`))).toBe('passed');
    const later = routes(`{ timeout: 6s, ${toServer} }`);
    expect(judged(threeNamespaces + later, inTime(`from: [{ namespace: side }], ${to}`))).toMatch(/its timeout is 6s/);
  });

  it('looks at each rule for itself, and only at requests that are meant', () => {
    const some = routes(`{ match: [{ uri: { prefix: /slow } }], ${toServer} }, { timeout: 1s, ${toServer} }`);
    const from = 'from: [{ namespace: side }], ';
    const of = (paths: string) =>
      judged(threeNamespaces + some, inTime(`${from}to: [{ service: side/server, port: http, paths: [${paths}] }]`));
    expect(of('/slow/*')).toMatch(/^failed: it has no timeout.*: GET \/slow\//);
    expect(of('/quick, /quick/*')).toBe('passed');
    expect(judged(threeNamespaces + some, inTime(from + to))).toMatch(/: GET \/slow/);
  });

  it('is nothing for what policies never let through', () => {
    const closed = policy('side', 'nobody', '{}');
    expect(judged(threeNamespaces + closed, inTime())).toBe('passed');
  });

  it('nobody keeps to at ztunnel, and a waypoint does by its routes', () => {
    const timed = routes(`{ timeout: 5s, ${toServer} }`, 'amb');
    const from = 'from: [{ namespace: amb }], to: [{ service: amb/server, port: http }]';
    expect(judged(threeNamespaces + timed, inTime(from))).toMatch(/^failed: it has no timeout/);
    const bound = service('amb', 'server', '{ istio.io/use-waypoint: waypoint }');
    const behind = threeNamespaces.replace(service('amb', 'server'), bound) + waypoint('amb');
    expect(judged(behind + timed, inTime(from))).toBe('passed');
    expect(
      judged(
        behind + timed,
        `{ always: [{ name: check, ${from}, timeout: { atMost: 5s }, faults: [waypoint-missing] }] }`,
      ),
    ).toMatch(/^failed: it has no timeout/);
  });

  it('is asked of gateways by the routes of their listeners', () => {
    const gatewayApi = 'gateway.networking.k8s.io/v1';
    const gateway = object(
      'Gateway',
      '{ gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }',
      'side',
      gatewayApi,
    );
    const route = (timeout: string) =>
      object(
        'HTTPRoute',
        `{ parentRefs: [{ name: own }], rules: [{ ${timeout} backendRefs: [{ name: server, port: 80 }] }] }`,
        'side',
        gatewayApi,
      );
    const sidecarsInTime = routes(`{ timeout: 1s, ${toServer} }`);
    const all = threeNamespaces + gateway + sidecarsInTime;
    const check = inTime(`from: [{ gateway: side/own }], ${to}`);
    expect(judged(all + route('timeouts: { request: 2s },'), check)).toBe('passed');
    expect(judged(all + route(''), check)).toMatch(/^failed: it has no timeout.* through gateway side\/own to pod/);
  });
});

describe('retries', () => {
  const few = (most: number, more: string) =>
    `{ always: [{ name: check, from: [{ namespace: side }], ${more}, retries: { atMost: ${most} } }] }`;

  it('count those of Istio', () => {
    expect(judged(threeNamespaces, few(2, to))).toBe('passed');
    expect(judged(threeNamespaces, few(1, to))).toMatch(/^failed: it is sent again up to 2 times/);
  });

  it('are not proved where a patch release decides', () => {
    const bound = service('amb', 'server', '{ istio.io/use-waypoint: waypoint }');
    const behind = threeNamespaces.replace(service('amb', 'server'), bound) + waypoint('amb');
    const check =
      '{ always: [{ name: check, from: [{ namespace: amb }], to: [{ service: amb/server, port: http }], retries: { atMost: 2 } }] }';
    expect(judged(behind, check, '1.30')).toMatch(/^undecided: whether the waypoint is of 1\.30\.3/);
    expect(judged(behind, check, '1.31')).toBe('passed');
  });

  it('are in doubt where an EnvoyFilter may write them', () => {
    const filter = object(
      'EnvoyFilter',
      '{ configPatches: [{ applyTo: HTTP_ROUTE, match: { context: SIDECAR_OUTBOUND }, patch: { operation: MERGE, value: {} } }] }',
      'side',
      'networking.istio.io/v1alpha3',
    );
    expect(judged(threeNamespaces + filter, few(2, to))).toMatch(/^undecided: what EnvoyFilter side\/own changes/);
  });
});

describe('what must not be done with requests', () => {
  it('delays, some aborts and all aborts', () => {
    const fault = (what: string) => threeNamespaces + routes(`{ fault: { ${what} }, ${toServer} }`);
    const check = without('FaultInjection');
    expect(judged(threeNamespaces + routes(`{ ${toServer} }`), check)).toBe('passed');
    expect(judged(fault('delay: { percentage: { value: 1 }, fixedDelay: 3s }'), check)).toMatch(
      /^failed: 1% of such requests are delayed by 3s/,
    );
    expect(judged(fault('abort: { percentage: { value: 50 }, httpStatus: 500 }'), check)).toMatch(
      /^failed: 50% of such requests are answered with status 500/,
    );
    expect(judged(fault('abort: { percentage: { value: 100 }, httpStatus: 503 }'), check)).toMatch(
      /^failed: 100% of such requests are answered with status 503/,
    );
  });

  it('those of another Service count where its routes lead to the pods', () => {
    const other = service('side', 'client');
    const led = (fault: string) =>
      object('VirtualService', `{ hosts: [client], http: [{ ${fault} ${toServer} }] }`) + other;
    const delay = 'fault: { delay: { percentage: { value: 1 }, fixedDelay: 3s } },';
    const check = without('FaultInjection', 'to: [{ workload: side/server }]');
    expect(judged(threeNamespaces + led(delay), check)).toMatch(/ to side\/client:8[02]$/);
    expect(judged(threeNamespaces + led(''), check)).toBe('passed');
  });

  it('copies for somebody else', () => {
    const mirrored = routes(`{ mirror: { host: client }, ${toServer} }`) + service('side', 'client');
    expect(judged(threeNamespaces + mirrored, without('Mirroring'))).toMatch(
      /^failed: such requests are mirrored to client\.side\.svc\.cluster\.local/,
    );
    expect(judged(threeNamespaces + mirrored, without('FaultInjection'))).toBe('passed');
    const timed = routes(`{ timeout: 1s, mirror: { host: client }, ${toServer} }`) + service('side', 'client');
    const own = object(
      'VirtualService',
      '{ hosts: [client], http: [{ timeout: 1s, route: [{ destination: { host: client } }] }] }',
    ).replace('name: own', 'name: client');
    const copied = 'from: [{ namespace: side }], to: [{ service: side/client, port: http }]';
    expect(judged(threeNamespaces + timed + own, inTime(copied))).toBe('passed');
  });
});
