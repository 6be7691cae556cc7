import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import schema from '../../schemas/mesh-report.schema.json' with { type: 'json' };
import { runCli } from '../../src/cli/run-cli.js';
import type { MeshReport } from '../../src/report/mesh/mesh-report.js';
import { memoryHost } from '../support/memory-host.js';
import { application, smallProject } from '../support/projects.js';

const shipped = Object.fromEntries(
  ['nist-800-204b', 'pci-dss-4'].map((name) => {
    const text = readFileSync(new URL(`../../docs/frameworks/${name}.yaml`, import.meta.url), 'utf8');
    return [`/package/docs/frameworks/${name}.yaml`, text];
  }),
);

async function report(argv: readonly string[], changed: Readonly<Record<string, string>> = {}) {
  const host = memoryHost({ files: { ...smallProject('/work'), ...shipped, ...changed } });
  const exitCode = await runCli(['report', ...argv], host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr(), disk: host.disk };
}

async function facts(
  argv: readonly string[] = [],
  changed: Readonly<Record<string, string>> = {},
): Promise<MeshReport> {
  const { stdout } = await report(['-o', 'json', ...argv], changed);
  return JSON.parse(stdout);
}

const tests = `apiVersion: ambit.dev/v1alpha1
kind: AccessTest
metadata: { name: paying }
spec:
  cases:
    - { expect: allow, from: shop/checkout, to: "shop/payments:http", method: GET, path: / }
    - { expect: deny, from: outside, to: "shop/payments:http", method: GET, path: / }
`;

it('tells as JSON, as its schema says, who reaches whom, by which rule, and where that is enforced', async () => {
  const told = await facts(['--today', '2026-11-29'], { '/work/intents/tests.yaml': tests });
  const ajv = new Ajv({ strict: false });
  expect(ajv.validate(schema, told), ajv.errorsText()).toBe(true);
  expect(told).toMatchObject({ title: 'mesh', day: '2026-11-29', state: 'after-apply' });
  const payments = told.workloads.find(({ name }) => name === 'payments');
  const way = payments?.ways.find(({ by }) => by === 'Service shop/payments:80');
  expect(way?.points.map(({ name }) => name)).toEqual(['ztunnel']);
  expect(way?.access).toMatchObject([
    { who: 'shop/checkout', verdict: 'all', encryption: 'mutual-tls', rules: ['shop/checkout-pays'] },
  ]);
  expect(told.rules.find(({ id }) => id === 'shop/checkout-pays')).toMatchObject({
    effect: 'allow',
    file: 'intents/shop.yaml',
    line: 10,
    tests: ['paying/1'],
  });
  expect(told.rules.find(({ id }) => id === 'shop/default')?.tests).toEqual(['paying/2']);
});

it('tells who may call hosts outside the mesh, by which rule, and what closes the way to all others', async () => {
  const closed = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: out }
spec:
  scope: { namespace: shop }
  egress:
    default: Deny
    allow: [{ name: cards, from: [{ service: payments }], to: [{ host: api.cards.example, port: 443, addresses: [203.0.113.7] }] }]
`;
  const entry = `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: cards, namespace: shop }
spec:
  hosts: [api.cards.example]
  addresses: [203.0.113.7]
  ports: [{ name: tls, number: 443, protocol: TLS }]
  resolution: STATIC
  endpoints: [{ address: 203.0.113.7 }]
`;
  const told = await facts([], { '/work/intents/out.yaml': closed, '/work/clusters/east/cards.yaml': entry });
  expect(told.hosts.map(({ host, port, protocol, access }) => [host, port, protocol, access.length])).toEqual([
    ['api.cards.example', 443, 'TLS', 1],
    [null, null, null, 0],
  ]);
  expect(told.hosts[0]?.access).toMatchObject([
    { who: 'shop/payments', verdict: 'all', encryption: 'client-tls', rules: ['out/cards'] },
  ]);
  expect(told.rules.find(({ id }) => id === 'out/cards')).toMatchObject({
    effect: 'allow out',
    says: 'shop/payments may call api.cards.example:443',
  });
  const [pci] = told.compliance.filter(({ name }) => name === 'pci-dss-4');
  expect(pci?.controls.find(({ id }) => id === '1.3.2')?.status).toBe('holds');
});

it('writes a page, the same bytes each time, and only where it was told to', async () => {
  const first = await report(['--output-file', 'out/report.html']);
  const again = await report([]);
  expect([first.exitCode, first.stdout]).toEqual([0, '']);
  expect(first.stderr).toContain('wrote out/report.html');
  expect(new TextDecoder().decode(first.disk.files.read('/work/out/report.html'))).toBe(again.stdout);
  expect(again.stdout).toMatch(/^<!doctype html>/);
});

it('judges what is accepted by the day that it is given, and takes no other text for a day', async () => {
  expect(await report(['--today', '2026-13-01'])).toMatchObject({ exitCode: 2 });
  expect((await facts()).day).toBe('2026-11-20');
});

it('tells of manifests without intents as they are', async () => {
  const told = await facts(['-f', 'clusters/east']);
  expect(told).toMatchObject({ state: 'as-is', proved: null, rules: [] });
  const open = told.workloads.flatMap(({ ways }) => ways.flatMap((way) => way.access));
  expect(open.every(({ rules }) => rules.length === 0)).toBe(true);
  expect(told.compliance.flatMap(({ controls }) => controls).find(({ id }) => id === '1.2.1')?.status).toBe('fails');
});

it('answers as a compilation does where nothing can be told, and writes nothing', async () => {
  const broken = await report(['--output-file', 'report.html'], { '/work/intents/shop.yaml': 'kind: [' });
  expect([broken.exitCode, broken.stdout]).toEqual([2, '']);
  expect(() => broken.disk.files.read('/work/report.html')).toThrow();
});

it('tells of what a guardrail refuses, with the exit code of a no', async () => {
  const guardrail = `apiVersion: ambit.dev/v1alpha1
kind: Guardrail
metadata: { name: closed }
spec: { never: [{ name: nobody-pays, from: [{ service: shop/checkout }], to: [{ service: shop/payments }] }] }
`;
  const { exitCode, stdout } = await report(['-o', 'json'], { '/work/intents/closed.yaml': guardrail });
  const told: MeshReport = JSON.parse(stdout);
  expect([exitCode, told.state]).toEqual([1, 'refused']);
  expect(told.tests).toMatchObject([{ name: 'closed/nobody-pays', status: 'failed' }]);
});

it('says that a drawing shows namespaces, where calls are too many', async () => {
  const names = Array.from({ length: 13 }, (_, index) => `app-${index}`);
  const all = names.map((name) => `{ service: ${name} }`).join();
  const changed = {
    '/work/clusters/east/apps.yaml': names.map(application).join(''),
    '/work/intents/apps.yaml': `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: apps }
spec:
  scope: { namespace: shop }
  authorization: { default: Deny, allow: [{ name: each-other, from: [${all}], to: [${all}] }] }
`,
  };
  const { exitCode, stdout, stderr } = await report(['-o', 'dot'], changed);
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('AMB0060')]);
  expect(stdout).toContain('"namespace shop" -> "namespace shop"');
});

describe('frameworks', () => {
  const ours = (controls: string) => `apiVersion: ambit.dev/v1alpha1
kind: Framework
metadata: { name: ours }
spec: { title: Our controls, controls: [${controls}] }
`;

  it('answers each control by what is asked for it, and says of the others that it has no evidence', async () => {
    const text = ours(`
      { id: N-1, says: Nothing is open., evidence: [{ query: DefaultDeny }] },
      { id: N-2, says: Nothing is open to the shop., evidence: [{ query: EveryCallEncrypted, namespaces: [shop] }] },
      { id: N-3, says: Rules are tested., evidence: [{ query: RulesTested }, { query: CallsListed }] },
      { id: N-4, says: Doors are locked. }`);
    const told = await facts(['--framework', 'ours.yaml'], { '/work/ours.yaml': text });
    const [framework] = told.compliance;
    expect(framework?.controls.map(({ id, status }) => [id, status])).toEqual([
      ['N-1', 'holds'],
      ['N-2', 'holds'],
      ['N-3', 'fails'],
      ['N-4', 'not-evidenced'],
    ]);
    const evidence = framework?.controls[2]?.answers[1]?.evidence ?? [];
    expect(evidence[0]).toContain('rule shop/checkout-pays (intents/shop.yaml:10)');
    const page = await report(['--framework', 'ours.yaml'], { '/work/ours.yaml': text });
    expect(page.stdout).toContain('not evidenced by this tool');
  });

  it.each(Object.keys(shipped))('come with Ambit as documents that are valid: %s', async (path) => {
    const { exitCode, stdout, stderr } = await report(['--framework', path, '-o', 'json']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).compliance).toHaveLength(1);
  });

  it.each([
    ['pci', {}, 'AMB0057'],
    ['ambit.yaml', {}, 'AMB0058'],
    ['two.yaml', { '/work/two.yaml': ours('{ id: N-1, says: a }, { id: N-1, says: b }') }, 'AMB0059'],
    ['no.yaml', { '/work/no.yaml': ours('{ id: N-1, says: a, evidence: [{ query: Everything }] }') }, 'AMB1055'],
  ])('are refused where they are none: %s', async (name, files, code) => {
    const { exitCode, stdout, stderr } = await report(['--framework', name], files);
    expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining(code)]);
  });
});
