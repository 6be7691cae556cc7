import { describe, expect, it } from 'vitest';
import { decide } from '../../src/mesh/decide.js';
import { ask } from '../../src/trace/ask/question.js';
import { meshOf, peerAuthentication, policy, threeNamespaces } from './support/mesh.js';
import { get, requestOf, verdictOf } from './support/requests.js';

const strict = peerAuthentication('side', 'default', '{ mtls: { mode: STRICT } }');
const forClient = policy('side', 'p', '{ rules: [{ from: [{ source: { principals: ["*/sa/client"] } }] }] }');

function entry(namespace: string, spec: string, name = 'inner'): string {
  return `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${namespace} }
spec: { hosts: [api.inner], ${spec} }
`;
}

const selecting = (more = '', port = '{ number: 70, name: p, protocol: HTTP, targetPort: 7070 }') =>
  `workloadSelector: { labels: { app: server } }, ports: [${port}], resolution: STATIC, location: MESH_INTERNAL${more}`;

function verdict(manifests: string, from: string, port = 70, host = 'side/api.inner'): string {
  const request = requestOf(from, `${host}:${port}`, get());
  const destination = {
    ...request.destination,
    workload: `${host.split('/')[0]}/server`,
  } as typeof request.destination;
  return decide(meshOf(threeNamespaces + manifests), { ...request, destination }).verdict.kind;
}

describe('istio-traffic-topology T-88 a ServiceEntry that selects workloads', () => {
  it.each([
    ['a sidecar, by mutual TLS', strict + forClient + entry('side', selecting()), 'side/client', 'allowed'],
    ['an ambient pod, by HBONE', strict + forClient + entry('side', selecting()), 'amb/client', 'allowed'],
    ['somebody without a certificate', strict + entry('side', selecting()), 'plain/client', 'denied'],
    [
      'a sidecar to what is called outside the mesh, in plaintext',
      strict + entry('side', selecting().replace('MESH_INTERNAL', 'MESH_EXTERNAL')),
      'side/client',
      'denied',
    ],
    [
      'a sidecar of a namespace to which it is not exported, in plaintext',
      strict + entry('side', selecting(', exportTo: [amb]')),
      'side/client',
      'denied',
    ],
  ])('lets in %s', (_, manifests, from, expected) => {
    expect(verdict(manifests, from)).toBe(expected);
  });

  it('leads to the container port of its name, else to its target port', () => {
    const deny = policy('side', 'p', '{ action: DENY, rules: [{ to: [{ operation: { ports: ["8080"] } }] }] }');
    const named = '{ number: 70, name: web, protocol: HTTP, targetPort: 7070 }';
    expect(verdict(deny + entry('side', selecting('', named)), 'side/client')).toBe('denied');
    expect(verdict(deny + entry('side', selecting()), 'side/client')).toBe('allowed');
  });

  it('says what its port carries, as Services do', () => {
    const byMethod = policy('side', 'p', '{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }');
    const tcp = '{ number: 70, name: p, protocol: TCP, targetPort: 7070 }';
    const toPod = (manifests: string) =>
      verdictOf(meshOf(threeNamespaces + byMethod + manifests), 'side/client', 'pod side/server:7070');
    expect(toPod('')).toBe('allowed');
    expect(toPod(entry('side', selecting('', tcp)))).toBe('closed');
    expect(toPod(entry('side', selecting('', tcp).replace('MESH_INTERNAL', 'MESH_EXTERNAL')))).toBe('closed');
    expect(toPod(entry('side', selecting()) + entry('side', selecting('', tcp), 'again'))).toBe('not-modelled');
  });

  it('selects machines, and pods of its own namespace only', () => {
    const machine = `---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: server, namespace: plain }
spec: { address: 10.9.9.9, labels: { app: machine }, serviceAccount: vm, ports: { p: 9999 } }
`;
    const selector = selecting().replace('app: server', 'app: machine');
    const deny = policy('plain', 'p', '{ action: DENY, rules: [{ to: [{ operation: { ports: ["9999"] } }] }] }');
    expect(
      meshOf(threeNamespaces + machine + entry('plain', selector))
        .clusters.get('east')
        ?.cluster.services.get('plain/api.inner')?.workloads,
    ).toEqual(['plain/server.workloadentry']);
    expect(
      meshOf(threeNamespaces + machine + entry('side', selector))
        .clusters.get('east')
        ?.cluster.services.has('side/api.inner'),
    ).toBe(false);
    const request = requestOf('side/client', 'plain/api.inner:70', get());
    const destination = {
      ...request.destination,
      workload: 'plain/server.workloadentry',
    } as typeof request.destination;
    const mesh = meshOf(threeNamespaces + machine + entry('plain', selector) + deny);
    expect(decide(mesh, { ...request, destination }).verdict.kind).toBe('denied');
  });

  it('is behind its waypoint for callers of ambient alone', () => {
    const bound = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: amb, labels: { istio.io/waypoint-for: all } }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;
    const labelled = entry('amb', selecting()).replace(
      'namespace: amb }',
      'namespace: amb, labels: { istio.io/use-waypoint: wp } }',
    );
    const denied = (kind: string) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: closed, namespace: amb }
spec: { targetRefs: [{ group: networking.istio.io, kind: ${kind}, name: inner }] }
`;
    expect(verdict(bound + labelled, 'amb/client', 70, 'amb/api.inner')).toBe('allowed');
    expect(verdict(bound + labelled + denied('ServiceEntry'), 'amb/client', 70, 'amb/api.inner')).not.toBe('allowed');
    expect(verdict(bound + labelled + denied('ServiceEntry'), 'side/client', 70, 'amb/api.inner')).toBe('allowed');
  });

  it('is asked for by its host', () => {
    const nothing = { fromIp: undefined, cluster: undefined, method: undefined, path: undefined, host: undefined };
    const question = {
      from: 'side/client',
      to: 'api.inner:70',
      ...nothing,
      podIp: false,
      tcp: false,
      headers: {},
      token: undefined,
    };
    const { value } = ask(meshOf(threeNamespaces + entry('side', selecting())), question);
    expect(value?.first.destination).toMatchObject({
      kind: 'service',
      service: 'side/api.inner',
      workload: 'side/server',
    });
  });
});
