import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { meshOf, peerAuthentication, service, threeNamespaces, workload } from '../support/mesh.js';
import { get, sourceOf, verdictOf } from '../support/requests.js';

const strict = peerAuthentication('side', 'default', '{ mtls: { mode: STRICT } }');

function sidecar(namespace: string, spec: string, { name = 'default', created = '' } = {}): string {
  const date = created === '' ? '' : `, creationTimestamp: "${created}"`;
  return `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: ${name}, namespace: ${namespace}${date} }
spec: ${spec}
`;
}

function imports(...hosts: readonly string[]): string {
  return `egress: [{ hosts: [${hosts.map((host) => JSON.stringify(host)).join(', ')}] }]`;
}

const other = `---
apiVersion: v1
kind: Namespace
metadata: { name: other, labels: { istio-injection: enabled } }
${workload('other', 'client')}`;

function verdict(
  sidecars: string,
  from = 'other/client',
  to = 'side/server:80',
  settings: Parameters<typeof meshOf>[1] = {},
): string {
  return verdictOf(meshOf(threeNamespaces + other + strict + sidecars, settings), from, to);
}

describe('§2.9 what the sidecar of a client knows', () => {
  it.each([
    ['no Sidecar: everything', '', 'allowed'],
    ['its own namespace alone', sidecar('other', `{ ${imports('./*')} }`), 'closed'],
    ['everything', sidecar('other', `{ ${imports('*/*')} }`), 'allowed'],
    ['all of a namespace', sidecar('other', `{ ${imports('side/*')} }`), 'allowed'],
    ['a host', sidecar('other', `{ ${imports('side/server.side.svc.cluster.local')} }`), 'allowed'],
    ['a host of any namespace', sidecar('other', `{ ${imports('*/server.side.svc.cluster.local')} }`), 'allowed'],
    ['a host of another namespace', sidecar('other', `{ ${imports('amb/server.side.svc.cluster.local')} }`), 'closed'],
    ['a domain', sidecar('other', `{ ${imports('*/*.side.svc.cluster.local')} }`), 'allowed'],
    ['another domain', sidecar('other', `{ ${imports('*/*.amb.svc.cluster.local')} }`), 'closed'],
    ['a short name, with which the cluster refuses it', sidecar('other', `{ ${imports('side/server')} }`), 'allowed'],
    ['nothing', sidecar('other', `{ ${imports('~/*')} }`), 'closed'],
    ['no listener said: everything', sidecar('other', '{ outboundTrafficPolicy: { mode: REGISTRY_ONLY } }'), 'allowed'],
  ])('%s', (_, sidecars, expected) => {
    expect(verdict(sidecars)).toBe(expected);
  });

  it.each([
    ['passed on in plaintext', '', 'allowed'],
    ['passed on in plaintext, said', ', outboundTrafficPolicy: { mode: ALLOW_ANY }', 'allowed'],
    ['sent nowhere', ', outboundTrafficPolicy: { mode: REGISTRY_ONLY }', 'no-path'],
    ['sent nowhere where no mode is named', ', outboundTrafficPolicy: {}', 'no-path'],
    [
      'sent to a proxy of which nothing is known',
      ', outboundTrafficPolicy: { mode: ALLOW_ANY, egressProxy: { host: exit.side.svc.cluster.local, port: { number: 80 } } }',
      'not-modelled',
    ],
  ])('what it does not know is %s', (_, policy, expected) => {
    const mesh = meshOf(threeNamespaces + other + sidecar('other', `{ ${imports('./*')}${policy} }`));
    expect(verdictOf(mesh, 'other/client', 'side/server:80')).toBe(expected);
    expect(verdictOf(mesh, 'other/client', 'pod side/server:8080')).toBe(expected);
  });

  it.each([
    [
      'the port of a listener that has the host',
      '{ port: { number: 80, protocol: HTTP, name: http }, hosts: ["side/*"] }',
      80,
      'allowed',
    ],
    [
      'requests on the port of a listener for bytes that has the host',
      '{ port: { number: 80, protocol: TCP, name: tcp }, hosts: ["side/*"] }',
      80,
      'not-modelled',
    ],
    [
      'bytes on the port of a listener for bytes that has the host',
      '{ port: { number: 81, protocol: TCP, name: tcp }, hosts: ["side/*"] }',
      81,
      'allowed',
    ],
    [
      'a port that no listener has',
      '{ port: { number: 80, protocol: HTTP, name: http }, hosts: ["side/*"] }',
      81,
      'closed',
    ],
    [
      'HTTP on the port of a listener without the host',
      '{ port: { number: 80, protocol: HTTP, name: http }, hosts: ["./*"] }, { hosts: ["*/*"] }',
      80,
      'closed',
    ],
    [
      'bytes on the port of a listener without the host',
      '{ port: { number: 81, protocol: HTTP, name: http }, hosts: ["./*"] }, { hosts: ["*/*"] }',
      81,
      'allowed',
    ],
    [
      'what is detected on the port of a listener without the host',
      '{ port: { number: 82, protocol: HTTP, name: http }, hosts: ["./*"] }, { hosts: ["*/*"] }',
      82,
      'not-modelled',
    ],
    [
      'a listener that applications address',
      '{ port: { number: 80, protocol: HTTP, name: http }, bind: 127.0.0.1, hosts: ["side/*"] }',
      80,
      'not-modelled',
    ],
  ])('%s', (_, egress, port, expected) => {
    const sidecars = sidecar('other', `{ egress: [${egress}] }`);
    expect(verdict(sidecars, 'other/client', `side/server:${port}`)).toBe(expected);
  });

  it.each([
    [
      'one that selects the pod before one that selects none',
      [
        sidecar('other', `{ ${imports('./*')} }`),
        sidecar('other', `{ workloadSelector: { labels: { app: client } }, ${imports('*/*')} }`, { name: 'own' }),
      ],
      'allowed',
    ],
    [
      'not one that selects others',
      [sidecar('other', `{ workloadSelector: { labels: { app: server } }, ${imports('./*')} }`)],
      'allowed',
    ],
    [
      'one without labels before one that selects none',
      [
        sidecar('other', `{ ${imports('*/*')} }`),
        sidecar('other', `{ workloadSelector: {}, ${imports('./*')} }`, { name: 'own' }),
      ],
      'closed',
    ],
    ['that of the root namespace', [sidecar('istio-system', `{ ${imports('./*')} }`)], 'closed'],
    [
      'its own namespace’s before that',
      [sidecar('istio-system', `{ ${imports('./*')} }`), sidecar('other', `{ ${imports('*/*')} }`)],
      'allowed',
    ],
    [
      'not one of the root namespace that selects',
      [sidecar('istio-system', `{ workloadSelector: { labels: { app: client } }, ${imports('./*')} }`)],
      'allowed',
    ],
    ['not that of another namespace', [sidecar('side', `{ ${imports('./*')} }`)], 'allowed'],
    [
      'the oldest',
      [
        sidecar('other', `{ ${imports('*/*')} }`, { name: 'younger', created: '2026-02-01T00:00:00Z' }),
        sidecar('other', `{ ${imports('./*')} }`, { name: 'older', created: '2026-01-01T00:00:00Z' }),
      ],
      'closed',
    ],
    [
      'any of several without a date',
      [
        sidecar('other', `{ ${imports('*/*')} }`, { name: 'one' }),
        sidecar('other', `{ ${imports('./*')} }`, { name: 'two' }),
      ],
      'not-modelled',
    ],
    [
      'any of several that agree',
      [
        sidecar('other', `{ ${imports('*/*')} }`, { name: 'one' }),
        sidecar('other', `{ ${imports('side/*')} }`, { name: 'two' }),
      ],
      'allowed',
    ],
  ])('the Sidecar that counts is %s', (_, sidecars, expected) => {
    expect(verdict(sidecars.join(''))).toBe(expected);
  });

  it.each([
    ['imported', imports('./*', 'amb/api.example'), 'allowed'],
    ['not imported', imports('./*'), 'denied'],
  ])('a host outside the mesh that is %s', (_, egress, expected) => {
    const entry = `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: amb }
spec: { hosts: [api.example], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
`;
    const hiding = sidecar('other', `{ ${egress}, outboundTrafficPolicy: { mode: REGISTRY_ONLY } }`);
    const destination = {
      kind: 'external',
      cluster: 'east',
      entry: 'amb/partner',
      host: 'api.example',
      port: 443,
    } as const;
    const verdictFor = (mesh: string, from: string) =>
      decide(meshOf(mesh), { source: sourceOf(from), destination, payload: get() }).verdict.kind;
    expect(verdictFor(threeNamespaces + other + entry + hiding, 'other/client')).toBe(expected);
    expect(verdictFor(threeNamespaces + other + entry + hiding, 'side/client')).toBe('allowed');
  });

  it('nothing of it is for ambient callers', () => {
    const hiding = sidecar('istio-system', `{ ${imports('~/*')}, outboundTrafficPolicy: { mode: REGISTRY_ONLY } }`);
    expect(verdict(hiding, 'amb/client')).toBe('allowed');
  });

  it('a Service that is exported to nobody is unknown whatever is imported', () => {
    const hidden = service('side', 'server').replace(
      'labels: {}',
      'annotations: { networking.istio.io/exportTo: "~" }',
    );
    const mesh = meshOf(
      threeNamespaces.replace(service('side', 'server'), hidden) +
        other +
        sidecar('other', `{ ${imports('*/*')}, outboundTrafficPolicy: { mode: REGISTRY_ONLY } }`),
    );
    expect(verdictOf(mesh, 'other/client', 'side/server:80')).toBe('no-path');
    expect(verdictOf(mesh, 'side/client', 'side/server:80')).toBe('allowed');
  });
});

describe('§2.9 a mesh whose policy is REGISTRY_ONLY', () => {
  const settings = { outboundTrafficPolicy: 'REGISTRY_ONLY' } as const;
  const unimported = `{ ${imports('./*')} }`;
  const openly = `{ ${imports('./*')}, outboundTrafficPolicy: { mode: ALLOW_ANY } }`;
  it.each([
    ['sends what is known', '', 'side/server:80', 'allowed'],
    ['sends nothing to what a Sidecar does not import', sidecar('other', unimported), 'plain/server:80', 'no-path'],
    ['unless that Sidecar says otherwise', sidecar('other', openly), 'plain/server:80', 'allowed'],
    ['sends nothing to the address of a pod', '', 'pod plain/server:8080', 'no-path'],
  ])('%s', (_, sidecars, to, expected) => {
    expect(verdict(sidecars, 'other/client', to, settings)).toBe(expected);
  });

  it('is no matter for ztunnel, and counts as well for what is not exported', () => {
    expect(verdict('', 'amb/client', 'pod plain/server:8080', settings)).toBe('allowed');
    expect(verdict('', 'other/client', 'plain/server:80', { ...settings, defaultServiceExportTo: ['.'] })).toBe(
      'no-path',
    );
  });

  it('is not told where unknown hosts are looked up by name', () => {
    const dynamic = { outboundTrafficPolicy: 'ALLOW_ANY_DYNAMIC_DNS' } as const;
    expect(verdict('', 'other/client', 'pod plain/server:8080', dynamic)).toBe('not-modelled');
  });
});

describe('T-92 the Host header by which a sidecar goes', () => {
  it('names nothing at a port that is one for connections', () => {
    const database = service('side', 'database').replace('name: http', 'name: mysql');
    const mesh = meshOf(threeNamespaces + other + database);
    const request = {
      source: sourceOf('other/client'),
      destination: { kind: 'service', cluster: 'east', service: 'side/server', port: 80, workload: 'side/server' },
      payload: get('/', { host: 'database.side' }),
    } as const;
    const { trace } = decide(mesh, request);
    expect(trace.map(({ hop, sees }) => [hop.port, sees.principal])).toEqual([[8080, { known: true, value: null }]]);
  });

  it.each([
    ['server.side', 'allowed'],
    ['server.side:80', 'allowed'],
    ['Server.Side:9', 'allowed'],
    ['server.side:any', 'allowed'],
    ['elsewhere.example', 'closed'],
  ])('%s', (host, expected) => {
    const mesh = meshOf(threeNamespaces + other + strict);
    expect(verdictOf(mesh, 'other/client', 'side/server:80', get('/', { host }))).toBe(expected);
  });
});
