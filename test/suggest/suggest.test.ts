import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runCli } from '../../src/cli/run-cli.js';
import { isLiteralPath, pathPatterns } from '../../src/suggest/path-patterns.js';
import { readObservations } from '../../src/suggest/read-observations.js';
import { memoryHost } from '../support/memory-host.js';

const deployment = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: main, image: main, ports: [{ containerPort: 8080 }, { containerPort: 9090 }] }]
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: shop }
---`;

const pod = (name: string, app: string, address: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${app}, pod-template-hash: 7b5db664c }, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: ${app}-7b5db664c, controller: true }], annotations: { sidecar.istio.io/status: '{}' } }
spec: { serviceAccountName: ${app}, containers: [{ name: main, image: main }, { name: istio-proxy, image: proxy }] }
status: { podIP: ${address} }
---`;

const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---${deployment('web')}${deployment('job')}${deployment('api')}${pod('web-7b5db664c-aaaaa', 'web', '10.0.0.1')}
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec:
  selector: { app: api }
  ports: [{ name: http, port: 80, targetPort: 8080 }, { name: tcp-admin, port: 90, targetPort: 9090 }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: api, namespace: shop }
spec:
  selector: { matchLabels: { app: api } }
  action: ALLOW
  rules:
    - from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }]
      to: [{ operation: { methods: [GET], paths: [/items/*] } }]
    - from: [{ source: { principals: [cluster.local/ns/shop/sa/nightly] } }]
`;

async function suggest(log: string, ...argv: readonly string[]) {
  const host = memoryHost({ files: { '/work/mesh.yaml': manifests, '/work/log': log }, columns: 200 });
  const exitCode = await runCli(['suggest', '-f', 'mesh.yaml', '--log', 'log', ...argv], host);
  const stdout = host.stdout();
  const [document] = parseAllDocuments(stdout);
  return { exitCode, stdout, stderr: host.stderr(), allow: document?.toJS()?.spec?.authorization?.allow };
}

/** The access log of Istio's sidecars as text. */
const envoy = (
  request: string,
  { cluster = 'outbound|80||api.shop.svc.cluster.local', from = '10.0.0.1', details = '200 - via_upstream' } = {},
) =>
  `[2026-11-12T08:09:10.123Z] "${request} HTTP/1.1" ${details} - "-" 0 19 0 - "-" "curl" "id" "api.shop" "10.0.0.9:8080" ${cluster} - 10.96.1.1:80 ${from}:41234 - default`;

const ztunnel = (from: string, port: number, more = '') =>
  `2026-10-09T11:39:41.876395Z\tinfo\taccess\tconnection complete\tsrc.addr=10.0.0.7:5 src.workload="${from}-7b5db664c-hmlqb" src.namespace="shop" src.identity="spiffe://cluster.local/ns/shop/sa/${from}" dst.addr=10.0.0.8:15008 dst.hbone_addr=10.0.0.8:${port} dst.service="api.shop.svc.cluster.local" dst.workload="api-6f787f8bd5-h2bpn" dst.namespace="shop" direction="inbound"${more}`;

describe('suggest', () => {
  it('writes one rule for each caller, by method and path, with its evidence', async () => {
    const log = [
      envoy('POST /items/17'),
      envoy('POST /items/18?x=1'),
      envoy('DELETE /items/18'),
      envoy('GET /items/1'),
    ];
    const { exitCode, stdout, allow } = await suggest(log.join('\n'));
    expect(exitCode).toBe(0);
    expect(allow).toEqual([
      {
        name: 'web-calls',
        reason: 'unreviewed',
        from: [{ service: 'web' }],
        to: [{ service: 'api', port: 'http', methods: ['DELETE', 'POST'], paths: ['/items/{*}'] }],
      },
    ]);
    expect(stdout).toContain('unreviewed: 3 calls, last seen 2026-11-12T08:09:10.123Z');
    expect(stdout).toContain('through already is left out: 1 kind of calls');
  });

  it('grants nothing: what it writes does not compile before somebody has decided on a default', async () => {
    const { stdout } = await suggest(envoy('POST /items/17'));
    const files = {
      '/work/mesh.yaml': manifests.slice(0, manifests.indexOf('apiVersion: security')),
      '/work/intents.yaml': stdout,
    };
    const host = memoryHost({ files });
    expect(await runCli(['compile', '-f', 'mesh.yaml', '-f', 'intents.yaml', '--stdout'], host)).not.toBe(0);
    expect(host.stderr()).toMatch(/default: Deny/);
  });

  it('takes lines of ztunnel for connections, and their port for that of the pod', async () => {
    const { allow, stdout } = await suggest([ztunnel('job', 9090), ztunnel('web', 8080)].join('\n'));
    expect(allow).toEqual([
      {
        name: 'job-calls',
        reason: 'unreviewed',
        from: [{ workload: 'job' }],
        to: [{ service: 'api', port: 'tcp-admin' }],
      },
    ]);
    expect(stdout).toContain('AuthorizationPolicy shop/api, rule 2');
    expect(stdout).not.toContain('AuthorizationPolicy shop/api, rule 1');
  });

  it('never makes a rule of what was refused, has no identity, or would become a pattern', async () => {
    const { allow, stdout } = await suggest(
      [
        ztunnel(
          'job',
          8080,
          ' error="connection closed due to policy rejection: allow policies exist, but none allowed"',
        ),
        ztunnel('web', 9090).replace(/ src\.(workload|namespace|identity)="[^"]*"/g, ''),
        envoy('POST /a/*'),
        envoy('PUT /b', { details: '403 - rbac_access_denied_matched_policy[none]' }),
      ].join('\n'),
    );
    expect(allow).toBeUndefined();
    expect(stdout).toContain('shop/job -> shop/api:http (1 call) was refused');
    expect(stdout).toContain('outside -> shop/api:tcp-admin (1 call) comes without an identity');
    expect(stdout).toContain('"POST /a/*" (1 call) has a path that a rule cannot say exactly');
    expect(stdout).toContain('"PUT /b" (1 call) was refused');
  });

  it('knows a caller by the address of its pod or by the prefix of the line, and says where it does not', async () => {
    const inbound = { cluster: 'inbound|8080||', from: '10.0.0.1' };
    const prefixed = `[pod/job-7b5db664c-zzzzz/istio-proxy] ${envoy('PUT /b', { from: '10.9.9.9' })}`;
    const log = [envoy('PUT /a', inbound), envoy('PUT /c', { ...inbound, from: '10.9.9.9' }), prefixed];
    const { allow, stdout } = await suggest(log.join('\n'));
    expect(allow.map(({ name }: { name: string }) => name)).toEqual(['job-calls', 'web-calls']);
    expect(stdout).toContain('1 call without a caller that is known');
  });

  it('counts a call once that both sides log', async () => {
    const both = [envoy('PUT /a'), envoy('PUT /a'), envoy('PUT /a', { cluster: 'inbound|8080||' })];
    expect((await suggest(both.join('\n'))).stdout).toContain('unreviewed: 2 calls');
  });

  it('gives the same bytes whatever the order of lines', async () => {
    const log = [envoy('PUT /a'), ztunnel('job', 9090), envoy('POST /items/2'), ztunnel('job', 8080)];
    expect((await suggest(log.join('\n'))).stdout).toBe((await suggest(log.toReversed().join('\n'))).stdout);
  });

  it('says of lines that are none, and refuses a log without a call', async () => {
    expect(await suggest(`${envoy('PUT /a')}\nhello`)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/AMB0088.*1 of 2 lines.*hello/),
    });
    expect(await suggest('hello\nworld')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('AMB0087'),
    });
  });

  it('asks for a log where none is named', async () => {
    const host = memoryHost({ files: { '/work/mesh.yaml': manifests } });
    expect(await runCli(['suggest', '-f', 'mesh.yaml'], host)).toBe(2);
    expect(host.stderr()).toContain('name a log with `--log`, or `-` for stdin');
  });

  it('prints JSON', async () => {
    const answer = JSON.parse((await suggest(envoy('PUT /a'), '-o', 'json')).stdout);
    expect(answer).toMatchObject({
      lines: 1,
      candidates: [{ namespace: 'shop', calls: 1, isRefused: true }],
      aside: [],
    });
    expect(answer.unusedRules).toHaveLength(2);
  });
});

describe('metrics', () => {
  const labels = (code: string) =>
    `reporter="destination",source_workload="web",source_workload_namespace="shop",source_principal="spiffe://cluster.local/ns/shop/sa/web",destination_service="web.shop.svc.cluster.local",response_code="${code}",response_flags="-"`;

  it('are read as a page and as the answer to a query alike', () => {
    const page = `# TYPE istio_requests_total counter\nistio_requests_total{${labels('200')}} 12 1731398400000\n`;
    const pairs = [...labels('200').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
    const metric = { __name__: 'istio_requests_total', ...Object.fromEntries(pairs) };
    const answer = JSON.stringify({ status: 'success', data: { result: [{ metric, value: [1731398400, '12'] }] } });
    const expected = { count: 12, outcome: 'passed', side: 'destination', time: '2024-11-12T08:00:00.000Z' };
    expect(readObservations([[page]]).all).toMatchObject([expected]);
    expect(readObservations([[answer]]).all).toEqual(readObservations([[page]]).all);
  });

  const connections = (name: string, flags: string, count: number) =>
    `istio_tcp_connections_${name}_total{${labels('0').replace('response_flags="-"', `response_flags="${flags}"`)}} ${count}`;

  it('of connections count those that are closed, and those that are still open', () => {
    const counts = (...lines: readonly string[]) =>
      readObservations([[lines.join('\n')]]).all.map(({ outcome, count, isPerhapsRefused }) => [
        ...[outcome, count],
        isPerhapsRefused,
      ]);
    const closed = [connections('closed', '-', 4), connections('closed', 'DENY', 2)];
    expect(counts(connections('opened', '-', 7))).toEqual([['passed', 7, true]]);
    expect(counts(...closed, connections('opened', '-', 7))).toEqual([
      ['passed', 5, true],
      ['refused', 2, true],
    ]);
    expect(counts(...closed, connections('opened', '-', 6))).toHaveLength(2);
  });

  it('that are cut off in the middle are counted as lines of no known form', () => {
    const cut = `istio_requests_total{${labels('200').slice(0, 40)}`;
    const { lines, unknown, firstUnknown } = readObservations([
      [`istio_requests_total{${labels('200')}} 5\nistio_request_bytes_sum{ 3\n${cut}`],
    ]);
    expect({ lines, unknown, firstUnknown }).toEqual({ lines: 2, unknown: 1, firstUnknown: cut });
  });

  it('of a caller that no manifest has are told as such', async () => {
    const { stdout } = await suggest(
      `istio_requests_total{${labels('200').replaceAll('sa/web', 'sa/gone').replace('source_workload="web"', 'source_workload="gone"')}} 5`,
    );
    expect(stdout).toContain('5 calls from identities that the manifests do not have');
  });

  it('become rules without methods, and 403 becomes none', async () => {
    const page = ['200', '403'].map((code) => `istio_requests_total{${labels(code)}} 5`).join('\n');
    const { allow, stdout } = await suggest(page);
    expect(allow).toMatchObject([{ from: [{ service: 'web' }], to: [{ service: 'web', port: 'http' }] }]);
    expect(stdout).toContain('unreviewed: 5 calls');
  });
});

describe('path patterns', () => {
  it('match each path that was seen', () => {
    expect(pathPatterns(['/a/1', '/a/2', '/b'])).toEqual(['/a/{*}', '/b']);
    const many = Array.from({ length: 20 }, (_, index) => `/v1/name${String.fromCharCode(97 + index)}`);
    expect(pathPatterns([...many, '/v1'])).toEqual(['/v1', '/v1/*']);
  });

  it.each(['/a*', '/{x}', 'a', '*', '/a\nb'])('do not take %j for a literal path', (path) => {
    expect(isLiteralPath(path)).toBe(false);
  });
});
