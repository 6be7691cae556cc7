import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { meshOf, policy, threeNamespaces } from '../support/mesh.js';
import { sourceOf } from '../support/requests.js';

const way = (protocol: string) => `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: exit }
spec:
  hosts: [api.partner.example]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{ number: 443, name: out, protocol: ${protocol} }]
---
apiVersion: v1
kind: Namespace
metadata: { name: exit }
---
apiVersion: v1
kind: Service
metadata: { name: out, namespace: exit }
spec: { selector: { istio: out }, ports: [{ name: tls, port: 443, targetPort: 8443 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: out, namespace: exit }
spec:
  selector: { matchLabels: { istio: out } }
  template:
    metadata:
      labels: { istio: out, sidecar.istio.io/inject: 'true' }
      annotations: { inject.istio.io/templates: gateway }
    spec: { serviceAccountName: out, containers: [{ name: istio-proxy, image: auto }] }
`;
const gateway = (tls: string) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: exit }
spec:
  selector: { istio: out }
  servers: [{ port: { number: 443, name: tls, protocol: TLS }, tls: { mode: ${tls} }, hosts: [api.partner.example] }]
`;
const route = (rules: string, more = '') => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: partner, namespace: exit }
spec: { hosts: [api.partner.example], gateways: [mesh, out], ${more} ${rules} }
`;
const to = (host: string, port = 443) => `route: [{ destination: { host: ${host}, port: { number: ${port} } } }]`;
const named = 'port: 443, sniHosts: [api.partner.example]';
const through = `tls: [
  { match: [{ gateways: [mesh], ${named} }], ${to('out.exit.svc.cluster.local')} },
  { match: [{ gateways: [out], ${named} }], ${to('api.partner.example')} }]`;
const ended = `tcp: [{ match: [{ gateways: [out], port: 443 }], ${to('api.partner.example')} }],
  tls: [{ match: [{ gateways: [mesh], ${named} }], ${to('out.exit.svc.cluster.local')} }]`;
const mutual = `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: out, namespace: exit }
spec:
  host: out.exit.svc.cluster.local
  trafficPolicy: { tls: { mode: ISTIO_MUTUAL, sni: api.partner.example } }
`;
const plain = gateway('SIMPLE').replace(
  /servers: .*/,
  'servers: [{ port: { number: 8443, name: http, protocol: HTTP }, hosts: [api.partner.example] }]',
);
const byHttp = (path: string) =>
  plain +
  route(`http: [
    { match: [{ gateways: [mesh] }], ${to('out.exit.svc.cluster.local')} },
    { match: [{ gateways: [out], uri: { prefix: ${path} } }], ${to('api.partner.example')} }]`);
const version = mutual.replace(
  'trafficPolicy: { tls: { mode: ISTIO_MUTUAL, sni: api.partner.example } }',
  'subsets: [{ name: partner, trafficPolicy: { tls: { mode: ISTIO_MUTUAL, sni: api.partner.example } } }]',
);
const atWaypoint = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: exit }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;
const bound = 'labels: { istio.io/use-waypoint: waypoint }';
const bySide = policy('exit', 'p', '{ rules: [{ from: [{ source: { namespaces: [side] } }] }] }');

function verdict(text: string, from = 'side/client', protocol = 'TLS'): string {
  const isBound = text.includes(atWaypoint);
  const entry = isBound ? way(protocol).replace('name: partner,', `name: partner, ${bound},`) : way(protocol);
  const mesh = meshOf(threeNamespaces + entry + text);
  const destination = {
    kind: 'external',
    cluster: 'east',
    entry: 'exit/partner',
    host: 'api.partner.example',
    port: 443,
  } as const;
  const payload =
    protocol === 'HTTP'
      ? ({ kind: 'http', method: 'GET', path: '/v1/x', host: 'api.partner.example', headers: {} } as const)
      : ({ kind: 'tcp' } as const);
  const { verdict: found } = decide(mesh, { source: sourceOf(from), destination, payload });
  return found.kind === 'denied' ? found.response : found.kind;
}

describe('a route that leads out by a gateway', () => {
  it.each([
    ['nothing leads there', gateway('PASSTHROUGH'), 'allowed'],
    ['nobody is seen where TLS is passed through', gateway('PASSTHROUGH') + route(through), 'closed'],
    ['the caller is, where mutual TLS is ended', gateway('ISTIO_MUTUAL') + route(ended) + mutual, 'allowed'],
    ['no connection is made where the client does not speak it', gateway('ISTIO_MUTUAL') + route(ended), 'no-path'],
    ['there is no listener', route(through), 'not-modelled'],
    [
      'the route leads to the host itself',
      gateway('PASSTHROUGH') + route(`tls: [{ match: [{ ${named} }], ${to('api.partner.example')} }]`),
      'allowed',
    ],
    [
      'it is for other names',
      gateway('PASSTHROUGH') +
        route(`tls: [{ match: [{ sniHosts: [other.example] }], ${to('out.exit.svc.cluster.local')} }]`),
      'allowed',
    ],
    ['it is kept to its namespace', gateway('PASSTHROUGH') + route(through, "exportTo: ['.'],"), 'allowed'],
    [
      'it leads to pods',
      gateway('PASSTHROUGH') + route(`tls: [{ match: [{ ${named} }], ${to('server.amb.svc.cluster.local', 81)} }]`),
      'allowed',
    ],
    [
      'it leads to a port that a Service does not have',
      gateway('PASSTHROUGH') + route(`tls: [{ match: [{ ${named} }], ${to('server.amb.svc.cluster.local')} }]`),
      'closed',
    ],
    [
      'a version of the Service in front says how it is spoken to',
      gateway('ISTIO_MUTUAL') + route(ended.replace('cluster.local,', 'cluster.local, subset: partner,')) + version,
      'allowed',
    ],
    [
      'the gateway leads it nowhere',
      gateway('ISTIO_MUTUAL') +
        route(`tls: [{ match: [{ gateways: [mesh], ${named} }], ${to('out.exit.svc.cluster.local')} }]`) +
        mutual,
      'no-path',
    ],
  ])('%s', (_, text, expected) => expect(verdict(text + bySide)).toBe(expected));

  it('is for sidecars alone', () => {
    expect(verdict(gateway('PASSTHROUGH') + route(through) + bySide, 'amb/client')).toBe('allowed');
  });

  it('is not judged where a waypoint obeys it', () => {
    const led = byHttp('/v1') + atWaypoint;
    expect(verdict(led, 'amb/client', 'HTTP')).toBe('not-modelled');
    expect(verdict(led, 'side/client', 'HTTP')).toBe('allowed');
  });

  it.each([
    ['by the rules of the gateway', byHttp('/v1'), 'allowed'],
    ['which answers what no rule is for', byHttp('/v2'), 'answered'],
    [
      'whose policies are asked',
      byHttp('/v1') + policy('exit', 'q', '{ rules: [{ to: [{ operation: { paths: [/v9] } }] }] }'),
      'forbidden',
    ],
    [
      'to a listener that takes none',
      gateway('PASSTHROUGH') + route(`http: [{ ${to('out.exit.svc.cluster.local')} }]`),
      'no-path',
    ],
  ])('leads requests out, %s', (_, text, expected) => {
    expect(verdict(text, 'side/client', 'HTTP')).toBe(expected);
  });
});
