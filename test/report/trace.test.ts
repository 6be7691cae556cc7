import { Chalk } from 'chalk';
import { expect, it } from 'vitest';
import type { Fault } from '../../src/mesh/fault-names.js';
import { decideUnder } from '../../src/mesh/faults.js';
import type { Mesh } from '../../src/mesh/mesh.js';
import type { Request } from '../../src/mesh/request.js';
import { type TraceReport, traceToJson, traceToText } from '../../src/report/trace.js';
import { traceOf } from '../../src/trace/trace.js';
import {
  meshOf,
  peerAuthentication,
  policy,
  service,
  threeNamespaces,
  waypoint,
  workload,
} from '../mesh/support/mesh.js';
import { get, requestOf } from '../mesh/support/requests.js';
import { plainPage } from '../support/page.js';

const bound = threeNamespaces.replace(
  service('amb', 'server'),
  service('amb', 'server', '{ istio.io/use-waypoint: waypoint }'),
);

const guarded = `${bound}${waypoint('amb')}${policy(
  'amb',
  'readers',
  '{ targetRefs: [{ group: "", kind: Service, name: server }], rules: [{ from: [{ source: { serviceAccounts: [side/client] } }] }, { to: [{ operation: { methods: [GET], paths: [/public/*] } }] }] }',
  '{ ambit.dev/intents: "amb/readers" }',
)}${policy('amb', 'guard', '{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { serviceAccounts: [amb/waypoint] } }] }] }')}`;

function reportOf(mesh: Mesh, from: string, to: string, path: string, faults: readonly Fault[] = []): TraceReport {
  return {
    trace: traceOf(mesh, decideUnder(mesh, requestOf(from, to, get(path)), faults)),
    sourceIntentsOf: ({ intents }) => intents.map((id) => ({ id, reason: undefined, place: undefined })),
    mesh: 'as-is',
    faults,
    others: [],
    pods: 1,
    assumedHost: 'server',
    displayPath: (file) => file,
  };
}

it('shows where a request stopped, why, and the lines responsible', () => {
  expect(
    traceToText(reportOf(meshOf(guarded), 'amb/client', 'amb/server:80', '/private'), plainPage),
  ).toMatchInlineSnapshot(`
    "✗ DENIED  GET /private  amb/client → amb/server:80
      403 RBAC: access denied, at the waypoint amb/waypoint: there are ALLOW policies and none matches:
      AuthorizationPolicy amb/readers

      ● amb/client                                                                               ambient
      │   cluster.local/ns/amb/sa/client
      │   label \`istio.io/dataplane-mode=ambient\` on namespace \`amb\` (E-01)
      │
      ✗ waypoint amb/waypoint                                                    reads requests · denied
      ┆   here     waypoint amb/waypoint governs traffic addressed to the service (W-13)
      ┆   request  cluster.local/ns/amb/sa/client, address none, behind HBONE, port 80, GET /private,
      ┆            host server.amb
      ┆   ALLOW    amb/readers does not match
      ┆            manifests.yaml
      ┆            · line 124: rule requires service account \`side/client\`, caller has \`amb/client\`
      ┆            · line 124: rule requires path \`/public/*\`, request has \`/private\`
      ┆   so       there are ALLOW policies and none matches: AuthorizationPolicy amb/readers
      ┆
      ┆ ztunnel of amb/server                                                                not reached
      ┆ pod of amb/server:8080                                                               not reached

      decided by   AuthorizationPolicy amb/readers
                   manifests.yaml:123
      intent       amb/readers
      evaluated    the mesh as its manifests are, without any intent
      assumed      the request names host \`server\` (--host says otherwise)
    "
  `);
});

it('shows every step of a request that arrives, and who let it through', () => {
  expect(
    traceToText(reportOf(meshOf(guarded), 'amb/client', 'amb/server:80', '/public/x'), plainPage),
  ).toMatchInlineSnapshot(`
    "✓ ALLOWED  GET /public/x  amb/client → amb/server:80
      reaches the service: AuthorizationPolicy amb/guard allows it

      ● amb/client                                                                               ambient
      │   cluster.local/ns/amb/sa/client
      │   label \`istio.io/dataplane-mode=ambient\` on namespace \`amb\` (E-01)
      │
      ✓ waypoint amb/waypoint                                                    reads requests · passes
      │   here     waypoint amb/waypoint governs traffic addressed to the service (W-13)
      │   request  cluster.local/ns/amb/sa/client, address none, behind HBONE, port 80, GET /public/x,
      │            host server.amb
      │   ALLOW    amb/readers matches
      │            manifests.yaml
      │            ✓ line 124: every part matches
      │            · line 124: rule requires service account \`side/client\`, caller has \`amb/client\`
      │   so       AuthorizationPolicy amb/readers allows it
      │
      ✓ ztunnel of amb/server                                                 reads connections · passes
      │   here     ztunnel stands at every ambient pod (§2.4)
      │   request  cluster.local/ns/amb/sa/waypoint, port 8080
      │   ALLOW    amb/guard matches
      │            manifests.yaml
      │            ✓ line 129: every part matches
      │   so       AuthorizationPolicy amb/guard allows it
      │
      ✓ pod of amb/server:8080                                                                   reached

      decided by   AuthorizationPolicy amb/readers
                   manifests.yaml:124
      intent       amb/readers
      decided by   AuthorizationPolicy amb/guard
                   manifests.yaml:129
      evaluated    the mesh as its manifests are, without any intent
      assumed      the request names host \`server\` (--host says otherwise)
    "
  `);
});

it('says of which waypoint a request goes past', () => {
  const unserved = meshOf(bound);
  const text = traceToText(reportOf(unserved, 'amb/client', 'amb/server:80', '/'), plainPage);
  expect(text).toContain('past waypoint amb/waypoint, named on Service, does not exist (W-11)');
  expect(text).toMatch(/^✓ ALLOWED/);
});

it('shows mutual TLS as what it is, not as a policy that denies', () => {
  const strict = meshOf(`${threeNamespaces}${peerAuthentication('amb', 'strict', '{ mtls: { mode: STRICT } }')}`);
  const refused = traceToText(reportOf(strict, 'plain/client', 'amb/server:80', '/'), plainPage);
  expect(refused).toMatch(/^✗ DENIED/);
  expect(refused).toContain(
    'mTLS     PeerAuthentication amb/strict accepts mutual TLS only: the caller has no certificate',
  );
  expect(refused).not.toContain('DENY');
  const passed = traceToText(reportOf(strict, 'amb/client', 'amb/server:80', '/'), plainPage);
  expect(passed).toContain('mTLS     PeerAuthentication amb/strict is satisfied');
});

it('asks for what only the reader can give', () => {
  const office = policy('amb', 'office', '{ rules: [{ from: [{ source: { ipBlocks: [203.0.113.0/24] } }] }] }');
  const mesh = meshOf(threeNamespaces + office);
  const request: Request = {
    ...requestOf('outside', 'amb/server:80'),
    source: { kind: 'outside', name: 'office' },
  };
  const base = reportOf(mesh, 'outside', 'amb/server:80', '/');
  const text = traceToText({ ...base, trace: traceOf(mesh, decideUnder(mesh, request, [])) }, plainPage);
  expect(text).toMatch(/^\? UNDECIDED {2}GET \/ .*\n {2}needs the caller's address: --from-ip \(/);
  expect(text).toContain('reads connections · undecided');
  expect(text).toContain('? line 117: rule requires source address `203.0.113.0/24`, and the address of the');
});

it('keeps to 100 columns, whatever the names', () => {
  const long = 'x'.repeat(30);
  const mesh = meshOf(
    `${threeNamespaces}${policy('amb', long, `{ rules: [{ from: [{ source: { namespaces: [${long}, ${long}y, ${long}z] } }] }] }`)}`,
  );
  const text = traceToText(reportOf(mesh, 'amb/client', 'amb/server:80', '/'), plainPage);
  expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(100);
  expect(text).toContain(`\`${long}z\``);
});

it('paints the verdict, and draws control characters', () => {
  const coloured = new Chalk({ level: 1 });
  const report = reportOf(meshOf(guarded), 'amb/client', 'amb/server:80', '/\u001b[2J');
  const text = traceToText(report, { columns: 100, pen: coloured });
  expect(text).toContain('\u001b[31m');
  expect(text).not.toContain('\u001b[2J');
});

it('names what a plane does not enforce', () => {
  const mesh = meshOf(
    `${threeNamespaces}${policy('amb', 'blind', '{ action: DENY, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }')}`,
  );
  const text = traceToText(reportOf(mesh, 'amb/client', 'amb/server:80', '/admin'), plainPage);
  expect(text).toMatch(/^✓ ALLOWED/);
  expect(text).toContain('ztunnel cannot see `paths`');
});

it('tells programs the same', () => {
  const json = traceToJson(reportOf(meshOf(guarded), 'amb/client', 'amb/server:80', '/private'));
  expect(json).toMatchObject({
    verdict: 'denied',
    response: 'forbidden',
    callerSees: '403 RBAC: access denied',
    caller: { plane: 'ambient', principal: 'cluster.local/ns/amb/sa/client' },
    hops: [
      { kind: 'waypoint', outcome: 'denied', reads: 'requests', policies: [{ name: 'readers', matched: 'no' }] },
      { kind: 'ztunnel', outcome: 'not reached', policies: [] },
      { kind: 'pod', outcome: 'not reached' },
    ],
    decidedBy: [{ kind: 'AuthorizationPolicy', name: 'readers', intents: [{ id: 'amb/readers' }] }],
  });
});

it.each([
  ['amb/client', 'pod amb/server:8080', 'connection reset', ['AuthorizationPolicy amb/guard']],
  ['side/client', 'amb/server:80', '503 upstream connect error, from its own proxy', ['AuthorizationPolicy amb/guard']],
  ['outside', 'pod side/server:8080', 'connection reset', ['PeerAuthentication side/default']],
])('says what %s gets from %s', (from, to, seen, deciders) => {
  const mesh = meshOf(`${guarded}${peerAuthentication('side', 'default', '{ mtls: { mode: STRICT } }')}`);
  const { trace } = reportOf(mesh, from, to, '/');
  expect(trace.seen).toBe(seen);
  expect(trace.responsible.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`)).toEqual(deciders);
});

it('breaks the waypoint in the ways that it can break', () => {
  const { trace } = reportOf(meshOf(guarded), 'amb/client', 'amb/server:80', '/public/x', ['waypoint-down']);
  expect(trace.seen).toBe('connection reset');
  expect(trace.hops.map(({ outcome }) => outcome)).toEqual(['not reached', 'not reached', 'not reached']);
});

it('tells what becomes of the copies that routes make', () => {
  const mirrored = `${threeNamespaces}${workload('side', 'replay')}${service('side', 'replay')}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: server, namespace: side }
spec: { hosts: [server], http: [{ route: [{ destination: { host: server } }], mirror: { host: replay }, mirrorPercentage: { value: 0.5 } }] }
`;
  const shut = policy('side', 'shut', '{ selector: { matchLabels: { app: replay } }, rules: [] }');
  const report = (text: string) => reportOf(meshOf(text), 'side/client', 'side/server:80', '/');
  expect(traceToText(report(mirrored + shut), plainPage)).toContain(
    'copied       0.5% to side/replay by `side/replay`, refused: there are ALLOW policies and none',
  );
  const copy = { percent: 0.5, to: 'side/replay by `side/replay`', verdict: 'allowed', because: 'no policy denies it' };
  expect(traceToJson(report(mirrored))).toMatchObject({ verdict: 'allowed', copies: [copy] });
  expect(traceToJson(report(threeNamespaces))).not.toHaveProperty('copies');
});
