import { describe, expect, it } from 'vitest';
import { compile } from '../../src/pipeline.js';
import { policy, service, threeNamespaces, waypoint, workload } from '../mesh/support/mesh.js';

const mesh = (version: string) => `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: test }
spec:
  clusters: [{ name: east, istio: { version: "${version}", sidecarsListenHbone: true } }]
`;

/** The status of each case, and why it is no pass. */
function judged(manifests: string, cases: readonly string[], version = '1.31'): readonly string[] {
  const lines = cases.map((line) => `    - { ${line} }\n`).join('');
  const tests = `apiVersion: ambit.dev/v1alpha1\nkind: AccessTest\nmetadata: { name: t }\nspec:\n  cases:\n${lines}`;
  const sources = [
    { path: 'mesh.yaml', text: mesh(version) },
    { path: 'tests.yaml', text: tests },
    { path: 'manifests.yaml', text: manifests, cluster: 'east' },
  ];
  const result = compile(sources, { today: '2026-01-01', provenance: 'none', accessTests: true });
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ message }) => message)).toEqual([]);
  return result.tests.map(({ status, because }) => (status === 'passed' ? status : `${status}: ${because}`));
}

const object = (kind: string, spec: string, namespace = 'side', group = 'networking.istio.io') => `---
apiVersion: ${group}/v1
kind: ${kind}
metadata: { name: own, namespace: ${namespace} }
spec: ${spec}
`;
const second = (namespace: string) => workload(namespace, 'second', ', version: v2');
const sidecars = threeNamespaces + second('side') + service('side', 'second');
const sent = 'from: side/client, to: "side/server:80"';

describe('ends and versions', () => {
  const split = object(
    'VirtualService',
    '{ hosts: [server], http: [{ route: [{ destination: { host: server }, weight: 99 }, { destination: { host: second }, weight: 1 }] }] }',
  );

  it('every end counts, whatever its share', () => {
    expect(
      judged(sidecars + split, [
        `expect: allow, ${sent}, destination: [side/server, side/second]`,
        `expect: allow, ${sent}, destination: [side/server]`,
        `expect: allow, ${sent}, version: [v1]`,
        `expect: allow, ${sent}`,
      ]),
    ).toEqual([
      'passed',
      'failed: it ends at side/second, and side/server is expected',
      'failed: it reaches no version, and v1 is expected',
      'passed',
    ]);
  });

  it('a version has the name of its subset, its label, its Service, and what its Service adds to the name', () => {
    const all = sidecars + workload('side', 'server-next', ', version: v3') + service('side', 'server-next');
    const routed = (destination: string) =>
      all +
      object('VirtualService', `{ hosts: [server], http: [{ route: [{ destination: { ${destination} } }] }] }`) +
      object('DestinationRule', '{ host: second, subsets: [{ name: new, labels: { version: v2 } }] }');
    const version = (...names: readonly string[]) => names.map((name) => `expect: allow, ${sent}, version: [${name}]`);
    expect(judged(routed('host: second, subset: new'), version('new', 'v2', 'second', 'old'))).toEqual([
      'passed',
      'passed',
      'passed',
      'failed: it reaches version new, and old is expected',
    ]);
    expect(judged(routed('host: server-next'), version('next', 'v3', 'side/server-next'))).toEqual([
      'passed',
      'passed',
      'passed',
    ]);
  });
});

describe('answers of the mesh', () => {
  const routed = object(
    'VirtualService',
    '{ hosts: [server], http: [{ match: [{ uri: { exact: /old } }], redirect: { uri: /new } }, { match: [{ uri: { exact: /half } }], fault: { abort: { percentage: { value: 50 }, httpStatus: 503 } }, route: [{ destination: { host: server } }] }, { match: [{ uri: { exact: /new } }], route: [{ destination: { host: server } }] }] }',
  );

  it('404, redirects, aborts and denials have their status', () => {
    expect(
      judged(sidecars + routed, [
        `expect: deny, ${sent}, path: /else, status: [404]`,
        `expect: deny, ${sent}, path: /old, status: [301]`,
        `expect: deny, ${sent}, path: /old, status: [302]`,
        `expect: allow, ${sent}, path: /half, status: [503]`,
        `expect: allow, ${sent}, path: /half, retries: 2`,
        `expect: deny, ${sent}, path: /new, status: [404]`,
      ]),
    ).toEqual([
      'passed',
      'passed',
      'failed: it is answered with status 301, and 302 is expected',
      'passed',
      'failed: the rule aborts the request',
      'failed: no policy denies it',
    ]);
    const closed = policy('side', 'nobody', '{}');
    expect(
      judged(sidecars + closed, [`expect: deny, ${sent}, status: [403]`, `expect: deny, ${sent}, status: [404]`]),
    ).toEqual(['passed', 'failed: it is answered with status 403, and 404 is expected']);
  });
});

describe('time and retries', () => {
  const timed = object(
    'VirtualService',
    '{ hosts: [server], http: [{ timeout: 2s, retries: { attempts: 0 }, route: [{ destination: { host: server } }] }] }',
  );
  const asked = (from: string, to: string, more: string) => `expect: allow, from: ${from}, to: "${to}", ${more}`;

  it('are those of the route, or of Istio', () => {
    expect(
      judged(sidecars + timed, [
        `expect: allow, ${sent}, timeout: 2s, retries: 0`,
        `expect: allow, ${sent}, timeout: None`,
        `expect: allow, ${sent}, retries: 2`,
      ]),
    ).toEqual([
      'passed',
      'failed: its timeout is 2s, and none is expected',
      'failed: its number of retries is 0, and 2 is expected',
    ]);
    expect(judged(sidecars, [`expect: allow, ${sent}, timeout: None, retries: 2`])).toEqual(['passed']);
    expect(judged(sidecars, [asked('amb/client', 'amb/server:80', 'timeout: None, retries: 0')])).toEqual(['passed']);
  });

  it('what a patch release decides is undecided', () => {
    const behind =
      threeNamespaces.replace(
        service('amb', 'server'),
        service('amb', 'server', '{ istio.io/use-waypoint: waypoint }'),
      ) + waypoint('amb');
    const cases = [asked('amb/client', 'amb/server:80', 'retries: 2')];
    expect(judged(behind, cases)).toEqual(['passed']);
    expect(judged(behind, cases, '1.30')[0]).toMatch(/^undecided: whether the waypoint is of 1\.30\.3/);
  });

  it('a request to a gateway is followed to its end, and the shortest time counts', () => {
    const gateway = object(
      'Gateway',
      '{ gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }',
      'side',
      'gateway.networking.k8s.io',
    );
    const route = object(
      'HTTPRoute',
      '{ parentRefs: [{ name: own }], rules: [{ timeouts: { request: 1s }, backendRefs: [{ name: server, port: 80 }] }] }',
      'side',
      'gateway.networking.k8s.io',
    );
    const to = 'expect: allow, from: outside, to: "gateway:side/own:80", host: a.example';
    expect(
      judged(sidecars + gateway + route, [
        `${to}, destination: [side/server], timeout: 1s`,
        `${to}, destination: [side/second]`,
        'expect: allow, from: outside, to: "http://a.example/any", destination: [side/server]',
      ]),
    ).toEqual(['passed', 'failed: it ends at side/server, and side/second is expected', 'passed']);
    const closed = policy('side', 'closed', '{ action: DENY, rules: [{ to: [{ operation: { paths: [/a] } }] }] }');
    const denied = 'expect: deny, from: outside, to: "gateway:side/own:80", host: a.example';
    expect(
      judged(
        sidecars + gateway + route + closed.replace('spec: {', 'spec: { selector: { matchLabels: { app: server } },'),
        [`${denied}, path: /a`, `${denied}, path: /b`],
      ),
    ).toEqual(['passed', expect.stringMatching(/^failed/)]);
  });
});
