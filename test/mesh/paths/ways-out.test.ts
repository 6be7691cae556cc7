import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import type { Payload } from '../../../src/mesh/request.js';
import { settingsOfDecision } from '../../../src/mesh/routes/settings/of-decision.js';
import type { IstioVersion } from '../../../src/parse/mesh.js';
import { meshOf, policy, type Settings, threeNamespaces } from '../support/mesh.js';
import { bytes, get, sourceOf } from '../support/requests.js';

const waypoint = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: amb, labels: { istio.io/waypoint-for: all } }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;
const entry = (spec = 'resolution: DNS', hosts = 'api.partner.example') => `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: amb, labels: { istio.io/use-waypoint: waypoint } }
spec:
  hosts: ['${hosts}']
  ${spec}
  ports:
  - { number: 80, name: http, protocol: HTTP, targetPort: 8080 }
  - { number: 443, name: tls, protocol: TLS }
  - { number: 5432, name: tcp, protocol: TCP }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: mirror, namespace: amb }
spec:
  hosts: [mirror.partner.example]
  resolution: DNS
  ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }]
`;
const target = '{ group: networking.istio.io, kind: ServiceEntry, name: partner }';
const readsOnly = policy(
  'amb',
  'p',
  `{ targetRefs: [${target}], rules: [{ to: [{ operation: { methods: [GET] } }] }] }`,
);
const route = (rules: string, more = '') => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: partner, namespace: amb }
spec: { hosts: [api.partner.example], ${more} ${rules} }
`;
const to = (host: string, port: number) => `route: [{ destination: { host: ${host}, port: { number: ${port} } } }]`;

interface Asked {
  readonly port?: number;
  readonly payload?: Payload;
  readonly host?: string;
  readonly settings?: Settings;
}

function decided(text: string, from: string, { port = 80, host = 'api.partner.example', ...asked }: Asked = {}) {
  const mesh = meshOf(threeNamespaces + waypoint + text, asked.settings);
  const destination = { kind: 'external', cluster: 'east', entry: 'amb/partner', host, port } as const;
  const payload = asked.payload ?? (port === 80 ? get('/v1/rates', { host }) : bytes);
  const decision = decide(mesh, { source: sourceOf(from), destination, payload });
  return { mesh, decision };
}

/** Where it ends, or how it is stopped. */
function endOf(text: string, from: string, asked?: Asked): string {
  const { verdict, way, path } = decided(text, from, asked).decision;
  if (verdict.kind === 'not-modelled') return 'not modelled';
  if (verdict.kind === 'denied') return verdict.status === undefined ? verdict.response : `${verdict.status}`;
  const hops = path.kind === 'path' ? path.hops.map(({ point }) => point.kind) : [];
  const end = way?.end;
  const place =
    end?.kind === 'external'
      ? `${end.named.host}:${end.named.port.number}`
      : end?.kind === 'pods'
        ? `${end.service.name}:${end.port.number}`
        : `${end?.kind}`;
  return [...hops, place].join(' ');
}

describe('F-33 a waypoint before a host outside the mesh', () => {
  it.each([
    ['asks the policies for the entry', readsOnly, {}, 'waypoint api.partner.example:80'],
    ['refuses what they do not allow', readsOnly, { payload: get('/', { method: 'PUT' }) }, 'forbidden'],
    [
      'follows the routes for the host',
      route(`http: [{ ${to('mirror.partner.example', 443)} }]`),
      {},
      'waypoint mirror.partner.example:443',
    ],
    ['leads to pods', route(`http: [{ ${to('server.amb.svc.cluster.local', 80)} }]`), {}, 'waypoint ztunnel server:80'],
    [
      'answers what no rule is for',
      route(`http: [{ match: [{ uri: { exact: / } }], ${to('mirror.partner.example', 443)} }]`),
      {},
      '404',
    ],
    [
      'reads no server names',
      route(`tls: [{ match: [{ sniHosts: [x.example] }], ${to('mirror.partner.example', 443)} }]`, ''),
      { port: 443 },
      'waypoint api.partner.example:443',
    ],
    [
      'leads connections by the name of the host',
      route(`tls: [{ match: [{ sniHosts: [api.partner.example] }], ${to('mirror.partner.example', 443)} }]`),
      { port: 443 },
      'waypoint mirror.partner.example:443',
    ],
  ])('%s', (_, text, asked, expected) => {
    expect(endOf(entry() + text, 'amb/client', asked as Asked)).toBe(expected);
  });

  it.each([
    ['whatever the entry is exported to', "resolution: DNS\n  exportTo: ['.']", {}, 'waypoint api.partner.example:80'],
    ['by an address that the entry lists', 'addresses: [203.0.113.7]', {}, 'waypoint api.partner.example:80'],
    ['not where it has none', 'resolution: NONE', {}, 'api.partner.example:80'],
    ['by a range of addresses', 'addresses: [203.0.113.0/24]', {}, 'api.partner.example:80'],
    [
      'by a range of addresses, from 1.30',
      'addresses: [203.0.113.0/24]',
      { settings: { version: '1.30' } },
      'waypoint api.partner.example:80',
    ],
    ['of which no pod stands in the mesh', 'resolution: DNS\n  location: MESH_INTERNAL', {}, 'not modelled'],
  ])('is on the way %s', (_, spec, asked, expected) => {
    expect(endOf(entry(spec), 'amb/client', asked as Asked)).toBe(expected);
  });

  it('takes no other Host before a wildcard that is resolved name by name', () => {
    const wild = entry('resolution: DYNAMIC_DNS', '*.partner.example').replace(/ {2}- \{ number: 5432.*\n/, '');
    const asked = { host: 'eu.partner.example' };
    expect(endOf(wild, 'amb/client', asked)).toBe('waypoint *.partner.example:80');
    expect(endOf(wild, 'amb/client', { ...asked, payload: get('/', { host: 'other.example' }) })).toBe('404');
    expect(endOf(wild, 'amb/client', { ...asked, port: 443 })).toBe('no-path');
    const named = route(`http: [{ ${to('mirror.partner.example', 443)} }]`).replace('api.', 'eu.');
    expect(endOf(wild + named, 'amb/client', asked)).toBe('503');
  });

  it('keeps to the settings for the host', () => {
    const settings = `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: amb }
spec:
  host: api.partner.example
  trafficPolicy: { connectionPool: { tcp: { connectTimeout: 3s } }, tls: { mode: SIMPLE, sni: partner.example } }
`;
    const timed = route(`http: [{ timeout: 4s, ${to('api.partner.example', 80)} }]`);
    for (const from of ['amb/client', 'side/client']) {
      const { mesh, decision } = decided(entry() + settings + timed, from);
      const [only, ...others] = settingsOfDecision(mesh, decision);
      expect(others).toEqual([]);
      expect(only?.settings.request?.timeout).toMatchObject({ value: 4000 });
      expect(only?.settings.backend?.tls).toMatchObject({ value: { mode: 'SIMPLE', serverName: 'partner.example' } });
      expect(only?.settings.backend?.limits).toMatchObject({ value: { connectTimeout: 3000 } });
    }
    const hidden = decided(entry("resolution: DNS\n  exportTo: ['side']") + settings, 'amb/client');
    const [unruled] = settingsOfDecision(hidden.mesh, hidden.decision);
    expect(unruled?.settings.backend?.limits).toMatchObject({ value: { connectTimeout: 10_000 } });
  });
});

describe('F-36 what a waypoint can send to', () => {
  const wide = (host: string) =>
    route(`http: [{ ${to(host, 80)} }]`).replace('[api.partner.example]', '["*.partner.example"]');
  const elsewhere = 'server.side.svc.cluster.local';
  const dated = (text: string, day: string) =>
    text.replace('namespace: amb }', `namespace: amb, creationTimestamp: "2026-01-${day}T00:00:00Z" }`);
  const named = dated(
    route(`http: [{ match: [{ uri: { exact: /none } }], ${to(elsewhere, 80)} }]`).replace(
      'name: partner',
      'name: named',
    ),
    '01',
  );

  it.each([
    ['nothing to which a wildcard alone leads', wide(elsewhere), '503'],
    [
      'that to which a route leads that names the host',
      dated(wide(elsewhere), '02') + named,
      'waypoint sidecar server:80',
    ],
    ['what is bound to it', wide('api.partner.example'), 'waypoint api.partner.example:80'],
  ])('%s', (_, text, expected) =>
    expect(endOf(entry() + text, 'amb/client', { settings: { version: '1.31' } })).toBe(expected),
  );

  it.each([
    ['listed endpoints of an entry that is exported elsewhere', "'.', side", 'side', '503'],
    ['those of one that it knows', "'.', side", 'amb', 'waypoint api.partner.example:80'],
  ])('not %s', (_, exported, home, expected) => {
    const exports = exported.replace("'.'", home === 'amb' ? "'.'" : 'plain');
    const listed = entry(`resolution: STATIC\n  endpoints: [{ address: 198.51.100.7 }]\n  exportTo: [${exports}]`);
    expect(endOf(listed, 'amb/client')).toBe(expected);
  });

  const served = (annotations: string, spec = 'selector: { app: server }') => `---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: amb, labels: { istio.io/use-waypoint: waypoint }, annotations: { ${annotations} } }
spec: { ${spec}, ports: [{ name: http, port: 80, targetPort: web }, { name: tcp, port: 81, targetPort: 9000 }] }
`;
  const exported = (to: string) => served(`networking.istio.io/exportTo: "${to}"`);
  const ownRoute = `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: amb }
spec:
  parentRefs: [{ group: "", kind: Service, name: web }]
  rules: [{ timeouts: { request: 2s }, backendRefs: [{ name: web, port: 80 }] }]
`;

  function toService(text: string, from: string, settings: Settings = {}, payload: Payload = get('/')): string {
    const mesh = meshOf(threeNamespaces + waypoint + text, settings);
    const port = payload.kind === 'tcp' ? 81 : 80;
    const destination = { kind: 'service', cluster: 'east', service: 'amb/web', port, workload: 'amb/server' } as const;
    const { verdict } = decide(mesh, { source: sourceOf(from), destination, payload });
    return verdict.kind === 'denied' ? `denied ${verdict.status ?? verdict.response}` : verdict.kind;
  }

  it.each<readonly [string, string, string, Settings]>([
    ['says nothing', served(''), 'allowed', {}],
    ['is exported to its own namespace', exported('.'), 'allowed', {}],
    ['is exported to that namespace by name', exported('side, amb'), 'allowed', {}],
    ['is exported to everybody', exported('side, *'), 'allowed', {}],
    ['is exported to another namespace', exported('side'), 'denied 503', {}],
    ['is exported to nobody', exported('~'), 'denied 503', {}],
    ['is exported to nobody beside its own namespace', exported('~, amb'), 'denied 503', {}],
    ['has routes of its own', exported('side') + ownRoute, 'denied 503', {}],
    ['is exported to its own namespace by the mesh', served(''), 'allowed', { defaultServiceExportTo: ['.'] }],
    ['is exported to nobody by the mesh', served(''), 'denied 503', { defaultServiceExportTo: ['~'] }],
  ])('pods of a Service that %s', (_, text, expected, settings) =>
    expect(toService(text, 'amb/client', settings)).toBe(expected),
  );

  it('closes connections to such a Service', () =>
    expect(toService(exported('side'), 'amb/client', {}, bytes)).toBe('denied closed'));

  it('says nothing of one in a namespace that istiod does not watch', () => {
    const watched = { discoverySelectors: [{ matchLabels: { watched: 'yes' }, matchExpressions: [] }] };
    expect(toService(exported('side'), 'amb/client', watched)).toBe('not-modelled');
  });

  it('leaves alone whoever does not come to the waypoint', () => {
    expect(toService(exported('side'), 'side/client')).toBe('allowed');
  });

  it('refuses by policies first', () => {
    const closed = policy('amb', 'p', '{ targetRefs: [{ group: "", kind: Service, name: web }], rules: [] }');
    expect(toService(exported('side') + closed, 'amb/client')).toBe('denied forbidden');
  });
});

describe('T-46 a BackendTLSPolicy for a host outside the mesh', () => {
  const tlsPolicy = (more = '', annotations = '{}') => `---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: { name: partner, namespace: amb, annotations: ${annotations} }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: partner${more} }]
  validation: { hostname: tls.partner.example, wellKnownCACertificates: System }
`;
  const ignored = '{ istio.io/ignore-policy-attachment: "true" }';
  it.each<[string, string, string, IstioVersion]>([
    ['for all ports', tlsPolicy(), 'SIMPLE', '1.29'],
    ['for the port that it names', tlsPolicy(', sectionName: http'), 'SIMPLE', '1.29'],
    ['for another port', tlsPolicy(', sectionName: tls'), 'DISABLE', '1.29'],
    ['for a port that there is not', tlsPolicy(', sectionName: web'), 'DISABLE', '1.29'],
    ['that asks to be left alone', tlsPolicy('', ignored), 'SIMPLE', '1.30'],
    ['that asks to be left alone, from 1.31', tlsPolicy('', ignored), 'DISABLE', '1.31'],
  ])('%s', (_, text, mode, version) => {
    for (const from of ['amb/client', 'side/client']) {
      const { mesh, decision } = decided(entry() + text, from, { settings: { version } });
      const [at] = settingsOfDecision(mesh, decision);
      const serverName = mode === 'SIMPLE' ? 'tls.partner.example' : undefined;
      expect(at?.settings.backend?.tls).toMatchObject({ value: { mode, serverName } });
    }
  });
});

describe('F-30 what a sidecar does with connections to a host outside the mesh', () => {
  const byName = (name: string, host: string) => `{ match: [{ port: 443, sniHosts: ["${name}"] }], ${to(host, 443)} }`;
  const tls = (...rules: string[]) =>
    route(`tls: [${rules.join(', ')}]`).replace('[api.partner.example]', '["*.partner.example"]');
  const mirror = 'mirror.partner.example';
  const tcp = route(
    `tcp: [{ match: [{ port: 5432 }], ${to('mirror.partner.example', 443)} }, { match: [{ port: 443 }], ${to(mirror, 443)} }]`,
  );
  const asking = (serverName: string): Asked => ({ port: 443, payload: { kind: 'tcp', serverName } });
  it.each([
    ['goes by the name that is addressed', tls(byName('api.partner.example', mirror)), { port: 443 }, `${mirror}:443`],
    [
      'goes by the closest name',
      tls(byName('*.partner.example', 'api.partner.example'), byName('api.partner.example', mirror)),
      { port: 443 },
      `${mirror}:443`,
    ],
    ['goes by a wildcard', tls(byName('*.partner.example', mirror)), asking('eu.partner.example'), `${mirror}:443`],
    ['passes other names on', tls(byName('api.partner.example', mirror)), asking('eu.partner.example'), 'passed on'],
    [
      'drops other names',
      tls(byName('api.partner.example', mirror)),
      { ...asking('eu.partner.example'), settings: { outboundTrafficPolicy: 'REGISTRY_ONLY' } },
      'no-path',
    ],
    ['goes by the port where no names are read', tcp, { port: 5432 }, `${mirror}:443`],
    ['and not where they are', tcp, { port: 443 }, 'api.partner.example:443'],
  ])('%s', (_, text, asked, expected) => {
    expect(endOf(entry() + text, 'side/client', asked as Asked)).toBe(expected);
  });

  it('does not follow a route to a host of resolution NONE', () => {
    const led = route(`http: [{ ${to(mirror, 80)} }]`);
    expect(endOf(entry('resolution: NONE') + led, 'side/client')).toBe(`${mirror}:80`);
    expect(endOf(entry().replaceAll('resolution: DNS', 'resolution: NONE') + led, 'side/client')).toBe('not modelled');
  });
});
