import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { diffCases } from '../support/diff-cases.js';
import { gateCases } from '../support/gate-cases.js';
import { memoryHost } from '../support/memory-host.js';

const files = gateCases().find(({ name }) => name === 'approved')?.files ?? {};
const approvals = '/work/after/approvals.yaml';

async function gate(argv: readonly string[], changed: Readonly<Record<string, string>> = {}) {
  const host = memoryHost({ files: { ...files, ...changed } });
  const exitCode = await runCli(['gate', ...argv], host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

it('wants to be asked something', async () => {
  const { exitCode, stderr } = await gate(['before', 'after']);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('AMB0073')]);
});

it('reads approvals that lie elsewhere, and takes no other file for them', async () => {
  const text = files[approvals] ?? '';
  const elsewhere = {
    [approvals]: '',
    '/work/release.yaml': text,
    '/work/other.yaml': files['/work/after/mesh.yaml'] ?? '',
  };
  const arguments_ = ['before', 'after', '--no-new-access', '--approvals'];
  expect(await gate([...arguments_, 'release.yaml'], elsewhere)).toMatchObject({ exitCode: 0, stderr: '' });
  const other = await gate([...arguments_, 'other.yaml'], elsewhere);
  expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining('AMB0074')]);
  expect(await gate([...arguments_, 'nowhere.yaml'], elsewhere)).toMatchObject({ exitCode: 2 });
});

it('says where an approval lies, beside the sides or within one', async () => {
  const ended = (files[approvals] ?? '').replace(/until: .*/, 'until: 2020-01-01');
  const arguments_ = ['before', 'after', '--no-new-access', '--approvals', 'approvals.yaml'];
  const beside = await gate(arguments_, { [approvals]: '', '/work/approvals.yaml': ended });
  expect(beside.stderr).toContain('--> approvals.yaml:');
  const within = await gate(arguments_.with(-1, 'after/approvals.yaml'), { [approvals]: ended });
  expect(within.stderr.match(/AMB\d{4}(?=\])/g)).toEqual(['AMB6021']);
  expect(within.stderr).toContain('--> after/approvals.yaml:');
});

it('reads the project that is named, on either side', async () => {
  const inProject = Object.entries(files).flatMap(([path, text]) =>
    path === approvals ? [] : [[path.replace(/^\/work\/(\w+)/, '$&/shop'), text] as const],
  );
  const project = `apiVersion: ambit.dev/v1alpha1
kind: Project
metadata: { name: shop }
spec: { intents: [.] }
`;
  const shops = Object.fromEntries(['before', 'after'].map((side) => [`/work/${side}/shop/ambit.yaml`, project]));
  const argv = ['before', 'after', '--no-new-access', '--project', 'shop'];
  const { exitCode, stdout, stderr } = await gate(argv, { ...Object.fromEntries(inProject), ...shops });
  expect([exitCode, stderr]).toEqual([1, '']);
  expect(stdout).toContain('ambit trace --project after/shop ');
});

it('tells reports as errors what closes it, and as warnings what leaves it undecided', async () => {
  const told = async (files: Readonly<Record<string, string>> = {}, ...argv: readonly string[]) => {
    const host = memoryHost({ files });
    await runCli(['--report', 'github=-', ...argv, 'before', 'after'], host);
    return host.stdout().match(/^::.*?(?=::)/gm);
  };
  const granted = gateCases().find(({ name }) => name === 'new-access')?.files;
  const lasting = diffCases().find(({ name }) => name === 'doubt-lasting')?.files;
  const noNewAccess = ['gate', '--no-new-access'];
  expect(await told(granted, ...noNewAccess)).toEqual([expect.stringMatching(/^::error file=after\/.*title=AMB6001/)]);
  expect(await told(lasting, ...noNewAccess)).toEqual(['::warning title=AMB6028 not-compared']);
  expect(await told(lasting, 'gate', '--no-unaccepted-doubt')).toEqual(['::error title=AMB6028 not-compared']);
  expect(await told(lasting, 'diff')).toEqual(['::warning title=AMB6028 not-compared']);
});

it('refuses two approvals of one name', async () => {
  const text = files[approvals] ?? '';
  const again = text.slice(text.indexOf('    - name'));
  const { exitCode, stderr } = await gate(['before', 'after', '--no-new-access'], { [approvals]: text + again });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('AMB0075')]);
});

it('says who it does not understand', async () => {
  const { exitCode, stderr } = await gate(['before', 'after', '--must-not-reach', 'shop/web']);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('shop/web to payments/ledger')]);
  const unknown = await gate(['before', 'after', '--must-not-reach', 'shop/web to payments/leger']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('payments/leger')]);
  expect(unknown.stderr).not.toContain('-->');
});

it('takes who must not be reached by any kind of name, and shows no place for what stands in no file', async () => {
  const named = [
    'payments/ledger',
    'service:payments/ledger:80',
    'workload:payments/ledger',
    'namespace:payments:8080',
  ];
  for (const name of named) {
    const { exitCode, stdout, stderr } = await gate(['-f', 'after', '--must-not-reach', `shop/checkout to ${name}`]);
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(stdout).toContain(`no must-not-reach shop/checkout to ${name}: is reached`);
    expect(stdout).not.toContain('--must-not-reach:');
  }
});

it('says which approvals have no effect', async () => {
  const { files: others, arguments: argv } = gateCases().find(({ name }) => name === 'approvals-without-effect') ?? {};
  const { stderr } = await gate(argv ?? [], others);
  expect(stderr.match(/AMB\d{4}(?=\])/g)).toEqual(['AMB6021', 'AMB6022', 'AMB6023']);
});

it('asks what another release of Istio changes, of the working tree by itself', async () => {
  const disk = Object.entries(files).flatMap(([path, text]) =>
    path.startsWith('/work/before/') ? [[path.replace('/work/before/', '/work/'), text] as const] : [],
  );
  const host = memoryHost({ files: Object.fromEntries(disk) });
  const argv = ['gate', '-f', '.', '--istio', '1.31', '--no-new-access', '--no-weaker'];
  expect([await runCli(argv, host), host.stderr()]).toEqual([0, '']);
  expect(host.stdout()).toContain('with Istio 1.31');
});
