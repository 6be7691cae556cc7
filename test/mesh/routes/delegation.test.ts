import { describe, expect, it } from 'vitest';
import type { MeshCluster } from '../../../src/mesh/mesh.js';
import type { RouteMatch, RouteRule } from '../../../src/mesh/routes/route.js';
import { meshOf, type Settings, service, threeNamespaces, workload } from '../support/mesh.js';
import { get, verdictOf } from '../support/requests.js';

const virtualService = (namespace: string, name: string, spec: string, labels = '{}') => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${namespace}, labels: ${labels} }
spec: ${spec}
`;
const toServer = 'route: [{ destination: { host: server } }]';
const root = (rule: string) => virtualService('side', 'root', `{ hosts: [server], http: [${rule}] }`);
const part = (rules: string, more = '', namespace = 'side') =>
  virtualService(namespace, 'part', `{ ${more} http: [${rules}] }`);
const delegate = 'delegate: { name: part }';

function clusterOf(text: string, settings: Settings = {}): MeshCluster {
  const cluster = meshOf(threeNamespaces + text, settings).clusters.get('east');
  if (cluster === undefined) throw new Error('no cluster');
  return cluster;
}

function rulesOf(text: string, settings: Settings = {}): readonly RouteRule[] {
  return clusterOf(text, settings).routes.flatMap(({ http }) => http);
}

/** What the rules ask for, in few words. */
function asked(text: string): readonly string[] {
  return rulesOf(text).map(({ matches }) => matches.map(inWords).join(' or '));
}

function inWords({ path, method, headers, query, proxy }: RouteMatch): string {
  const text = (match: { kind: string; value?: string }) => `${match.kind} ${match.value ?? ''}`.trim();
  return [
    ...(path === undefined ? [] : [text(path)]),
    ...(method === undefined ? [] : [`method ${text(method)}`]),
    ...headers.map(({ name, match, negated }) => `${negated ? 'no ' : ''}${name} ${text(match)}`),
    ...query.map(({ name, match }) => `?${name} ${text(match)}`),
    ...(proxy.port === undefined ? [] : [`port ${proxy.port}`]),
    ...proxy.gateways,
    ...Object.entries(proxy.sourceLabels).map((pair) => pair.join('=')),
    ...(proxy.sourceNamespace === undefined ? [] : [`from ${proxy.sourceNamespace}`]),
  ].join(' ');
}

function lost(text: string, settings: Settings = {}): readonly string[] {
  return clusterOf(text, settings).unreadRoutes.map(
    ({ object, place, why }) => `${object.name} ${place.join('.')}: ${why}`,
  );
}

describe('T-95 rules that a VirtualService delegates', () => {
  it('are those of the delegate, within what the root asks for', () => {
    const rules = `{ match: [{ uri: { prefix: /a/b }, headers: { x: { exact: "1" } } }, { uri: { exact: /a } }], ${toServer} }, { ${toServer} }`;
    const match = '{ uri: { prefix: /a }, method: { exact: GET }, headers: { w: { prefix: z } } }';
    expect(asked(root(`{ match: [${match}], ${delegate} }, { ${toServer} }`) + part(rules))).toEqual([
      'prefix /a/b method exact GET w prefix z x exact 1 or exact /a method exact GET w prefix z',
      'prefix /a method exact GET w prefix z',
      '',
    ]);
    expect(asked(root(`{ ${delegate} }`) + part(rules))).toEqual(['prefix /a/b x exact 1 or exact /a', '']);
  });

  it('meet each match of the root that leaves them something', () => {
    const rules = `{ match: [{ uri: { prefix: /a/b } }], ${toServer} }`;
    const two = '{ uri: { prefix: /a }, port: 80 }, { uri: { prefix: /c } }, { method: { exact: PUT } }';
    expect(asked(root(`{ match: [${two}], ${delegate} }`) + part(rules))).toEqual([
      'prefix /a/b port 80 or prefix /a/b method exact PUT',
    ]);
  });

  it.each([
    ['a shorter prefix', '{ uri: { prefix: /a/b } }', '{ uri: { prefix: /a } }'],
    ['a prefix where one path is meant', '{ uri: { exact: /a } }', '{ uri: { prefix: /a } }'],
    ['an expression beside a text', '{ uri: { prefix: /a } }', '{ uri: { regex: /a/.* } }'],
    ['a text beside an expression', '{ uri: { regex: /a/.* } }', '{ uri: { exact: /a/b } }'],
    ['presence beside a text', '{ headers: { x: {} } }', '{ headers: { x: { exact: "1" } } }'],
    ['another value of a header', '{ headers: { x: { exact: "2" } } }', '{ headers: { x: { exact: "1" } } }'],
    [
      'another value that must not be',
      '{ withoutHeaders: { x: { exact: "2" } } }',
      '{ withoutHeaders: { x: { exact: "1" } } }',
    ],
    ['another parameter', '{ queryParams: { x: { exact: "2" } } }', '{ queryParams: { x: { exact: "1" } } }'],
    ['another port', '{ port: 80 }', '{ port: 81 }'],
    ['no namespace where one is meant', '{ sourceNamespace: side }', '{ uri: { prefix: /a } }'],
    ['another label', '{ sourceLabels: { app: a } }', '{ sourceLabels: { app: b } }'],
    ['more gateways', '{ gateways: [mesh] }', '{ gateways: [mesh, side/public] }'],
    ['case that counts', '{ uri: { prefix: /a }, ignoreUriCase: true }', '{ uri: { prefix: /a } }'],
  ])('are left out where they ask for what the root excludes: %s', (_, outer, inner) => {
    const text = root(`{ match: [${outer}], ${delegate} }`) + part(`{ match: [${inner}], ${toServer} }`);
    expect(rulesOf(text)).toEqual([]);
    expect(lost(text)).toEqual(['part spec.http.0.match.0: this match lies within none of VirtualService side/root']);
  });

  it('do what they say, and else what the root says', () => {
    const outer = `{ ${delegate}, name: r, timeout: 3s, rewrite: { uri: /new }, mirror: { host: copy }, headers: { request: { set: { x: "1" } } } }`;
    const rules = `{ name: d, timeout: 1s, ${toServer} }, { redirect: { uri: /else } }`;
    const [first, second] = rulesOf(root(outer) + part(rules, '', 'plain').replaceAll('part', 'else') + part(rules));
    expect(first).toMatchObject({
      origin: { name: 'r-d', object: { name: 'part' }, place: ['spec', 'http', 0] },
      settings: { timeout: { value: 1000 } },
      mirrors: [{ host: 'copy.side.svc.cluster.local' }],
      result: { kind: 'forward', destinations: [{ changes: { path: { kind: 'prefix', value: '/new' } } }] },
    });
    expect(second).toMatchObject({
      origin: { name: 'r' },
      settings: { timeout: { value: 3000 } },
      result: { kind: 'redirect' },
    });
  });

  it('name hosts and gateways as their own namespace does', () => {
    const text = root(
      '{ match: [{ gateways: [public, mesh] }], delegate: { name: part, namespace: amb }, mirror: { host: copy } }',
    );
    const rules = `{ match: [{ gateways: [side/public] }], ${toServer} }`;
    const [rule] = rulesOf(text + part(rules, '', 'amb'));
    expect(rule).toMatchObject({
      matches: [{ proxy: { gateways: ['side/public'] } }],
      mirrors: [{ host: 'copy.side.svc.cluster.local' }],
      result: { destinations: [{ host: 'server.amb.svc.cluster.local' }] },
    });
  });

  it('must be exported to the namespace of the root', () => {
    const away = '{ delegate: { name: part, namespace: amb } }';
    const rules = (more: string) => part(`{ ${toServer} }`, more, 'amb');
    expect(rulesOf(root(away) + rules(''))).toHaveLength(1);
    expect(rulesOf(root(away) + rules('exportTo: [side],'))).toHaveLength(1);
    expect(rulesOf(root(away) + rules('exportTo: ["."],'))).toHaveLength(0);
    expect(rulesOf(root(away) + rules(''), { defaultVirtualServiceExportTo: ['.'] })).toHaveLength(0);
    expect(lost(root(away) + rules('exportTo: ["."],'))).toEqual([
      'root spec.http.0.delegate: VirtualService amb/part is not exported to namespace `side`',
    ]);
  });

  it('are left out where there is no such delegate, and not known where its namespace is not given', () => {
    expect(rulesOf(root(`{ ${delegate} }, { ${toServer} }`))).toHaveLength(1);
    expect(lost(root(`{ ${delegate} }`))).toEqual([
      'root spec.http.0.delegate: there is no VirtualService side/part without hosts',
    ]);
    expect(
      lost(root(`{ ${delegate} }`) + virtualService('side', 'part', `{ hosts: [a], http: [{ ${toServer} }] }`)),
    ).toHaveLength(1);
    const [open] = rulesOf(root('{ delegate: { name: part, namespace: far } }'));
    expect(open?.result).toMatchObject({
      kind: 'not-modelled',
      why: 'the rules of VirtualService far/part, which is not given',
    });
    const foreign = virtualService('side', 'part', `{ http: [{ ${toServer} }] }`, '{ istio.io/rev: canary }');
    expect(rulesOf(root(`{ ${delegate} }`) + foreign)[0]?.result).toMatchObject({ kind: 'not-modelled' });
  });

  it('decide where requests go', () => {
    const other = workload('side', 'vault') + service('side', 'vault');
    const rules = '{ match: [{ uri: { prefix: /v2/x } }], route: [{ destination: { host: vault } }] }';
    const text =
      threeNamespaces +
      other +
      root(`{ match: [{ uri: { prefix: /v2 } }], ${delegate} }, { ${toServer} }`) +
      part(rules);
    expect(verdictOf(meshOf(text), 'side/client', 'side/server:80', get('/v2/x'))).toBe('no-path');
    expect(verdictOf(meshOf(text), 'side/client', 'side/server:80', get('/v2'))).toBe('allowed');
  });
});
