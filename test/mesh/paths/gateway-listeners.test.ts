import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import type { Destination, Payload, Source } from '../../../src/mesh/request.js';
import { frontBehind } from '../support/classic-gateway.js';
import { meshOf, policy, type Settings, threeNamespaces } from '../support/mesh.js';

const edge = frontBehind(
  '[{ name: http, port: 80, targetPort: 8080 }, { name: tls, port: 443, targetPort: 8443 }, { name: http-odd, port: 444, targetPort: 8444 }, { name: status-port, port: 15021 }]',
);
const servers = (...texts: readonly string[]) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: front, namespace: edge }
spec:
  selector: { istio: front }
  servers:
${texts.map((text) => `    - ${text}\n`).join('')}`;
const onwards = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: front, namespace: edge }
spec:
  hosts: ['*']
  gateways: [front]
  tls: [{ match: [{ sniHosts: ['*'] }], route: [{ destination: { host: server.amb.svc.cluster.local } }] }]
  tcp: [{ route: [{ destination: { host: server.amb.svc.cluster.local } }] }]
`;
const server = (port: number, protocol: string, tls = '', hosts = '"*"') =>
  `{ port: { number: ${port}, name: s${port}-${protocol.toLowerCase()}, protocol: ${protocol} }, hosts: [${hosts}]${tls && `, tls: { mode: ${tls}${/^(?:SIMPLE|MUTUAL|OPTIONAL_MUTUAL)$/.test(tls) ? ', credentialName: c' : ''} }`} }`;
const rule = (tls: string) => `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: front, namespace: edge }
spec: { host: front.edge.svc.cluster.local, trafficPolicy: { tls: ${tls} } }
`;
const nobody = policy('edge', 'p', "{ action: DENY, rules: [{ from: [{ source: { notPrincipals: ['*'] } }] }] }");

const requestOf = (host: string): Payload => ({ kind: 'http', method: 'GET', path: '/', host, headers: {} });
const bytes: Payload = { kind: 'tcp' };

interface Question {
  readonly from?: string;
  readonly port?: number;
  readonly payload?: Payload;
  readonly settings?: Settings;
}

function sourceOf(name: string): Source {
  return name === 'outside'
    ? { kind: 'outside', name: 'anyone' }
    : { kind: 'workload', cluster: 'east', workload: name };
}

function decided(
  text: string,
  { from = 'outside', port = 80, payload = requestOf('a.example'), settings = {} }: Question,
) {
  const destination: Destination = { kind: 'gateway', cluster: 'east', gateway: 'edge/front', port };
  const mesh = meshOf(threeNamespaces + edge + onwards + text, settings);
  const { verdict, because } = decide(mesh, { source: sourceOf(from), destination, payload });
  return { verdict: verdict.kind === 'denied' ? verdict.response : verdict.kind, because };
}

const verdict = (text: string, question: Question = {}) => decided(text, question).verdict;

describe('§2.10 a port of a gateway', () => {
  it.each([
    ['is that of the Service', 80, 'allowed'],
    ['or that of the pods', 8080, 'allowed'],
    ['is closed without a listener', 443, 'no-path'],
    ['is answered by the proxy itself', 15021, 'allowed'],
    ['also where only the pods have it', 15090, 'allowed'],
  ])('%s: %d', (_, port, expected) => {
    expect(
      verdict(
        servers(server(80, 'HTTP')) +
          policy('edge', 'p', '{ action: DENY, rules: [{ to: [{ operation: { ports: ["15021"] } }] }] }'),
        { port },
      ),
    ).toBe(expected);
  });

  it('is compared as the pods have it', () => {
    const at = (port: string) =>
      policy('edge', 'p', `{ action: DENY, rules: [{ to: [{ operation: { ports: ["${port}"] } }] }] }`);
    expect(verdict(servers(server(80, 'HTTP')) + at('80'))).toBe('allowed');
    expect(verdict(servers(server(80, 'HTTP')) + at('8080'))).toBe('forbidden');
  });

  it('is not judged where no Gateway at all selects the pods', () => {
    expect(decided('', {})).toEqual({
      verdict: 'not-modelled',
      because: 'where `edge/front` listens: no Gateway that is given selects its pods (§2.10)',
    });
  });
});

describe('§2.10 the listener chooses what policies see', () => {
  const denied = policy('edge', 'p', '{ action: DENY, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }');
  const admitted = policy('edge', 'p', '{ action: ALLOW, rules: [{ to: [{ operation: { methods: [GET] } }] }] }');
  it.each([
    ['HTTP', '', 'allowed', 'allowed'],
    ['HTTPS', 'SIMPLE', 'allowed', 'allowed'],
    ['HTTPS', 'PASSTHROUGH', 'closed', 'closed'],
    ['TLS', 'SIMPLE', 'closed', 'closed'],
    ['TLS', 'PASSTHROUGH', 'closed', 'closed'],
    ['TCP', '', 'closed', 'closed'],
  ])('%s %s', (protocol, tls, ofDenial, ofAllowance) => {
    const port = protocol === 'HTTP' ? 80 : 443;
    const text = servers(server(port, protocol, tls));
    expect(verdict(text + denied, { port })).toBe(ofDenial);
    expect(verdict(text + admitted, { port })).toBe(ofAllowance);
  });

  it('bytes are nothing to a listener for requests', () => {
    expect(verdict(servers(server(80, 'HTTP')), { payload: bytes })).toBe('no-path');
    expect(verdict(servers(server(80, 'TCP')), { payload: bytes })).toBe('allowed');
  });

  it('AUTO_PASSTHROUGH leads elsewhere', () => {
    expect(verdict(servers(server(443, 'TLS', 'AUTO_PASSTHROUGH')), { port: 443 })).toBe('not-modelled');
  });
});

describe('§2.10 server names', () => {
  const both = servers(server(443, 'HTTPS', 'SIMPLE', 'a.example'), server(443, 'TLS', 'PASSTHROUGH', '"*.example"'));
  const denied = policy('edge', 'p', '{ action: DENY, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }');
  it.each([
    ['the exact one', requestOf('a.example'), 'allowed'],
    ['a wildcard', requestOf('b.example:443'), 'closed'],
    ['none', requestOf('b.test'), 'no-path'],
    ['bytes, of which nobody knows the name', bytes, 'not-modelled'],
  ])('%s', (_, payload, expected) => {
    expect(verdict(both + denied, { port: 443, payload })).toBe(expected);
  });
});

describe('§2.10 certificates', () => {
  it.each([
    ['no TLS', server(80, 'HTTP'), 80, 'forbidden'],
    ['TLS that is ended', server(443, 'HTTPS', 'SIMPLE'), 443, 'forbidden'],
    ['TLS that is passed through', server(443, 'TLS', 'PASSTHROUGH'), 443, 'closed'],
    ['certificates of the mesh, which clients from outside lack', server(443, 'HTTPS', 'ISTIO_MUTUAL'), 443, 'no-path'],
    ['certificates of another authority', server(443, 'HTTPS', 'MUTUAL'), 443, 'not-modelled'],
    ['certificates or none', server(443, 'HTTPS', 'OPTIONAL_MUTUAL'), 443, 'not-modelled'],
  ])('%s', (_, text, port, expected) => expect(verdict(servers(text) + nobody, { port })).toBe(expected));

  it('where no policy asks for them, only those that must be there matter', () => {
    expect(verdict(servers(server(443, 'HTTPS', 'MUTUAL')), { port: 443 })).toBe('not-modelled');
    expect(verdict(servers(server(443, 'HTTPS', 'OPTIONAL_MUTUAL')), { port: 443 })).toBe('allowed');
  });

  const mutual = servers(server(443, 'HTTPS', 'ISTIO_MUTUAL'));
  const named = servers(server(443, 'TLS', 'ISTIO_MUTUAL', 'a.example'));
  it.each([
    ['nothing is said', mutual, '', 'no-path'],
    ['a rule says so', mutual, rule('{ mode: ISTIO_MUTUAL }'), 'allowed'],
    ['ambient callers know no rule', mutual, rule('{ mode: ISTIO_MUTUAL }'), 'no-path', 'amb/client'],
    ['the listener takes none', servers(server(443, 'HTTPS', 'SIMPLE')), rule('{ mode: ISTIO_MUTUAL }'), 'no-path'],
    ['the name is that of the Service', named, rule('{ mode: ISTIO_MUTUAL }'), 'no-path'],
    ['the name is one that is served', named, rule('{ mode: ISTIO_MUTUAL, sni: a.example }'), 'allowed'],
    [
      'another certificate is expected',
      mutual,
      rule('{ mode: ISTIO_MUTUAL, subjectAltNames: [spiffe://x] }'),
      'no-path',
    ],
    ['TLS of another kind', mutual, rule('{ mode: SIMPLE }'), 'not-modelled'],
  ])('a sidecar shows its own where %s', (_, text, settings, expected, from = 'side/client') => {
    expect(verdict(text + settings + nobody, { from, port: 443 })).toBe(expected);
  });

  it('a sidecar sends plain HTTP where the port of the Service says HTTP', () => {
    const text = servers(server(444, 'HTTPS', 'SIMPLE'));
    expect(verdict(text, { from: 'side/client', port: 444 })).toBe('no-path');
    expect(verdict(text, { from: 'amb/client', port: 444 })).toBe('allowed');
  });

  it('the Service leads to the listener as well', () => {
    const mesh = meshOf(threeNamespaces + edge + servers(server(80, 'HTTP')) + nobody);
    const destination = {
      kind: 'service',
      cluster: 'east',
      service: 'edge/front',
      port: 80,
      workload: 'edge/front',
    } as const;
    const { verdict: found } = decide(mesh, { source: sourceOf('side/client'), destination, payload: requestOf('a') });
    expect(found).toEqual({ kind: 'denied', response: 'forbidden' });
  });
});

describe('§1.3 addresses at a gateway', () => {
  const from = (field: string) =>
    policy('edge', 'p', `{ action: ALLOW, rules: [{ from: [{ source: { ${field}: [203.0.113.0/24] } }] }] }`);
  const plain = servers(server(80, 'HTTP'), server(443, 'TCP'));
  const ask = (
    text: string,
    gatewayTopology: Settings['gatewayTopology'],
    ip: string,
    caller: 'outside' | 'amb/client',
    port = 80,
  ) => {
    const mesh = meshOf(threeNamespaces + edge + onwards + plain + text, gatewayTopology && { gatewayTopology });
    const destination: Destination = { kind: 'gateway', cluster: 'east', gateway: 'edge/front', port };
    const { verdict: found } = decide(mesh, {
      source: { ...sourceOf(caller), ip },
      destination,
      payload: requestOf('a'),
    });
    return found.kind;
  };
  it.each<[string, Settings['gatewayTopology'], string, string]>([
    ['nothing is said', undefined, 'allowed', 'not-modelled'],
    ['no proxy is before it', { numTrustedProxies: 0 }, 'allowed', 'allowed'],
    ['one is before it', { numTrustedProxies: 1 }, 'not-modelled', 'allowed'],
    ['the PROXY protocol tells the client', { proxyProtocol: true }, 'not-modelled', 'allowed'],
  ])('where %s', (_, topology, ofPeer, ofClient) => {
    expect(ask(from('ipBlocks'), topology, '203.0.113.9', 'outside')).toBe(ofPeer);
    expect(ask(from('remoteIpBlocks'), topology, '203.0.113.9', 'outside')).toBe(ofClient);
    if (ofPeer === 'allowed') expect(ask(from('ipBlocks'), topology, '198.51.100.1', 'outside')).toBe('denied');
    if (ofClient === 'allowed') expect(ask(from('remoteIpBlocks'), topology, '198.51.100.1', 'outside')).toBe('denied');
  });

  it('X-Forwarded-For is nothing to a listener for connections', () => {
    expect(ask(from('remoteIpBlocks'), { numTrustedProxies: 1 }, '203.0.113.9', 'outside', 443)).toBe('not-modelled');
    expect(ask(from('remoteIpBlocks'), { proxyProtocol: true }, '203.0.113.9', 'outside', 443)).toBe('allowed');
  });

  it('who calls from the cluster writes that header as it likes, and speaks no PROXY protocol', () => {
    expect(ask(from('remoteIpBlocks'), { numTrustedProxies: 1 }, '203.0.113.9', 'amb/client')).toBe('not-modelled');
    expect(ask('', { proxyProtocol: true }, '203.0.113.9', 'amb/client')).toBe('denied');
  });
});

describe('§2.10 a listener for connections is there once a route binds to it', () => {
  const virtualService = (spec: string, namespace = 'edge') => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: v, namespace: ${namespace} }
spec: { ${spec} }
`;
  const route = 'route: [{ destination: { host: server.amb.svc.cluster.local } }]';
  const bytesTo = (text: string) => {
    const mesh = meshOf(threeNamespaces + edge + text);
    const destination: Destination = { kind: 'gateway', cluster: 'east', gateway: 'edge/front', port: 443 };
    return decide(mesh, { source: sourceOf('outside'), destination, payload: bytes }).verdict.kind;
  };
  const tcp = servers(server(443, 'TCP'));
  const local = servers(server(443, 'TCP', '', '"./a.example"'));
  const passed = servers(server(443, 'TLS', 'PASSTHROUGH'));
  it.each([
    ['none', tcp, '', 'denied'],
    ['a rule for connections', tcp, virtualService(`hosts: [a], gateways: [front], tcp: [{ ${route} }]`), 'allowed'],
    [
      'of another port',
      tcp,
      virtualService(`hosts: [a], gateways: [front], tcp: [{ match: [{ port: 1 }], ${route} }]`),
      'denied',
    ],
    ['a rule for requests', tcp, virtualService(`hosts: [a], gateways: [front], http: [{ ${route} }]`), 'denied'],
    ['for another gateway', tcp, virtualService(`hosts: [a], gateways: [back], tcp: [{ ${route} }]`), 'denied'],
    ['for the mesh', tcp, virtualService(`hosts: [a], tcp: [{ ${route} }]`), 'denied'],
    [
      'of another namespace, which knows the gateway',
      tcp,
      virtualService(`hosts: [a], gateways: [edge/front], tcp: [{ ${route} }]`, 'amb'),
      'allowed',
    ],
    [
      'which keeps it to itself',
      tcp,
      virtualService(`hosts: [a], gateways: [edge/front], exportTo: ['.'], tcp: [{ ${route} }]`, 'amb'),
      'denied',
    ],
    [
      'from which the server takes none',
      local,
      virtualService(`hosts: [a.example], gateways: [edge/front], tcp: [{ ${route} }]`, 'amb'),
      'denied',
    ],
    ['of another host', local, virtualService(`hosts: [b.example], gateways: [front], tcp: [{ ${route} }]`), 'denied'],
    ['of its host', local, virtualService(`hosts: ['*.example'], gateways: [front], tcp: [{ ${route} }]`), 'allowed'],
    [
      'by server name',
      passed,
      virtualService(`hosts: [a], gateways: [front], tls: [{ match: [{ sniHosts: [a] }], ${route} }]`),
      'allowed',
    ],
    [
      'by port, where names are asked for',
      passed,
      virtualService(`hosts: [a], gateways: [front], tcp: [{ ${route} }]`),
      'denied',
    ],
  ])('%s', (_, listeners, text, expected) => expect(bytesTo(listeners + text)).toBe(expected));

  const declared = (allowed: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: modern, namespace: edge }
spec:
  gatewayClassName: istio
  listeners: [{ name: db, port: 5432, protocol: TCP, allowedRoutes: { ${allowed} } }]
`;
  const tcpRoute = (namespace: string, parent: string) => `---
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TCPRoute
metadata: { name: db, namespace: ${namespace} }
spec:
  parentRefs: [{ name: modern, namespace: edge, ${parent} }]
  rules: [{ backendRefs: [{ name: server, port: 81 }] }]
`;
  it.each([
    ['its namespace', 'namespaces: { from: Same }', tcpRoute('edge', 'sectionName: db'), 'allowed'],
    ['another one', 'namespaces: { from: Same }', tcpRoute('amb', 'sectionName: db'), 'denied'],
    ['all', 'namespaces: { from: All }', tcpRoute('amb', 'sectionName: db'), 'allowed'],
    [
      'some',
      'namespaces: { from: Selector, selector: { matchLabels: { istio-injection: enabled } } }',
      tcpRoute('side', ''),
      'allowed',
    ],
    [
      'others',
      'namespaces: { from: Selector, selector: { matchLabels: { istio-injection: enabled } } }',
      tcpRoute('amb', ''),
      'denied',
    ],
    ['all, for another listener', 'namespaces: { from: All }', tcpRoute('amb', 'sectionName: web'), 'denied'],
    ['all, for another port', 'namespaces: { from: All }', tcpRoute('amb', 'port: 80'), 'denied'],
    ['all, of other kinds', 'namespaces: { from: All }, kinds: [{ kind: TLSRoute }]', tcpRoute('amb', ''), 'denied'],
  ])('from %s', (_, allowed, bound, expected) => {
    const mesh = meshOf(threeNamespaces + edge + declared(allowed) + bound, { version: '1.31' });
    const destination: Destination = { kind: 'gateway', cluster: 'east', gateway: 'edge/modern', port: 5432 };
    expect(decide(mesh, { source: sourceOf('outside'), destination, payload: bytes }).verdict.kind).toBe(expected);
  });
});
