import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { meshOf, peerAuthentication, service, threeNamespaces, waypoint, workload } from '../support/mesh.js';
import { get, requestOf, sourceOf, verdictOf } from '../support/requests.js';

/** What the enforcement points see: `ztunnel:8080 sees side/client`, or why nobody arrives. */
function seen(text: string, from: string, to: string, settings: Parameters<typeof meshOf>[1] = {}): string {
  const { path, trace, because } = decide(meshOf(text, settings), requestOf(from, to));
  if (path.kind !== 'path') return `${path.kind}: ${because}`;
  const points = trace.map(({ hop: { point, port }, sees: { principal } }) => {
    const identity = principal.known && principal.value;
    return `${point.kind}:${port} sees ${identity ? `${identity.namespace}/${identity.serviceAccount}` : 'nobody'}`;
  });
  return points.join(', ') || 'nothing in between';
}

const ambient = 'server.amb.svc.cluster.local';
const tls = (mode: string, more = '') => `trafficPolicy: { tls: { mode: ${mode}${more} } }`;
const rule = (host: string, spec: string, namespace = 'side', name = 'tls', created = '') => `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${namespace}${created && `, creationTimestamp: "${created}"`} }
spec: { host: '${host}', ${spec} }
`;
const identified = 'sidecar:8080 sees side/client';
const plaintext = 'sidecar:8080 sees nobody';
const gateway = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: side }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;

describe('§4.5 a DestinationRule towards ambient pods, which take HBONE all the same', () => {
  it.each([
    [tls('ISTIO_MUTUAL'), 'ztunnel:8080 sees side/client'],
    [tls('DISABLE'), 'ztunnel:8080 sees side/client'],
    [tls('ISTIO_MUTUAL', ', subjectAltNames: [spiffe://other]'), 'ztunnel:8080 sees side/client'],
    ['trafficPolicy: { loadBalancer: { simple: RANDOM } }', 'ztunnel:8080 sees side/client'],
    [tls('SIMPLE'), 'ztunnel:8080 sees side/client'],
  ])('%s', (spec, expected) => {
    const text = threeNamespaces + gateway + rule(ambient, spec);
    expect(seen(text, 'side/client', 'amb/server:80')).toBe(expected);
    expect(seen(text, 'gateway side/public', 'amb/server:80')).toBe(
      expected.replace('side/client', 'side/public-istio'),
    );
    expect(seen(text, 'amb/client', 'amb/server:80')).toBe('ztunnel:8080 sees amb/client');
  });
});

describe('§4.5 a DestinationRule towards sidecars', () => {
  const own = 'spiffe://cluster.local/ns/side/sa/server';
  it.each([
    ['ISTIO_MUTUAL is what they do anyway', tls('ISTIO_MUTUAL'), identified],
    ['DISABLE is plaintext', tls('DISABLE'), plaintext],
    ['a mode that is left out is DISABLE', 'trafficPolicy: { tls: {} }', plaintext],
    ['the certificate that is expected', tls('ISTIO_MUTUAL', `, subjectAltNames: ["${own}"]`), identified],
    [
      'another certificate than is expected',
      tls('ISTIO_MUTUAL', ', subjectAltNames: ["spiffe://cluster.local/ns/side/sa/other"]'),
      'no-path: a DestinationRule expects the certificate of spiffe://cluster.local/ns/side/sa/other (§4.5)',
    ],
  ])('%s', (_, spec, expected) =>
    expect(seen(threeNamespaces + rule('server', spec), 'side/client', 'side/server:80')).toBe(expected),
  );

  const port = (number: number, settings: string) => `portLevelSettings: [{ port: { number: ${number} }${settings} }]`;
  it.each([
    ['a port has settings of its own', `{ ${port(80, ', tls: { mode: DISABLE }')} }`, plaintext],
    ['another port has not', `{ ${port(81, ', tls: { mode: DISABLE }')} }`, identified],
    [
      'they go before those of the whole',
      `{ tls: { mode: DISABLE }, ${port(80, ', tls: { mode: ISTIO_MUTUAL }')} }`,
      identified,
    ],
    [
      'without TLS they leave none, and endpoints count as of the whole',
      `{ tls: { mode: DISABLE }, ${port(80, ', loadBalancer: { simple: RANDOM }')} }`,
      plaintext,
    ],
    ['likewise', `{ tls: { mode: ISTIO_MUTUAL }, ${port(80, ', loadBalancer: { simple: RANDOM }')} }`, identified],
  ])('%s', (_, policy, expected) =>
    expect(seen(threeNamespaces + rule('server', `trafficPolicy: ${policy}`), 'side/client', 'side/server:80')).toBe(
      expected,
    ),
  );

  const subset = rule('server', `subsets: [{ name: v1, ${tls('DISABLE')} }]`);
  const route = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: server, namespace: side }
spec: { hosts: [server], http: [{ route: [{ destination: { host: server, subset: v1 } }] }] }
`;
  it.each([
    ['a subset to which no route leads changes nothing', subset, identified],
    ['one to which a route leads says how its pods are spoken to', subset + route, plaintext],
    [
      'and leaves what it does not say to the whole',
      rule(
        'server',
        `${tls('DISABLE')}, subsets: [{ name: v1, trafficPolicy: { loadBalancer: { simple: RANDOM } } }]`,
      ) + route,
      plaintext,
    ],
    [
      'but not the way on from it',
      rule('server', 'subsets: [{ name: v1, trafficPolicy: { proxyProtocol: { version: V1 } } }]') + route,
      'not-modelled: how subset `v1` of `server.side.svc.cluster.local` is spoken to',
    ],
  ])('%s', (_, text, expected) => expect(seen(threeNamespaces + text, 'side/client', 'side/server:80')).toBe(expected));

  it.each([
    ['SIMPLE', 80, '', 'no-path: the port is declared HTTP, and these bytes are not'],
    ['SIMPLE', 81, '', 'sidecar:9000 sees nobody'],
    ['SIMPLE', 82, '', 'sidecar:8082 sees nobody'],
    ['SIMPLE', 81, 'STRICT', 'sidecar:9000 sees nobody'],
    ['MUTUAL, credentialName: cert', 81, '', 'sidecar:9000 sees nobody'],
  ])('F-35 %s to port %i is bytes of nobody %s', (mode, port, strict, expected) => {
    const peers = strict === '' ? '' : peerAuthentication('side', 'default', `{ mtls: { mode: ${strict} } }`);
    const text = threeNamespaces + rule('server', tls(mode)) + peers;
    expect(seen(text, 'side/client', `side/server:${port}`)).toBe(expected);
    const { verdict } = decide(meshOf(text), requestOf('side/client', `side/server:${port}`));
    expect(verdict.kind).toBe(strict === '' && port !== 80 ? 'allowed' : 'denied');
  });

  it('ISTIO_MUTUAL finds nobody at a port of mode DISABLE', () => {
    const plain = peerAuthentication('side', 'plain', '{ mtls: { mode: DISABLE } }');
    expect(seen(threeNamespaces + rule('server', tls('ISTIO_MUTUAL')) + plain, 'side/client', 'side/server:80')).toBe(
      'no-path: the client speaks mutual TLS, and the port is of mode DISABLE (§5.1)',
    );
  });
});

describe('§4.5 a DestinationRule towards pods outside the mesh', () => {
  it.each([
    ['ISTIO_MUTUAL', 'no-path: the client speaks mutual TLS, and `plain/server` has no sidecar that does (§4.5)'],
    ['DISABLE', 'nothing in between'],
    ['SIMPLE', 'nothing in between'],
  ])('%s', (mode, expected) =>
    expect(
      seen(threeNamespaces + rule('server.plain.svc.cluster.local', tls(mode)), 'side/client', 'plain/server:80'),
    ).toBe(expected),
  );
});

describe('T-07 which of several DestinationRules a client obeys', () => {
  const host = 'server.side.svc.cluster.local';
  const off = tls('DISABLE');
  const on = tls('ISTIO_MUTUAL');
  const client =
    '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: far, labels: { istio-injection: enabled } }\n';
  it.each([
    ['of another host', rule('other.side.svc.cluster.local', off), identified],
    ['of every host of a domain', rule('*.local', off, 'istio-system'), plaintext],
    ['of everything', rule('*', off, 'istio-system'), plaintext],
    ['of another domain', rule('*.example', off, 'istio-system'), identified],
    [
      'the client’s namespace before the root',
      rule('*.local', off, 'istio-system') + rule(host, on, 'far'),
      identified,
    ],
    ['the client’s `*` before the Service’s exact host', rule(host, off) + rule('*', on, 'far'), identified],
    ['the Service’s before the root', rule('*.local', on, 'istio-system') + rule(host, off), plaintext],
    [
      'also if it says nothing of TLS',
      rule('*.local', off, 'istio-system') + rule(host, 'trafficPolicy: { loadBalancer: { simple: RANDOM } }'),
      identified,
    ],
    [
      'the most specific host',
      rule('*.local', off) + rule('*.side.svc.cluster.local', on, 'side', 'narrow'),
      identified,
    ],
    ['a third namespace is not looked up', rule(host, off, 'plain'), identified],
    ['what is kept at home', rule(host, `${off}, exportTo: ['.']`), identified],
    ['what is exported to others', rule(host, `${off}, exportTo: [plain]`), identified],
    ['what is exported to the client', rule(host, `${off}, exportTo: [far]`), plaintext],
    [
      'what is for some clients elsewhere',
      rule(host, `${off}, workloadSelector: { matchLabels: { a: b } }`),
      identified,
    ],
    [
      'what is for some clients here',
      rule(host, `${off}, workloadSelector: { matchLabels: { a: b } }`, 'far'),
      'not-modelled: DestinationRule far/tls, which is for some clients of its namespace',
    ],
    ['of two the one that says anything', rule(host, off) + rule(host, 'subsets: []', 'side', 'other'), plaintext],
    ['of two that agree either', rule(host, off) + rule(host, off, 'side', 'other'), plaintext],
    [
      'of two the oldest',
      rule(host, off, 'side', 'b', '2026-01-01T00:00:00Z') + rule(host, on, 'side', 'a', '2026-02-01T00:00:00Z'),
      plaintext,
    ],
    [
      'which manifests without a date do not tell',
      rule(host, off) + rule(host, on, 'side', 'other'),
      'not-modelled: which of several DestinationRules for one host is the oldest (T-07)',
    ],
  ])('%s', (_, text, expected) => {
    const mesh = threeNamespaces + client + workload('far', 'client') + text;
    expect(seen(mesh, 'far/client', 'side/server:80')).toBe(expected.replace('side/client', 'far/client'));
  });

  it('asks of clients of the root namespace first what is kept there', () => {
    const root = `${threeNamespaces.replace('{ name: istio-system }', '{ name: istio-system, labels: { istio-injection: enabled } }')}${workload('istio-system', 'client')}`;
    const rules = rule(host, on) + rule(host, `${off}, exportTo: ['.']`, 'istio-system');
    expect(seen(root + rules, 'istio-system/client', 'side/server:80')).toBe(plaintext);
    expect(seen(root + rules, 'side/client', 'side/server:80')).toBe(identified);
  });
});

describe('§5.1 what a client infers from PeerAuthentications', () => {
  const workloadMode = (mode: string) =>
    peerAuthentication('side', 'pods', `{ selector: { matchLabels: { app: server } }, mtls: { mode: ${mode} } }`);
  const namespaceMode = (mode: string) => peerAuthentication('side', 'all', `{ mtls: { mode: ${mode} } }`);
  it.each([
    ['DISABLE of the pods', workloadMode('DISABLE'), plaintext],
    ['DISABLE of the namespace', namespaceMode('DISABLE'), plaintext],
    ['PERMISSIVE of the pods does not help', namespaceMode('DISABLE') + workloadMode('PERMISSIVE'), plaintext],
    [
      'the namespace goes before the mesh',
      peerAuthentication('istio-system', 'm', '{ mtls: { mode: DISABLE } }') + namespaceMode('STRICT'),
      identified,
    ],
  ])('%s', (_, text, expected) => expect(seen(threeNamespaces + text, 'side/client', 'side/server:80')).toBe(expected));
});

describe('§5.6 without automatic mutual TLS', () => {
  const off = { enableAutoMtls: false, sidecarsListenHbone: false };
  const own = service('side', 'server');
  const headless = threeNamespaces.replace(own, own.replace('spec:', 'spec:\n  clusterIP: None'));
  it.each([
    ['a sidecar speaks plaintext', '', plaintext],
    ['unless a DestinationRule tells it to speak mutual TLS', rule('server', tls('ISTIO_MUTUAL')), identified],
    ['which DISABLE does not', rule('server', tls('DISABLE')), plaintext],
    ['STRICT then refuses it', peerAuthentication('istio-system', 'all', '{ mtls: { mode: STRICT } }'), plaintext],
  ])('%s', (_, text, expected) => {
    expect(seen(threeNamespaces + text, 'side/client', 'side/server:80', off)).toBe(expected);
  });

  it('changes nothing for HBONE', () => {
    expect(seen(threeNamespaces, 'side/client', 'amb/server:80', off)).toBe('ztunnel:8080 sees side/client');
    expect(seen(threeNamespaces, 'amb/client', 'amb/server:80', off)).toBe('ztunnel:8080 sees amb/client');
  });

  it('is the same for a gateway, and for a Service without a virtual IP', () => {
    expect(seen(threeNamespaces + gateway, 'gateway side/public', 'side/server:80', off)).toBe(plaintext);
    expect(seen(headless, 'side/client', 'side/server:80', off)).toBe('sidecar:80 sees nobody');
    expect(seen(headless, 'side/client', 'side/server:80')).toBe('sidecar:80 sees side/client');
  });
});

describe('§9.4 to whom an object is exported that does not say', () => {
  const far = '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: far, labels: { istio-injection: enabled } }\n';
  const text = threeNamespaces + far + workload('far', 'client');
  it.each([
    [['.'], 'side/client', 'nobody'],
    [['.', '*'], 'side/client', 'nobody'],
    [['*'], 'side/client', 'far/client'],
    [['~'], 'nobody', 'nobody'],
    [['far'], 'nobody', 'nobody'],
  ])('a Service, by %j', (defaultServiceExportTo, near, distant) => {
    const settings = { defaultServiceExportTo };
    expect(seen(text, 'side/client', 'side/server:80', settings)).toBe(`sidecar:8080 sees ${near}`);
    expect(seen(text, 'far/client', 'side/server:80', settings)).toBe(`sidecar:8080 sees ${distant}`);
  });

  it.each([
    [['.'], 'far/client'],
    [['*'], 'nobody'],
    [['far'], 'nobody'],
  ])('a DestinationRule, by %j', (defaultDestinationRuleExportTo, distant) => {
    const settings = { defaultDestinationRuleExportTo };
    const withRule = text + rule('server', tls('DISABLE'));
    expect(seen(withRule, 'far/client', 'side/server:80', settings)).toBe(`sidecar:8080 sees ${distant}`);
    expect(seen(withRule, 'side/client', 'side/server:80', settings)).toBe(plaintext);
  });
});

describe('E-07 the label `security.istio.io/tlsMode` of a pod', () => {
  const labelled = (namespace: string, mode: string) =>
    threeNamespaces.replace(
      workload(namespace, 'server'),
      workload(namespace, 'server', `, security.istio.io/tlsMode: ${mode}`),
    );
  it('sends plaintext to sidecars that do not listen on HBONE either', () => {
    const settings = { sidecarsListenHbone: false };
    expect(seen(labelled('side', 'disabled'), 'side/client', 'side/server:80', settings)).toBe(plaintext);
  });

  it.each([
    ['side', 'disabled', identified],
    ['side', 'istio', identified],
    ['amb', 'disabled', 'ztunnel:8080 sees side/client'],
    ['amb', 'istio', 'no-path: the client speaks mutual TLS, and `amb/server` has no sidecar that does (§4.5)'],
  ])('%s, %s', (namespace, mode, expected) =>
    expect(seen(labelled(namespace, mode), 'side/client', `${namespace}/server:80`)).toBe(expected),
  );
});

describe('the namespaces to which a Service is exported', () => {
  const exported = (to: string) =>
    threeNamespaces.replace(
      'metadata: { name: server, namespace: side, labels: {} }',
      `metadata: { name: server, namespace: side, annotations: { networking.istio.io/exportTo: "${to}" } }`,
    ) +
    gateway.replace('namespace: side', 'namespace: plain') +
    '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: far, labels: { istio-injection: enabled } }\n' +
    workload('far', 'client');
  it.each([
    ['~', 'nobody', 'nobody', 'no-path'],
    ['.', 'side/client', 'nobody', 'no-path'],
    ['far, plain', 'nobody', 'far/client', 'plain/public-istio'],
    ['*', 'side/client', 'far/client', 'plain/public-istio'],
    ['.,*', 'side/client', 'far/client', 'plain/public-istio'],
    ['.,~', 'nobody', 'nobody', 'no-path'],
  ])('%s', (to, near, far, ingress) => {
    const text = exported(to);
    expect(seen(text, 'side/client', 'side/server:80')).toBe(`sidecar:8080 sees ${near}`);
    expect(seen(text, 'far/client', 'side/server:80')).toBe(`sidecar:8080 sees ${far}`);
    expect(seen(text, 'amb/client', 'side/server:80')).toBe('sidecar:8080 sees amb/client');
    const arriving = seen(text, 'gateway plain/public', 'side/server:80');
    expect(arriving.replace(/^sidecar:8080 sees |:.*/g, '')).toBe(ingress);
  });
});

describe('F-11 a DestinationRule that keeps the address that the client chose', () => {
  const passThrough = 'loadBalancer: { simple: PASSTHROUGH }';
  const kept = (more = '') => `trafficPolicy: { ${passThrough}${more} }`;
  const ofPort = (number: number, more: string) => `, portLevelSettings: [{ port: { number: ${number} }${more} }]`;
  const outOfMesh = workload('side', 'second', ', sidecar.istio.io/inject: "false"').replace(
    'app: second,',
    'app: server,',
  );
  const ofVersion = `subsets: [{ name: all, labels: { app: server }, trafficPolicy: { ${passThrough} } }]`;
  const toVersion = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: route, namespace: side }
spec: { hosts: [server], http: [{ route: [{ destination: { host: server, subset: all } }] }] }
`;

  it.each([
    ['opens no tunnel to ambient pods', rule(ambient, kept()), 'amb', 'ztunnel:8080 sees nobody'],
    ['speaks mutual TLS to sidecars', rule('server', kept()), 'side', identified],
    ['and plaintext to all as soon as one pod has none', rule('server', kept()) + outOfMesh, 'side', plaintext],
    ['obeys what it says of TLS', rule('server', kept(', tls: { mode: DISABLE }')), 'side', plaintext],
    [
      'is not followed where another port does otherwise',
      rule('server', kept(ofPort(80, ', loadBalancer: { simple: RANDOM }'))),
      'side',
      'not-modelled: a DestinationRule lets connections go to the address that the client chose for some ports alone (F-11)',
    ],
    [
      'nor for one port alone',
      rule(
        'server',
        `trafficPolicy: { connectionPool: { tcp: { connectTimeout: 3s } }${ofPort(80, `, ${passThrough}`)} }`,
      ),
      'side',
      'not-modelled: a DestinationRule lets connections go to the address that the client chose for some ports alone (F-11)',
    ],
    [
      'nor for a version',
      rule('server', ofVersion) + toVersion,
      'side',
      'not-modelled: how subset `all` of `server.side.svc.cluster.local` is spoken to',
    ],
    [
      'nor for a version that inherits it',
      rule('server', `${kept()}, subsets: [{ name: all, labels: { app: server } }]`) + toVersion,
      'side',
      'not-modelled: how subset `all` of `server.side.svc.cluster.local` is spoken to',
    ],
  ])('%s', (_, text, namespace, expected) =>
    expect(seen(threeNamespaces + text, 'side/client', `${namespace}/server:80`)).toBe(expected),
  );

  it('says nothing to ztunnel', () => {
    expect(seen(threeNamespaces + rule(ambient, kept()), 'amb/client', 'amb/server:80')).toBe(
      'ztunnel:8080 sees amb/client',
    );
  });

  it('leads nowhere from a gateway, and is not followed from a waypoint', () => {
    const bound = threeNamespaces.replace(
      service('amb', 'server'),
      service('amb', 'server', '{ istio.io/use-waypoint: waypoint }') + waypoint('amb'),
    );
    expect(seen(threeNamespaces + gateway + rule('server', kept()), 'gateway side/public', 'side/server:80')).toBe(
      'no-path: a DestinationRule has the gateway send on to the address that its client chose, and it knows none (F-11)',
    );
    expect(seen(bound + rule(ambient, kept(), 'amb'), 'amb/client', 'amb/server:80')).toBe(
      'not-modelled: a DestinationRule lets connections go to the address that the client chose, wherever routes lead (F-11)',
    );
  });
});

describe('W-15 a sidecar that calls a Service without a virtual IP', () => {
  const headless = (namespace: string, ports = '{ name: http, port: 8080, targetPort: web }') => `---
apiVersion: v1
kind: Service
metadata: { name: headless, namespace: ${namespace} }
spec: { clusterIP: None, selector: { set: all }, ports: [${ports}] }
`;
  const base = threeNamespaces + gateway;
  const pods = (namespace: string, name: string, more = '') => workload(namespace, name, `, set: all${more}`);
  const to = (namespace: string, name: string, port = 8080) => ({
    source: sourceOf('side/client'),
    destination: {
      kind: 'service',
      cluster: 'east',
      service: `${namespace}/headless`,
      port,
      workload: `${namespace}/${name}`,
    } as const,
    payload: get('/', { host: `headless.${namespace}` }),
  });
  const arrival = (text: string, namespace: string, from = 'side/client', port = 8080) => {
    const request = { ...to(namespace, 'one', port), source: sourceOf(from) };
    const { path, trace } = decide(meshOf(text), request);
    const last = trace[trace.length - 1];
    if (path.kind !== 'path' || last === undefined) return path.kind;
    const { principal } = last.sees;
    return `${principal.known && principal.value !== null ? principal.value.namespace : 'nobody'} at ${last.hop.port}`;
  };

  it.each([
    ['no tunnel to ambient pods', headless('amb') + pods('amb', 'one'), 'amb', 'nobody at 8080'],
    ['mutual TLS to sidecars', headless('side') + pods('side', 'one'), 'side', 'side at 8080'],
    [
      'plaintext to all as soon as one pod speaks no mutual TLS',
      headless('side') + pods('side', 'one') + pods('side', 'two', ', sidecar.istio.io/inject: "false"'),
      'side',
      'nobody at 8080',
    ],
    [
      'mutual TLS to a port of mode DISABLE, which fails',
      headless('side') +
        pods('side', 'one') +
        peerAuthentication('side', 'p', '{ selector: { matchLabels: { app: one } }, mtls: { mode: DISABLE } }'),
      'side',
      'no-path',
    ],
    [
      'plaintext where the namespace is of mode DISABLE',
      headless('side') + pods('side', 'one') + peerAuthentication('side', 'p', '{ mtls: { mode: DISABLE } }'),
      'side',
      'nobody at 8080',
    ],
    [
      'a DestinationRule is obeyed to the letter',
      headless('amb') + pods('amb', 'one') + rule('headless.amb.svc.cluster.local', tls('ISTIO_MUTUAL')),
      'amb',
      'no-path',
    ],
    [
      'and may turn mutual TLS off',
      headless('side') + pods('side', 'one') + rule('headless', tls('DISABLE')),
      'side',
      'nobody at 8080',
    ],
  ])('%s', (_, text, namespace, expected) => expect(arrival(base + text, namespace)).toBe(expected));

  describe('I-09 puts a listener at the address of each pod, for ports that are not HTTP', () => {
    const tcp = (namespace: string) => headless(namespace, '{ name: tcp, port: 8080, targetPort: web }');
    it.each([
      [
        'as if the Service were addressed',
        tcp('side') + pods('side', 'one'),
        'side/client',
        'sidecar:8080 sees side/client',
      ],
      ['not for HTTP', headless('side') + pods('side', 'one'), 'side/client', 'sidecar:8080 sees nobody'],
      [
        'not for callers without a sidecar',
        tcp('side') + pods('side', 'one'),
        'plain/client',
        'sidecar:8080 sees nobody',
      ],
      [
        'where a DestinationRule counts too',
        tcp('side') + pods('side', 'one') + rule('headless', tls('DISABLE')),
        'side/client',
        'sidecar:8080 sees nobody',
      ],
    ])('%s', (_, text, from, expected) => expect(seen(base + text, from, 'pod side/one:8080')).toBe(expected));

    it('nobody knows of whoever may be the pod itself, or is detected', () => {
      const own = base + tcp('side') + pods('side', 'one');
      expect(seen(own, 'side/one', 'pod side/one:8080')).toMatch(/^not-modelled/);
      const detected = base + headless('side', '{ name: any, port: 8080, targetPort: web }') + pods('side', 'one');
      expect(seen(detected, 'side/client', 'pod side/one:8080')).toMatch(/^not-modelled/);
    });
  });

  it('§2.5 sends connections where the Service’s port is one for them, whatever the pod’s port detects', () => {
    const other = base + headless('side', '{ name: tcp, port: 99, targetPort: web }') + pods('side', 'one');
    const request = { ...to('side', 'one', 99), source: sourceOf('side/client') };
    expect(decide(meshOf(other), request).trace.map(({ hop: { chain, port } }) => `${chain} ${port}`)).toEqual([
      'tcp 99',
    ]);
  });

  it('passes on in plaintext what is sent to a port that is named UDP', () => {
    const named = service('side', 'one').replace('name: tcp', 'name: udp');
    expect(seen(base + workload('side', 'one') + named, 'side/client', 'side/one:81')).toBe('sidecar:9000 sees nobody');
    const mesh = meshOf(base + workload('side', 'one') + named);
    expect(verdictOf(mesh, 'gateway side/public', 'side/one:81')).toBe('no-path');
  });

  it('gateways look at each pod', () => {
    const mixed = base + headless('amb') + pods('amb', 'one') + pods('amb', 'two');
    expect(arrival(mixed, 'amb', 'gateway side/public')).toBe('side at 8080');
  });

  it('callers arrive on the port of the Service, except through gateways', () => {
    const other = base + headless('amb', '{ name: http, port: 80, targetPort: web }') + pods('amb', 'one');
    const at = (from: string) => arrival(other, 'amb', from, 80);
    expect(['side/client', 'amb/client', 'plain/client', 'gateway side/public'].map(at)).toEqual([
      'nobody at 80',
      'amb at 80',
      'nobody at 80',
      'side at 8080',
    ]);
  });

  it('is refused as nobody under STRICT', () => {
    const strict = peerAuthentication('istio-system', 'default', '{ mtls: { mode: STRICT } }');
    const mesh = meshOf(base + headless('amb') + pods('amb', 'one') + service('amb', 'one') + strict);
    expect(decide(mesh, to('amb', 'one')).verdict.kind).toBe('denied');
    expect(verdictOf(mesh, 'side/client', 'amb/one:80')).toBe('allowed');
  });
});
