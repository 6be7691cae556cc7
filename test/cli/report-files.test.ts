import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reportClash } from '../../src/cli/files/report-clash.js';
import { runCli } from '../../src/cli/run-cli.js';
import { type MemoryHost, memoryHost } from '../support/memory-host.js';
import { smallProject } from '../support/projects.js';

const page = (code: string) => ({
  [`/package/docs/diagnostics/${code}.md`]: readFileSync(`docs/diagnostics/${code}.md`, 'utf8'),
});

const accessTest = `apiVersion: ambit.dev/v1alpha1
kind: AccessTest
metadata: { name: shop }
spec:
  cases:
    - { expect: deny, from: shop/checkout, to: "shop/payments:http" }
    - { expect: allow, from: shop/checkout, to: "shop/payments:http" }
`;

function host(files: Record<string, string> = {}): MemoryHost {
  return memoryHost({ files: { ...smallProject('/work'), ...page('AMB5206'), ...page('AMB2036'), ...files } });
}

it('writes each report beside what it prints, whatever the command answers', async () => {
  const machine = host({ '/work/intents/test.yaml': accessTest });
  const argv = ['--report', 'sarif=out/ambit.sarif', '--report', 'junit=out/ambit.xml', 'test'];
  expect(await runCli(argv, machine)).toBe(1);
  const { 'out/ambit.sarif': sarif = '', 'out/ambit.xml': junit = '' } = machine.disk.tree('/work');
  const failed = JSON.parse(sarif).runs[0].results.filter(({ ruleId }: { ruleId: string }) => ruleId === 'AMB5206');
  expect(failed).toHaveLength(1);
  expect(failed[0].codeFlows[0].threadFlows[0].locations.length).toBeGreaterThan(1);
  expect(junit).toContain('<failure type="AMB5206"');
  expect(machine.stderr()).not.toContain('AMB5206');
});

it('tells of a test that cannot be decided', async () => {
  const machine = host({
    '/work/intents/test.yaml': accessTest.replace('expect: deny, from: shop/checkout', 'expect: deny, from: outside'),
    '/work/clusters/east/policy.yaml': `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: by-address, namespace: shop }
spec: { action: DENY, rules: [{ from: [{ source: { ipBlocks: [203.0.113.0/24] } }] }] }
`,
    ...page('AMB5207'),
  });
  await runCli(['--report', 'json=report.json', 'test'], machine);
  const { diagnostics } = JSON.parse(machine.disk.tree('/work')['report.json'] ?? '{}');
  expect(diagnostics.map(({ code }: { code: string }) => code)).toContain('AMB5207');
});

it('does not take a run for a success whose report could not be written', async () => {
  const machine = host();
  machine.disk.beforeChange = (_, path) => {
    if (path.includes('lost')) throw Object.assign(new Error(), { code: 'EACCES' });
  };
  expect(await runCli(['--report', 'json=lost.json', 'compile'], machine)).toBe(2);
  expect(machine.stderr()).toContain('lost.json');
  expect(Object.keys(machine.disk.tree('/work/out')).length).toBeGreaterThan(0);
});

it('writes to stdout where it is told so', async () => {
  const machine = host();
  expect(await runCli(['--report', 'github=-', 'test', '-f', 'clusters'], machine)).toBe(2);
  expect(machine.stdout()).toMatch(/^::error .*AMB5205/m);
});

it('writes into a device, and through a link, instead of replacing it', async () => {
  const machine = host({ '/logs/report.json': '' });
  machine.disk.nodes.set('/dev', { kind: 'directory' });
  machine.disk.nodes.set('/dev/tty', { kind: 'other' });
  machine.disk.nodes.set('/work/link.json', { kind: 'link', to: '/logs/report.json' });
  const argv = ['--report', 'json=/dev/tty', '--report', 'json=link.json', 'test', '-f', 'clusters'];
  expect(await runCli(argv, machine)).toBe(2);
  expect(Object.keys(machine.disk.tree('/dev'))).toEqual(['tty']);
  expect(machine.disk.nodes.get('/work/link.json')?.kind).toBe('link');
  expect(JSON.parse(machine.disk.tree('/logs')['report.json'] ?? '')).toMatchObject({ errors: 1 });
});

it.each(['sarif', 'sarif=', 'html=report.html'])('refuses `--report %s`', async (written) => {
  const machine = host();
  expect(await runCli(['--report', written, 'compile'], machine)).toBe(2);
  expect(machine.stderr()).toContain('sarif, junit, github, gitlab, markdown');
});

it('tells in reports what a comparison answers, with the paths of each side', async () => {
  const [before, after] = [smallProject('/work/old'), smallProject('/work/new')];
  const intents = '/work/new/intents/shop.yaml';
  const opened = after[intents]?.replace('from: [{ service: checkout }]', 'from: [anyone]') ?? '';
  const machine = memoryHost({
    files: { ...before, ...after, [intents]: opened, ...page('AMB6001') },
  });
  expect(await runCli(['--report', 'json=out.json', 'diff', 'old', 'new'], machine)).toBe(1);
  const { diagnostics } = JSON.parse(machine.disk.tree('/work')['out.json'] ?? '{}');
  const granted = diagnostics.filter(({ code }: { code: string }) => code === 'AMB6001');
  expect(granted.length).toBeGreaterThan(0);
  for (const { file } of granted) expect(file).toMatch(/^new\//);
  expect(machine.stderr()).toBe('');
});

it.each([
  ['out.json', './out.json'],
  ['-', '-'],
])('refuses two reports in one place: %s and %s', async (one, other) => {
  const machine = host();
  expect(await runCli(['--report', `json=${one}`, '--report', `sarif=${other}`, 'compile'], machine)).toBe(2);
  expect(machine.stderr().replaceAll(/\s+/g, ' ')).toContain('Another report is written there');
});

it.each([
  [['--report', 'sarif=-', 'test', '-o', 'json'], '`-o json`'],
  [['--report', 'json=-', 'compile', '--stdout'], '`--stdout`'],
  [['--report', 'github=-', 'compile', '-o', 'yaml'], '`-o yaml`'],
  [['--report', 'json=-', 'compile', '--emit', 'ir'], '`--emit ir`'],
  [['--report', 'json=-', 'krm'], '`krm`'],
  [['--report', 'json=-', 'lsp'], '`lsp`'],
])('prints no report into a document: %j', async (argv, named) => {
  const machine = host();
  expect(await runCli(argv, machine)).toBe(2);
  expect(machine.stdout()).toBe('');
  expect(machine.stderr()).toContain(named);
});

it('prints a report alone where the objects would be printed with it', async () => {
  const machine = memoryHost({ files: { ...smallProject('/work', 'intents: [intents/]'), ...page('AMB0001') } });
  expect(await runCli(['--report', 'json=-', 'compile'], machine)).toBe(2);
  expect(JSON.parse(machine.stdout())).toMatchObject({ diagnostics: [{ code: 'AMB0001' }] });
  expect(machine.stderr()).toContain('`--report json=-`');
});

it('prints a report beside a document that is written to a file', () => {
  const toOutput = { format: 'json', path: '-' } as const;
  expect(reportClash(host(), toOutput, { output: 'json' })).toContain('`-o json`');
  expect(reportClash(host(), toOutput, { output: 'json', outputFile: 'mesh.json' })).toBeUndefined();
});

it.each(['apiVersion: v1\n', '{"kind": "List", "apiVersion": "v1"}', '{\n  "apiVersion": "v1"\n}'])(
  'does not overwrite %j',
  (text) => {
    const machine = host({ '/work/given': text });
    expect(reportClash(machine, { format: 'json', path: 'given' }, {})).toContain('overwrite');
  },
);

it('overwrites nothing that holds objects, and earlier reports', async () => {
  const given = smallProject('/work');
  for (const path of Object.keys(given)) {
    const machine = host();
    expect(await runCli(['--report', `json=${path}`, 'compile'], machine), path).toBe(2);
    expect(machine.stderr()).toContain(path);
    expect(machine.disk.tree('/work')).toEqual(host().disk.tree('/work'));
  }
  const machine = host();
  for (const _ of ['first', 'second']) expect(await runCli(['--report', 'json=r.json', 'compile'], machine)).toBe(0);
});
