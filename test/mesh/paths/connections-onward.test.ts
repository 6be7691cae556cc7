import { describe, expect, it } from 'vitest';
import { decideThrough } from '../../../src/mesh/decide.js';
import { settingsOfDecision } from '../../../src/mesh/routes/settings/of-decision.js';
import { frontBehind } from '../support/classic-gateway.js';
import { meshOf, policy, type Settings, service, threeNamespaces, workload } from '../support/mesh.js';
import { sourceOf } from '../support/requests.js';

const gateway = (server: string) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: front, namespace: edge }
spec: { selector: { istio: front }, servers: [${server}] }
`;
const passing = gateway(
  "{ port: { number: 443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH }, hosts: ['*.example'] }",
);
const ending = gateway(
  "{ port: { number: 443, name: tls, protocol: TLS }, tls: { mode: SIMPLE, credentialName: cert }, hosts: ['*.example'] }",
);
const plain = gateway("{ port: { number: 443, name: tcp, protocol: TCP }, hosts: ['*'] }");
const route = (rules: string) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: front, namespace: edge }
spec: { hosts: ['*.example'], gateways: [front], ${rules} }
`;
const to = (host: string, more = '') =>
  `{ destination: { host: ${host}.amb.svc.cluster.local, port: { number: 81 }${more} } }`;
const named = (name: string, host: string) => `{ match: [{ sniHosts: ["${name}"] }], route: [${to(host)}] }`;
const base = `${threeNamespaces}${workload('amb', 'other')}${service('amb', 'other')}${frontBehind('[{ name: tls, port: 443, targetPort: 443 }]')}`;

function decisions(text: string, serverName?: string, settings?: Settings) {
  const mesh = meshOf(base + text, settings);
  const destination = { kind: 'gateway', cluster: 'east', gateway: 'edge/front', port: 443 } as const;
  const payload = { kind: 'tcp', ...(serverName !== undefined && { serverName }) } as const;
  return { mesh, found: decideThrough(mesh, { source: sourceOf('outside'), destination, payload }) };
}

/** Where it may end, each with its share, and how it is stopped. */
function endsOf(text: string, serverName?: string, settings?: Settings): readonly string[] {
  return decisions(text, serverName, settings).found.map(({ verdict, way }) => {
    const place = way?.end.kind === 'pods' ? way.end.workloads.join() : way?.end.kind;
    const share = way === undefined || way.share === 1 ? '' : ` ${way.share * 100}%`;
    return verdict.kind === 'allowed'
      ? `${place}${share}`
      : verdict.kind === 'denied'
        ? verdict.response
        : verdict.kind;
  });
}

describe('F-32 connections from a gateway to pods', () => {
  const both = route(`tls: [${named('*.example', 'other')}, ${named('db.example', 'server')}]`);
  it.each([
    ['go by the closest server name', passing + both, 'db.example', ['amb/server']],
    ['go by a wildcard', passing + both, 'x.example', ['amb/other']],
    [
      'are refused for other names',
      passing + route(`tls: [${named('db.example', 'server')}]`),
      'x.example',
      ['no-path'],
    ],
    ['are undecided where the name is not known', passing + both, undefined, ['not-modelled']],
    [
      'go by the only rule whatever the name',
      passing + route(`tls: [${named('db.example', 'server')}]`),
      undefined,
      ['amb/server'],
    ],
    [
      'are none where nothing leads by name',
      passing + route(`tcp: [{ route: [${to('server')}] }]`),
      'db.example',
      ['no-path'],
    ],
    [
      'go by the port where TLS ends',
      ending + route(`tcp: [{ match: [{ port: 443 }], route: [${to('server')}] }]`),
      'x.example',
      ['amb/server'],
    ],
    [
      'go by the port where there is none',
      plain + route(`tcp: [{ match: [{ port: 443 }], route: [${to('server')}] }]`),
      undefined,
      ['amb/server'],
    ],
    [
      'are drawn by weight',
      plain +
        route(
          `tcp: [{ route: [${to('server').replace('{ ', '{ weight: 25, ')}, ${to('other').replace('{ ', '{ weight: 75, ')}] }]`,
        ),
      undefined,
      ['amb/other 75%', 'amb/server 25%'],
    ],
    [
      'come to no version that nobody names',
      plain + route(`tcp: [{ route: [${to('server', ', subset: v2')}] }]`),
      undefined,
      ['closed'],
    ],
  ])('%s', (_, text, serverName, expected) => expect(endsOf(text, serverName)).toEqual(expected));

  it('meet the policies of the gateway, and those of the pods as the gateway’s', () => {
    const text = passing + both;
    const atPods = (account: string) =>
      policy(
        'amb',
        'p',
        `{ rules: [{ from: [{ source: { principals: ["cluster.local/ns/edge/sa/${account}"] } }] }] }`,
      );
    expect(endsOf(text + atPods('front'), 'db.example')).toEqual(['amb/server']);
    expect(endsOf(text + atPods('other'), 'db.example')).toEqual(['closed']);
    const atGateway = policy('edge', 'g', '{ action: DENY, rules: [{ to: [{ operation: { ports: ["443"] } }] }] }');
    expect(endsOf(text + atGateway, 'db.example')).toEqual(['closed']);
  });

  it('keep to the settings of the Service', () => {
    const rule = `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: server, namespace: amb }
spec: { host: server, trafficPolicy: { connectionPool: { tcp: { connectTimeout: 2s, maxConnections: 7 } } } }
`;
    const { mesh, found } = decisions(passing + both + rule, 'db.example');
    const [at, ...others] = found.flatMap((decision) => settingsOfDecision(mesh, decision));
    expect(others).toEqual([]);
    expect(at).toMatchObject({ at: 'gateway', name: 'edge/front' });
    expect(at?.rule?.place).toEqual(['spec', 'tls', 1]);
    expect(at?.settings.request).toBeUndefined();
    expect(at?.settings.backend).toMatchObject({
      host: 'server.amb.svc.cluster.local',
      port: 81,
      limits: { value: { connectTimeout: 2000, maxConnections: 7 } },
    });
  });
});

describe('T-50, T-52 connections of routes of the Gateway API', () => {
  const modern = (listener: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: front, namespace: edge }
spec: { gatewayClassName: istio, listeners: [{ ${listener}, allowedRoutes: { namespaces: { from: All } } }] }
`;
  const routeOf = (kind: string, spec: string) => `---
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: ${kind}
metadata: { name: db, namespace: amb }
spec: { parentRefs: [{ name: front, namespace: edge }], ${spec} }
`;
  const backend = (name: string) => `rules: [{ backendRefs: [{ name: ${name}, port: 81 }] }]`;
  const alpha: Settings = { flags: { PILOT_ENABLE_ALPHA_GATEWAY_API: true } };
  const tls = modern('name: tls, port: 443, protocol: TLS, hostname: "*.example", tls: { mode: Passthrough }');

  it.each([
    [
      'a TLSRoute',
      tls + routeOf('TLSRoute', `hostnames: [db.example], ${backend('server')}`),
      'db.example',
      ['amb/server'],
    ],
    [
      'a TLSRoute for another name',
      tls + routeOf('TLSRoute', `hostnames: [db.example], ${backend('server')}`),
      'x.example',
      ['no-path'],
    ],
    [
      'the part of a TLSRoute that the listener takes',
      tls + routeOf('TLSRoute', `hostnames: ["*"], ${backend('server')}`).replace('["*"]', '["db.example", "db.test"]'),
      'db.test',
      ['no-path'],
    ],
    [
      'a TCPRoute',
      modern('name: tcp, port: 443, protocol: TCP') + routeOf('TCPRoute', backend('other')),
      undefined,
      ['amb/other'],
    ],
  ])('%s', (_, text, serverName, expected) => {
    expect(endsOf(text, serverName, alpha)).toEqual(expected);
  });
});
