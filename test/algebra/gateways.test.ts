import { expect, it } from 'vitest';
import { lanesToGateway, namesComparedAt } from '../../src/algebra/gateway-lanes.js';
import { decide } from '../../src/mesh/decide.js';
import type { Mesh } from '../../src/mesh/mesh.js';
import { arrivalAt } from '../../src/mesh/paths/gateway/arrival.js';
import type { Gateway } from '../../src/topology/model.js';
import { front as edge } from '../mesh/support/classic-gateway.js';
import { meshOf, policy, type Settings, threeNamespaces } from '../mesh/support/mesh.js';
import { fc } from '../support/fast-check.js';
import { disagreements } from './support/agreement.js';

const server = (port: number, protocol: string, tls: string, host: string) =>
  `{ port: { number: ${port}, name: s, protocol: ${protocol} }, hosts: ['${host}']${tls && `, tls: { mode: ${tls}${/^(?:SIMPLE|MUTUAL|OPTIONAL_MUTUAL)$/.test(tls) ? ', credentialName: c' : ''} }`} }`;
const servers = fc
  .array(
    fc
      .tuple(
        fc.constantFrom(80, 443, 9000),
        fc.constantFrom(
          ['HTTP', ''],
          ['TCP', ''],
          ['HTTPS', 'SIMPLE'],
          ['HTTPS', 'MUTUAL'],
          ['HTTPS', 'OPTIONAL_MUTUAL'],
          ['HTTPS', 'ISTIO_MUTUAL'],
          ['TLS', 'PASSTHROUGH'],
          ['TLS', 'AUTO_PASSTHROUGH'],
          ['TLS', 'ISTIO_MUTUAL'],
        ),
        fc.constantFrom('*', 'a.example', '*.example'),
      )
      .map(([port, [protocol = '', tls = ''], host]) => server(port, protocol, tls, host)),
    { minLength: 1, maxLength: 3 },
  )
  .map(
    (all) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: front, namespace: edge }
spec: { selector: { istio: front }, servers: [${all.map((each, index) => each.replace('name: s', `name: s${index}`)).join(', ')}] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: front, namespace: edge }
spec:
  hosts: ['*']
  gateways: [front]
  tls: [{ match: [{ sniHosts: ['*'] }], route: [{ destination: { host: server.amb.svc.cluster.local } }] }]
  tcp: [{ route: [{ destination: { host: server.amb.svc.cluster.local } }] }]
`,
  );

const rules = fc.constantFrom(
  '{ from: [{ source: { namespaces: [amb] } }] }',
  "{ from: [{ source: { notPrincipals: ['*'] } }] }",
  '{ from: [{ source: { ipBlocks: [10.0.0.0/8] } }] }',
  '{ from: [{ source: { remoteIpBlocks: [10.1.0.0/16] } }] }',
  '{ from: [{ source: { notRemoteIpBlocks: [10.0.0.0/8] } }] }',
  "{ to: [{ operation: { ports: ['8080'] } }] }",
  "{ to: [{ operation: { hosts: [a.example], paths: ['/x'] } }] }",
  '{ when: [{ key: connection.sni, values: [a.example] }] }',
  "{ from: [{ source: { ipBlocks: [10.0.0.0/8] } }], when: [{ key: connection.sni, values: ['*.a.example', 'b*'] }] }",
  "{ when: [{ key: connection.sni, notValues: ['*.example'] }] }",
);
const policies = fc
  .array(fc.tuple(fc.constantFrom('ALLOW', 'DENY'), rules), { maxLength: 2 })
  .map((all) =>
    all.map(([action, rule], index) => policy('edge', `p${index}`, `{ action: ${action}, rules: [${rule}] }`)),
  )
  .map((all) => all.join(''));

const destinationRules = fc.constantFrom('', 'ISTIO_MUTUAL', 'DISABLE', 'SIMPLE').map((mode) =>
  mode === ''
    ? ''
    : `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: front, namespace: side }
spec: { host: front.edge.svc.cluster.local, trafficPolicy: { tls: { mode: ${mode} } } }
`,
);

const topologies = fc.constantFrom<Settings>(
  {},
  { gatewayTopology: { numTrustedProxies: 0 } },
  { gatewayTopology: { numTrustedProxies: 1 } },
  { gatewayTopology: { proxyProtocol: true } },
);

it('what a listener lets through agrees with one decision after another', () => {
  fc.assert(
    fc.property(servers, policies, destinationRules, topologies, (listeners, held, tls, settings) => {
      const mesh = meshOf(threeNamespaces + edge + listeners + held + tls, settings);
      const gateway = mesh.clusters.get('east')?.cluster.gateways.get('edge/front');
      const lanes = gateway === undefined ? [] : lanesOf(mesh, gateway).map(({ lane }) => lane);
      expect(lanes.length).toBeGreaterThan(0);
      expect(lanes.flatMap((lane) => disagreements(mesh, lane))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

const names = fc.constantFrom('a.example', 'A.example', 'x.a.example', 'b.example', 'b', 'c.example', 'other.test');

it('has a way for every server name that policies tell apart', () => {
  fc.assert(
    fc.property(servers, policies, names, fc.constantFrom(80, 443, 9000), (listeners, held, serverName, port) => {
      const mesh = meshOf(threeNamespaces + edge + listeners + held, { gatewayTopology: { numTrustedProxies: 0 } });
      const gateway = mesh.clusters.get('east')?.cluster.gateways.get('edge/front');
      const arrival = gateway && arrivalAt(gateway, port, serverName);
      if (gateway === undefined || arrival?.kind !== 'listener' || arrival.listener.tls === undefined) return;
      const alike = lanesOf(mesh, gateway).filter(({ listener }) => listener === arrival.listener);
      const asked = (name: string | undefined, ip: string) => {
        const destination = { kind: 'gateway', cluster: 'east', gateway: 'edge/front', port } as const;
        const source = { kind: 'outside', name: 'internet', ip } as const;
        const payload =
          arrival.listener.reads === 'requests'
            ? ({ kind: 'http', method: 'GET', path: '/', host: 'a.example', headers: {} } as const)
            : ({ kind: 'tcp' } as const);
        const to = name === undefined ? destination : { ...destination, serverName: name };
        return decide(mesh, { source, destination: to, payload }).verdict.kind;
      };
      const verdictsOf = (name: string | undefined) => ['10.1.0.1', '192.0.2.1'].map((ip) => asked(name, ip)).join();
      const found = alike.map(({ lane: { destination } }) =>
        verdictsOf('serverName' in destination ? destination.serverName : undefined),
      );
      expect(found).toContain(verdictsOf(serverName));
    }),
    { numRuns: 300 },
  );
});

function lanesOf({ clusters }: Mesh, gateway: Gateway) {
  const at = clusters.get('east');
  return lanesToGateway(gateway, at === undefined ? [] : namesComparedAt(at, gateway));
}
