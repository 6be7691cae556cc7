import { describe, expect, it } from 'vitest';
import { type Refused, refused } from './support.js';

const http = '{ number: 80, name: http, protocol: HTTP }';
const https = '{ number: 443, name: https, protocol: HTTPS }';
const ofTls = (tls: string) => `{ servers: [{ port: ${https}, hosts: [a.com], tls: { ${tls} } }] }`;
const entry = (fields: string) => `{ hosts: [a.com], ports: [${http}], ${fields} }`;
const egress = (fields: string) => `{ egress: [{ ${fields} }] }`;

describe('an object that Istio takes', () => {
  it.each([
    ['Gateway', `{ servers: [{ port: ${http}, hosts: ["*"] }] }`],
    ['Gateway', `{ servers: [{ port: ${http}, hosts: ["./a.com", "*/b.com"], tls: { httpsRedirect: true } }] }`],
    ['Gateway', ofTls('mode: SIMPLE, credentialName: a')],
    ['Gateway', ofTls('mode: MUTUAL, serverCertificate: /a, privateKey: /b, caCertificates: /c')],
    ['Gateway', ofTls('mode: AUTO_PASSTHROUGH')],
    ['ServiceEntry', entry('resolution: DNS')],
    ['ServiceEntry', entry('resolution: STATIC, endpoints: [{ address: 10.0.0.1, ports: { http: 8080 } }]')],
    ['ServiceEntry', entry('addresses: [10.0.0.0/8], exportTo: ["~"]')],
    ['ServiceEntry', `{ hosts: ["*.a.com"], ports: [${http}], resolution: DYNAMIC_DNS }`],
    ['Sidecar', egress('hosts: [./*, istio-system/*, ~/*]')],
    ['Sidecar', '{ outboundTrafficPolicy: { mode: REGISTRY_ONLY } }'],
    ['Sidecar', '{ ingress: [{ port: { number: 80, name: http, protocol: HTTP }, defaultEndpoint: 127.0.0.1:8080 }] }'],
  ])('%s %s', (kind, spec) => {
    expect(refused(kind, spec)).toEqual([]);
  });
});

const gateways: readonly Refused[] = [
  ['{ selector: { istio: ingressgateway } }', 'L-56', ''],
  [`{ servers: [{ port: ${http} }] }`, 'L-09', 'servers.0'],
  ['{ servers: [{ hosts: ["*"] }] }', 'L-09', 'servers.0'],
  [`{ servers: [{ port: ${http}, hosts: [web] }] }`, 'L-56', 'servers.0.hosts.0'],
  [`{ servers: [{ port: ${http}, hosts: ["a.*.com"] }] }`, 'L-56', 'servers.0.hosts.0'],
  ['{ servers: [{ port: { number: 80, name: a, protocol: FTP }, hosts: ["*"] }] }', 'L-56', 'servers.0.port.protocol'],
  ['{ servers: [{ port: { number: 80, protocol: HTTP }, hosts: ["*"] }] }', 'L-09', 'servers.0.port'],
  [`{ servers: [{ port: ${https}, hosts: ["*"] }] }`, 'L-56', 'servers.0'],
  [`{ servers: [{ port: ${http}, hosts: ["*"], tls: { mode: SIMPLE, credentialName: a } }] }`, 'L-56', 'servers.0.tls'],
  [
    `{ servers: [{ port: ${http}, hosts: [a.com] }, { port: { number: 81, name: http, protocol: HTTP }, hosts: [b.com] }] }`,
    'L-56',
    'servers.1.port.name',
  ],
  [ofTls('mode: STRICT'), 'L-09', 'servers.0.tls.mode'],
  [ofTls('mode: SIMPLE, serverCertificate: /a'), 'L-56', 'servers.0.tls'],
  [ofTls('mode: ISTIO_MUTUAL, credentialName: a'), 'L-56', 'servers.0.tls'],
  [ofTls('mode: SIMPLE, credentialName: a, credentialNames: [b, c]'), 'L-56', 'servers.0.tls'],
];

const entries: readonly Refused[] = [
  [`{ ports: [${http}] }`, 'L-09', ''],
  [`{ hosts: ["*"], ports: [${http}] }`, 'L-40', 'hosts.0'],
  [entry('addresses: [a.com]'), 'L-40', 'addresses.0'],
  [entry('addresses: [10.0.0.0/8], resolution: DNS'), 'L-40', 'addresses.0'],
  ['{ hosts: [a.com], ports: [{ number: 0, name: http }] }', 'L-40', 'ports.0.number'],
  ['{ hosts: [a.com], ports: [{ number: 80 }] }', 'L-09', 'ports.0'],
  ['{ hosts: [a.com], ports: [{ number: 80, name: a }, { number: 80, name: b }] }', 'L-40', 'ports.1.number'],
  [
    entry('resolution: STATIC, workloadSelector: { labels: { app: a } }, endpoints: [{ address: 10.0.0.1 }]'),
    'L-40',
    'workloadSelector',
  ],
  [entry('endpoints: [{ address: 10.0.0.1 }]'), 'L-41', 'endpoints'],
  [entry('resolution: STATIC, endpoints: [{ address: a.com }]'), 'L-41', 'endpoints.0.address'],
  [
    entry('resolution: STATIC, endpoints: [{ address: 10.0.0.1, ports: { grpc: 80 } }]'),
    'L-41',
    'endpoints.0.ports.grpc',
  ],
  [`{ hosts: ["*.a.com"], ports: [${http}], resolution: DNS }`, 'L-41', 'hosts.0'],
  [entry('resolution: DYNAMIC_DNS'), 'L-41', 'hosts.0'],
  [entry('resolution: STATIC, endpoints: [{ address: "unix:///run/" }]'), 'L-41', 'endpoints.0.address'],
  [entry('resolution: SOMEHOW'), 'L-09', 'resolution'],
  [entry('location: SOMEWHERE'), 'L-09', 'location'],
  [
    '{ hosts: [a.com, b.com], ports: [{ number: 9000, name: tcp, protocol: TCP }], resolution: DNS }',
    'L-42',
    'ports.0',
  ],
  [entry('exportTo: ["*", "~"]'), 'L-24', 'exportTo'],
];

const sidecars: readonly Refused[] = [
  ['{ workloadSelector: { labels: { app: a } } }', 'L-50', ''],
  [egress('port: { number: 80, protocol: HTTP, name: a }'), 'L-09', 'egress.0'],
  [egress('hosts: [web]'), 'L-50', 'egress.0.hosts.0'],
  [egress('hosts: [./web]'), 'L-50', 'egress.0.hosts.0'],
  ['{ egress: [{ hosts: [./*] }, { port: { number: 80, protocol: HTTP }, hosts: [./*] }] }', 'L-50', 'egress.0'],
  ['{ ingress: [{ defaultEndpoint: 127.0.0.1:80 }] }', 'L-09', 'ingress.0'],
  ['{ ingress: [{ port: { number: 80 }, defaultEndpoint: 10.0.0.1:80 }] }', 'L-50', 'ingress.0.defaultEndpoint'],
  ['{ ingress: [{ port: { number: 80 }}, { port: { number: 80 }}] }', 'L-50', 'ingress.1.port.number'],
  ['{ outboundTrafficPolicy: { mode: DENY } }', 'L-09', 'outboundTrafficPolicy.mode'],
  [
    '{ outboundTrafficPolicy: { mode: REGISTRY_ONLY, egressProxy: { host: a.com, port: { number: 80 } } } }',
    'L-50',
    'outboundTrafficPolicy.egressProxy',
  ],
];

describe('an object that Istio refuses', () => {
  it.each(gateways)('Gateway %s (%s)', (spec, law, place) => {
    expect(refused('Gateway', spec)).toContain(`${law} ${place}`.trim());
  });

  it.each(entries)('ServiceEntry %s (%s)', (spec, law, place) => {
    expect(refused('ServiceEntry', spec)).toContain(`${law} ${place}`.trim());
  });

  it.each(sidecars)('Sidecar %s (%s)', (spec, law, place) => {
    expect(refused('Sidecar', spec)).toContain(`${law} ${place}`.trim());
  });

  it('takes a dynamic host within the mesh from 1.31 on, and not behind a waypoint', () => {
    const within = `{ hosts: ["*.a.com"], ports: [${http}], location: MESH_INTERNAL, resolution: DYNAMIC_DNS }`;
    expect(refused('ServiceEntry', within, '1.30')).toEqual(['L-41 location']);
    expect(refused('ServiceEntry', within, '1.31')).toEqual([]);
    expect(refused('ServiceEntry', within, '1.31', '{ istio.io/use-waypoint: w }')).toEqual(['L-41 location']);
  });
});
