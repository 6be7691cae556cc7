import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { meshOf, policy, service, threeNamespaces, waypoint, workload } from '../support/mesh.js';
import { bytes, get, requestOf, sourceOf, verdictOf } from '../support/requests.js';

const gateway = `---
apiVersion: v1
kind: Namespace
metadata: { name: ingress }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  gatewayClassName: istio
  listeners: [{ name: http, port: 80, protocol: HTTP }]
`;
const bound = '{ istio.io/use-waypoint: waypoint }';
const bindServer = (labels = bound) => service('amb', 'server', labels);
const withoutService = threeNamespaces.replace(service('amb', 'server'), '');

/** The hops of a request: `waypoint amb/waypoint:80 as amb/client`. */
function hops(text: string, from: string, to: string, payload: Parameters<typeof requestOf>[2] = get()): string[] {
  const { path, trace } = decide(meshOf(text), requestOf(from, to, payload));
  if (path.kind !== 'path') return [path.kind];
  return trace.map(({ hop: { point, port }, sees: { principal } }) => {
    const identity = principal.known && principal.value;
    const who = identity ? `${identity.namespace}/${identity.serviceAccount}` : 'nobody';
    return `${point.kind}:${port} sees ${who}`;
  });
}

describe('§4.1, §4.5 with a service waypoint', () => {
  const text = withoutService + bindServer() + waypoint('amb') + gateway;
  it.each([
    ['amb/client', 'amb/server:80', ['waypoint:80 sees amb/client', 'ztunnel:8080 sees amb/waypoint']],
    ['amb/client', 'pod amb/server:8080', ['ztunnel:8080 sees amb/client']],
    ['side/client', 'amb/server:80', ['ztunnel:8080 sees side/client']],
    ['side/client', 'pod amb/server:8080', ['ztunnel:8080 sees nobody']],
    ['plain/client', 'amb/server:80', ['ztunnel:8080 sees nobody']],
    ['outside', 'pod amb/server:8080', ['ztunnel:8080 sees nobody']],
    ['gateway ingress/public', 'amb/server:80', ['ztunnel:8080 sees ingress/public-istio']],
    ['gateway ingress/public', 'pod amb/server:8080', ['no-path']],
  ])('%s to %s', (from, to, expected) => expect(hops(text, from, to)).toEqual(expected));

  it('takes in ingress by label', () => {
    const labelled =
      withoutService + bindServer("{ istio.io/use-waypoint: waypoint, istio.io/ingress-use-waypoint: 'true' }");
    expect(hops(labelled + waypoint('amb') + gateway, 'gateway ingress/public', 'amb/server:80')).toEqual([
      'waypoint:80 sees ingress/public-istio',
      'ztunnel:8080 sees amb/waypoint',
    ]);
  });
});

describe('T-80, T-87 to a host outside the mesh', () => {
  const entry = (labels = bound, spec = '') => `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: amb, labels: ${labels} }
spec: { hosts: [api.partner.example], resolution: DNS, ports: [{ name: http, number: 80, protocol: HTTP }]${spec} }
`;
  const destination = {
    kind: 'external',
    cluster: 'east',
    entry: 'amb/partner',
    host: 'api.partner.example',
    port: 80,
  } as const;
  const verdict = (from: string, text: string) =>
    decide(meshOf(threeNamespaces + waypoint('amb') + gateway + text), {
      source: sourceOf(from),
      destination,
      payload: get('/', { host: 'api.partner.example' }),
    }).verdict.kind;
  const ingress = "{ istio.io/use-waypoint: waypoint, istio.io/ingress-use-waypoint: 'true' }";
  it.each([
    ['side/client', entry(), 'allowed'],
    ['plain/client', entry(), 'allowed'],
    ['amb/client', entry(), 'allowed'],
    ['amb/client', entry('{}'), 'allowed'],
    ['gateway ingress/public', entry(), 'allowed'],
    ['gateway ingress/public', entry(ingress), 'allowed'],
    ['side/client', entry(ingress), 'allowed'],
    ['side/client', entry(bound, ', location: MESH_INTERNAL'), 'not-modelled'],
    ['side/client', entry(bound, ', workloadSelector: { labels: { app: server } }'), 'not-modelled'],
  ])('%s by %s: %s', (from, text, expected) => expect(verdict(from, text)).toBe(expected));
});

describe('§4.5 waypoints that are not there', () => {
  const direct = ['ztunnel:8080 sees amb/client'];
  const notReady = waypoint('amb').replace('spec:', 'status: { conditions: [] }\nspec:');
  it.each([
    ['missing', bindServer()],
    ['not ready', bindServer() + notReady],
    [
      'of another namespace that does not admit it',
      bindServer('{ istio.io/use-waypoint: waypoint, istio.io/use-waypoint-namespace: side }') + waypoint('side'),
    ],
    ['for workloads only', bindServer() + waypoint('amb', 'waypoint', 'workload')],
    ['opted out', bindServer('{ istio.io/use-waypoint: none }') + waypoint('amb')],
  ])('%s: straight to the pod', (_, text) => {
    expect(hops(withoutService + text, 'amb/client', 'amb/server:80')).toEqual(direct);
  });

  it('for=all on the namespace takes pod addresses too', () => {
    const text = threeNamespaces.replace(
      'istio.io/dataplane-mode: ambient',
      'istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint',
    );
    expect(hops(text + waypoint('amb', 'waypoint', 'all'), 'amb/client', 'pod amb/server:8080')).toEqual([
      'waypoint:8080 sees amb/client',
      'ztunnel:8080 sees amb/waypoint',
    ]);
    expect(hops(text + waypoint('amb'), 'amb/client', 'pod amb/server:8080')).toEqual(direct);
  });
});

describe('I-04 a waypoint before a pod that does not listen on HBONE', () => {
  const labelled = workload('plain', 'server', ', istio.io/use-waypoint: waypoint');
  const outside = threeNamespaces.replace(workload('plain', 'server'), labelled) + waypoint('plain', 'waypoint', 'all');

  it('finds nobody where the pod itself is addressed', () => {
    expect(hops(outside, 'amb/client', 'pod plain/server:8080')).toEqual(['no-path']);
  });

  it('calls the endpoints of a Service in plaintext', () => {
    const served = outside.replace(service('plain', 'server'), service('plain', 'server', bound));
    expect(hops(served, 'amb/client', 'plain/server:80')).toEqual(['waypoint:80 sees amb/client']);
  });
});

describe('istio-traffic-topology §4.2: client mode by destination mode', () => {
  it.each([
    ['side/client', 'side/server:80', ['sidecar:8080 sees side/client']],
    ['side/client', 'pod side/server:8080', ['sidecar:8080 sees nobody']],
    ['side/client', 'amb/server:80', ['ztunnel:8080 sees side/client']],
    ['side/client', 'plain/server:80', []],
    ['amb/client', 'side/server:80', ['sidecar:8080 sees amb/client']],
    ['amb/client', 'plain/server:80', []],
    ['plain/client', 'side/server:80', ['sidecar:8080 sees nobody']],
    ['outside', 'pod plain/server:8080', []],
  ])('%s to %s', (from, to, expected) => expect(hops(threeNamespaces, from, to)).toEqual(expected));

  it('loses the identity of an ambient caller before a sidecar without HBONE', () => {
    const decision = decide(
      meshOf(threeNamespaces, { sidecarsListenHbone: false }),
      requestOf('amb/client', 'side/server:80'),
    );
    expect(decision.trace[0]?.sees.principal).toEqual({ known: true, value: null });
  });

  it('refuses bytes on a port that is declared HTTP', () => {
    expect(verdictOf(meshOf(threeNamespaces), 'side/client', 'side/server:80', bytes)).toBe('no-path');
  });

  it('does not guess across clusters, or what is not there', () => {
    const mesh = meshOf(threeNamespaces);
    expect(verdictOf(mesh, 'amb/nobody', 'amb/server:80')).toBe('not-modelled');
    expect(verdictOf(mesh, 'amb/client', 'amb/server:99')).toBe('no-path');
  });
});

describe('destination.ip at a waypoint', () => {
  const bound = (addresses: string) =>
    withoutService + bindServer().replace('selector:', `${addresses}\n  selector:`) + waypoint('amb');
  const allow = (block: string) =>
    policy(
      'amb',
      'p',
      `{ targetRefs: [{ kind: Service, name: server }], rules: [{ when: [{ key: destination.ip, values: [${block}] }] }] }`,
    );
  it.each([
    ['is the virtual IP', 'clusterIP: 10.96.0.9', '10.96.0.0/16', 'allowed'],
    ['is not the address of a pod', 'clusterIP: 10.96.0.9', '10.244.0.0/16', 'forbidden'],
    [
      'is one of two where there are two',
      'clusterIP: 10.96.0.9\n  clusterIPs: [10.96.0.9, fd00::9]',
      'fd00::/8',
      'not-modelled',
    ],
    ['is unknown in manifests from Git', '', '10.96.0.0/16', 'not-modelled'],
  ])('%s', (_, addresses, block, expected) => {
    expect(verdictOf(meshOf(bound(addresses) + allow(block)), 'amb/client', 'amb/server:80')).toBe(expected);
  });
});

describe('§3.1, §3.2 policies at a waypoint', () => {
  const base = withoutService + bindServer() + waypoint('amb');
  const denyAll = 'action: DENY, rules: [{}]';
  const target = (kind: string, name: string, group = 'gateway.networking.k8s.io') =>
    `{ targetRefs: [{ group: '${group}', kind: ${kind}, name: ${name} }], ${denyAll} }`;
  const verdict = (text: string, from = 'amb/client', to = 'amb/server:80') => verdictOf(meshOf(base + text), from, to);

  it.each([
    ['the Service', policy('amb', 'p', target('Service', 'server', '')), 'forbidden'],
    ['another Service', policy('amb', 'p', target('Service', 'client', '')), 'allowed'],
    ['the Service, from another namespace', policy('side', 'p', target('Service', 'server', '')), 'allowed'],
    ['the Gateway', policy('amb', 'p', target('Gateway', 'waypoint')), 'forbidden'],
    ['the Gateway, from another namespace', policy('side', 'p', target('Gateway', 'waypoint')), 'allowed'],
    [
      'the class, from the root namespace',
      policy('istio-system', 'p', target('GatewayClass', 'istio-waypoint')),
      'forbidden',
    ],
    ['the class, from elsewhere', policy('amb', 'p', target('GatewayClass', 'istio-waypoint')), 'allowed'],
    ['another class', policy('istio-system', 'p', target('GatewayClass', 'istio')), 'allowed'],
  ])('target %s: %s', (_, text, expected) => expect(verdict(text)).toBe(expected));

  it('a root-namespace default deny is not at the waypoint, but at the pod behind it (§3.5)', () => {
    expect(verdict(policy('istio-system', 'none', '{}'))).toBe('unavailable');
    const waypointPrincipal = `{ rules: [{ from: [{ source: { principals: [cluster.local/ns/amb/sa/waypoint] } }] }] }`;
    const admitted = policy('istio-system', 'none', '{}') + policy('amb', 'wp', waypointPrincipal);
    expect(verdict(admitted)).toBe('allowed');
    expect(verdict(admitted, 'amb/client', 'pod amb/server:8080')).toBe('closed');
    expect(
      verdict(
        admitted +
          policy(
            'istio-system',
            'class',
            '{ targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }] }',
          ),
      ),
    ).toBe('forbidden');
  });

  it('a policy of the Service is walked around by every other path', () => {
    const text = policy('amb', 'p', target('Service', 'server', ''));
    expect(verdict(text, 'side/client')).toBe('allowed');
    expect(verdict(text, 'outside', 'pod amb/server:8080')).toBe('allowed');
    expect(verdict(text, 'amb/client', 'pod amb/server:8080')).toBe('allowed');
  });

  it('sees the Service’s port, and the client (§4.4)', () => {
    const ports = (port: string) =>
      `{ targetRefs: [{ group: '', kind: Service, name: server }], rules: [{ from: [{ source: { serviceAccounts: [client] } }], to: [{ operation: { ports: ['${port}'] } }] }] }`;
    expect(verdict(policy('amb', 'p', ports('80')))).toBe('allowed');
    expect(verdict(policy('amb', 'p', ports('8080')))).toBe('forbidden');
  });

  it('an ALLOW of client identities at ztunnel denies the waypoint (W-36)', () => {
    const text = policy('amb', 'p', '{ rules: [{ from: [{ source: { serviceAccounts: [client] } }] }] }');
    expect(verdict(text)).toBe('unavailable');
  });

  it('does not know the address of the waypoint’s pod', () => {
    const text = policy('amb', 'p', '{ rules: [{ from: [{ source: { ipBlocks: [10.0.0.0/8] } }] }] }');
    expect(verdict(text)).toBe('not-modelled');
    expect(verdict(text, 'amb/client', 'pod amb/server:8080')).toBe('allowed');
  });
});

it('reaches several workloads of one service each by its own plane', () => {
  const mixed = workload('amb', 'legacy', ", sidecar.istio.io/inject: 'true', istio.io/dataplane-mode: none");
  expect(hops(threeNamespaces + mixed, 'amb/client', 'pod amb/legacy:8080')).toEqual(['sidecar:8080 sees amb/client']);
});
