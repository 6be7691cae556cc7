import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { readLogLine } from '../../src/trace/logs/read-log-line.js';
import { memoryHost } from '../support/memory-host.js';
import { smallProject } from '../support/projects.js';

const refusedByZtunnel =
  '2026-10-09T11:39:41.876395Z\terror\taccess\tconnection complete\tsrc.addr=10.244.0.14:58564 src.workload="payments-7b5db664c-hmlqb" src.namespace="shop" src.identity="spiffe://cluster.local/ns/shop/sa/payments" dst.addr=10.244.0.8:15008 dst.hbone_addr=10.244.0.8:8080 dst.service="payments.shop.svc.cluster.local" dst.workload="payments-6f787f8bd5-h2bpn" dst.namespace="shop" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: allow policies exist, but none allowed"';

const textLine = (status: string, authority = 'payments.shop:80') =>
  `[2026-11-12T08:09:10.123Z] "DELETE /v1/charges?all=1 HTTP/1.1" ${status} "-" 0 19 0 - "-" "curl/8.5.0" "84961386-6d84-929d-98bd-c5aee93b5c88" "${authority}" "-" inbound|8080|| - 10.96.1.1:8080 10.244.0.5:41234 outbound_.80_._.payments.shop.svc.cluster.local default`;

describe('a line of ztunnel', () => {
  it('tells who called whom, behind HBONE too, and why it is refused', () => {
    expect(readLogLine(refusedByZtunnel)).toMatchObject({
      writtenBy: 'ztunnel',
      outcome: 'refused',
      policy: 'none',
      caller: { pod: 'payments-7b5db664c-hmlqb', principal: 'cluster.local/ns/shop/sa/payments' },
      destination: { pod: 'payments-6f787f8bd5-h2bpn', address: '10.244.0.8', port: 8080 },
    });
  });

  it('names the policy that denies, as text and as JSON', () => {
    const denied = 'connection closed due to policy rejection: explicitly denied by: shop/no-sandbox';
    const fields = { 'src.addr': '[fd00::1]:5', 'dst.addr': '[fd00::2]:8080', direction: 'inbound', error: denied };
    const expected = { outcome: 'refused', policy: { namespace: 'shop', name: 'no-sandbox' } };
    expect(readLogLine(JSON.stringify(fields))).toMatchObject(expected);
    expect(readLogLine(refusedByZtunnel.replace(/error=".*"/, `error="${denied}"`))).toMatchObject(expected);
  });

  it('tells a failure and a success from a refusal', () => {
    const failed = refusedByZtunnel.replace(/error=".*"/, 'error="Connection refused (os error 111)"');
    expect(readLogLine(failed)?.outcome).toBe('failed');
    expect(readLogLine(refusedByZtunnel.replace(/ error=".*"/, ''))?.outcome).toBe('passed');
  });

  it('knows what only would have been', () => {
    const line = '2026-10-09T11:39:41Z debug rbac dry-run: deny policy match policy="shop/payments-deny-shadow"';
    expect(readLogLine(line)).toMatchObject({ outcome: 'would be refused', policy: { name: 'payments-deny-shadow' } });
  });
});

describe('a line of Envoy', () => {
  it('names the rule that denies, in the access log and in the rbac log', () => {
    const rule = 'ns[shop]-policy[payments-deny]-rule[1]';
    const expected = { outcome: 'refused', policy: { namespace: 'shop', name: 'payments-deny', rule: 1 } };
    expect(readLogLine(textLine(`403 - rbac_access_denied_matched_policy[${rule}] -`))).toMatchObject(expected);
    expect(
      readLogLine(`2026-11-12T08:09:10Z\tdebug\tenvoy rbac\tenforced denied, matched policy ${rule}\tthread=30`),
    ).toMatchObject(expected);
  });

  it('reads Istio’s default text, and the same as JSON', () => {
    const expected = {
      outcome: 'refused',
      policy: 'none',
      request: { method: 'DELETE', path: '/v1/charges?all=1', authority: 'payments.shop:80' },
      destination: { port: 8080 },
    };
    expect(readLogLine(textLine('403 - rbac_access_denied_matched_policy[none] -'))).toMatchObject(expected);
    const json = {
      method: 'DELETE',
      path: '/v1/charges?all=1',
      authority: 'payments.shop:80',
      response_code: 403,
      response_code_details: 'rbac_access_denied_matched_policy[none]',
      response_flags: '-',
      upstream_cluster: 'inbound|8080||',
    };
    expect(readLogLine(JSON.stringify(json))).toMatchObject(expected);
  });

  it('tells an authorizer, a token and a failure apart from the application', () => {
    expect(readLogLine(textLine('403 UAEX ext_authz_denied -'))).toMatchObject({ outcome: 'refused', flags: ['UAEX'] });
    expect(readLogLine(textLine('401 - jwt_authn_access_denied{Jwt_is_missing} -'))?.outcome).toBe('refused');
    expect(
      readLogLine(textLine('503 UF,URX upstream_reset_before_response_started{connection_failure} -')),
    ).toMatchObject({
      outcome: 'failed',
      flags: ['UF', 'URX'],
    });
    expect(readLogLine(textLine('403 - via_upstream -'))?.outcome).toBe('passed');
  });

  it('reads a dry run as what it would have done', () => {
    const line = 'debug envoy rbac shadow denied, matched policy none';
    expect(readLogLine(line)).toMatchObject({ outcome: 'would be refused', policy: 'none' });
  });
});

it.each(['', 'hello', '{"a":', '{}', 'GET / 200'])('takes `%s` for no line of a log', (text) => {
  expect(readLogLine(text)).toBeUndefined();
});

async function explain(line: string, ...argv: readonly string[]) {
  const host = memoryHost({ files: smallProject('/work'), columns: 300 });
  const exitCode = await runCli(['explain', '--log', line, ...argv], host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

it('asks the project for the same connection, with the objects and intents that decide', async () => {
  const { exitCode, stdout } = await explain(refusedByZtunnel);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('refused, says ztunnel');
  expect(stdout).toContain('DENIED  a TCP connection  shop/payments → pod of shop/payments:8080');
  expect(stdout).toMatch(/intent +shop\/default +intents\/shop\.yaml:\d+/);
});

it('says so where the project would have let the request through', async () => {
  const { exitCode, stdout, stderr } = await explain(
    refusedByZtunnel.replaceAll('payments-7b5', 'checkout-7b5').replace('sa/payments', 'sa/checkout'),
  );
  expect(exitCode).toBe(0);
  expect(stdout).toContain('ALLOWED');
  expect(stderr).toContain('AMB0083');
});

it('says so where a line names a policy that nobody knows, or is no line of a log', async () => {
  const unknown = await explain('enforced denied, matched policy ns[shop]-policy[by-hand]-rule[0]');
  expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('AMB0082') });
  expect(await explain('hello')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('AMB0081') });
});

it('takes the caller from the command line where Envoy names none, and prints JSON', async () => {
  const line = textLine('403 - rbac_access_denied_matched_policy[none] -');
  expect((await explain(line)).stdout).toContain('`--from` names the caller');
  const { stdout } = await explain(line, '--from', 'shop/payments', '-o', 'json');
  const [answer] = JSON.parse(stdout);
  expect(answer).toMatchObject({ line: { outcome: 'refused' }, policy: null, trace: { verdict: 'denied' } });
});
