import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { type MemoryHost, memoryHost } from '../support/memory-host.js';
import { smallProject } from '../support/projects.js';

const pays = ['--from', 'shop/checkout', '--to', 'shop/payments:http'];
const asks = ['--from', 'shop/payments', '--to', 'shop/checkout:http'];

/** A small project whose output is written. */
async function compiled(project?: string): Promise<MemoryHost> {
  const host = memoryHost({ files: smallProject('/work', project) });
  change(
    host,
    '/work/intents/shop.yaml',
    '      - name: checkout-pays',
    '      - name: checkout-pays\n        reason: "money: in"',
  );
  expect(await runCli(['compile'], host), host.stderr()).toBe(0);
  return host;
}

async function run(argv: readonly string[], { disk }: MemoryHost) {
  const host = memoryHost({ disk });
  const exitCode = await runCli(['trace', ...argv], host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

function change(host: MemoryHost, path: string, from: string | RegExp, to: string): void {
  const text = new TextDecoder().decode(host.disk.files.read(path));
  expect(text).toMatch(from);
  host.disk.files.write(path, text.replace(from, to));
}

it.each([['full'], ['ids']])('answers as the compiler would, with comments that say %s', async (amount) => {
  const host = await compiled(`intents: [intents/]\n  output: out/\n  provenance: ${amount}`);
  for (const question of [pays, asks]) {
    const fresh = answerOf((await run([...question, '-o', 'json'], host)).stdout);
    const written = answerOf((await run(['--written', ...question, '-o', 'json'], host)).stdout);
    expect([fresh.mesh, written.mesh]).toEqual(['after-apply', 'as-written']);
    expect({ ...written, mesh: fresh.mesh }).toEqual(fresh);
  }
});

it('names every intent behind a policy that says nothing of its rules', async () => {
  const host = await compiled('intents: [intents/]\n  output: out/\n  provenance: none');
  const { stdout } = await run(['--written', ...pays], host);
  expect(stdout).toContain('intent       shop/checkout-pays\n               shop/default\n');
});

/** A trace without what depends on the comments in the output: lines. */
function answerOf(json: string) {
  const withoutPlaces = (key: string, value: unknown) => (key === 'line' || key === 'file' ? undefined : value);
  return JSON.parse(json, withoutPlaces);
}

it('names the line of the intent as it was when it was compiled', async () => {
  const host = await compiled();
  change(host, '/work/intents/shop.yaml', /^/, '\n\n');
  const { stdout } = await run(['--written', ...pays], host);
  expect(stdout).toContain('intent       shop/checkout-pays  intents/shop.yaml:10\n');
  expect(stdout).toMatch(/\n +out\/east\/20-policies\/\S+\.yaml:\d+\n/);
  expect(stdout).toContain('once what the output directory holds is applied\n');
  const other = await run(['--written', ...asks], host);
  expect(other.stdout).toContain('intent       shop/default  intents/shop.yaml:8\n');
});

it('traces what lies there, even where it is no longer what the intents say', async () => {
  const host = await compiled();
  change(host, '/work/intents/shop.yaml', 'service: checkout', 'service: nobody');
  expect((await run(pays, host)).exitCode).toBe(2);
  expect((await run(['--written', ...pays], host)).stdout).toMatch(/^✓ ALLOWED/);
  const [path = ''] = Object.keys(host.disk.tree('/work/out/east/20-policies')).filter((name) =>
    name.includes('payments-allow'),
  );
  change(host, `/work/out/east/20-policies/${path}`, 'shop/checkout\n', 'shop/other\n');
  expect((await run(['--written', ...pays], host)).stdout).toMatch(/^✗ DENIED/);
});

it('takes another directory, which is then what is meant', async () => {
  const host = await compiled();
  host.disk.files.rename('/work/out', '/work/elsewhere');
  const { exitCode, stdout } = await run(['--output-dir', 'elsewhere', ...pays], host);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('elsewhere/east/20-policies/');
});

it('shows who reaches a service, once what is written is applied', async () => {
  const host = await compiled();
  const matrix = ['--matrix', '--to', 'shop/payments:http'];
  expect((await run(['--written', ...matrix], host)).stdout).toBe((await run(matrix, host)).stdout);
});

it('breaks something first, if asked to', async () => {
  const host = await compiled();
  const broken = [...asks, '--fault', 'mtls-permissive', '-o', 'json'];
  expect(JSON.parse((await run(['--written', ...broken], host)).stdout)).toMatchObject({ faults: ['mtls-permissive'] });
});

it('names a name that is not there among all that are', async () => {
  const host = await compiled();
  const { exitCode, stderr } = await run(['--written', '--from', 'shpo/checkout', '--to', 'shop/payments:http'], host);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('did you mean `shop/checkout`');
});

it('says AMB0025 where nothing is written', async () => {
  const host = memoryHost({ files: { ...smallProject('/work'), '/work/out/README': 'mine' } });
  const { exitCode, stdout, stderr } = await run(['--written', ...pays], host);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('error[AMB0025]: `out` holds nothing that Ambit wrote');
});

it('answers from an output that holds no object', async () => {
  const files = { ...smallProject('/work'), '/work/intents/shop.yaml': '' };
  const host = memoryHost({ files });
  expect(await runCli(['compile'], host), host.stderr()).toBe(0);
  expect((await run(['--written', ...pays], host)).stdout).toMatch(/^✓ ALLOWED/);
});

it('answers from an output in which there is nothing, and takes what Ambit wrote before as pruned', async () => {
  const before = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: default-deny, namespace: shop, labels: { app.kubernetes.io/managed-by: ambit } }
`;
  const written = { '/work/clusters/east/before.yaml': before, '/work/out/.ambit': '# no file is listed\n' };
  const host = memoryHost({ files: { ...smallProject('/work'), ...written } });
  const { exitCode, stdout, stderr } = await run(['--written', ...pays], host);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stdout).toContain('ALLOWED');
});

it('says AMB0026 where no directory is named', async () => {
  const host = memoryHost({ files: smallProject('/work') });
  const { exitCode, stderr } = await run(['--written', '-f', 'clusters/east', ...pays], host);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('error[AMB0026]');
});
