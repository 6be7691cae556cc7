import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { memoryHost } from '../support/memory-host.js';

const golden = (name: string, path: string) =>
  readFileSync(new URL(`../../golden/inheritance/${name}/${path}`, import.meta.url), 'utf8');

async function explain(name: string, ...argv: readonly string[]) {
  const files = {
    '/work/ambit.yaml': [
      'apiVersion: ambit.dev/v1alpha1',
      'kind: Project',
      'metadata: { name: mine }',
      'spec: { intents: [intents.yaml, mesh.yaml] }',
    ].join('\n'),
    '/work/intents.yaml': golden(name, 'intents.yaml'),
    '/work/mesh.yaml': golden(name, 'mesh.yaml').replace('{ name: east }', '{ name: east, manifests: [east.yaml] }'),
    '/work/east.yaml': golden(name, 'manifests.yaml'),
  };
  const host = memoryHost({ files });
  const exitCode = await runCli(['explain', ...argv], host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

describe('--effective', () => {
  it('says what holds, with the line of each part, and what is replaced by which line', async () => {
    const { exitCode, stdout } = await explain('replace-on-sidecars', '--effective', 'payments/ledger');
    expect({ exitCode, lines: stdout.trimEnd().split('\n') }).toEqual({
      exitCode: 0,
      lines: [
        'payments/ledger, behind service payments/ledger, in cluster east',
        '  mutual TLS',
        '    as the mesh has it',
        '  default',
        '    platform/default (intents.yaml:7): Deny',
        '  allowed',
        '    payments/checkout (intents.yaml:27): from workload `shop/checkout` to port http',
        '  denied',
        '    platform/no-sandbox (intents.yaml:12), a mandate: from namespace `sandbox` to every port',
        '  not in force here',
        '    platform/operations (intents.yaml:9): replaced by payments/inheritance (intents.yaml:25)',
        '    platform/no-deletes (intents.yaml:16): replaced by payments/inheritance (intents.yaml:25)',
      ],
    });
  });

  it('says as JSON what all scopes have to allow', async () => {
    const { stdout } = await explain('stricter-on-sidecars', '--effective', 'payments', '-o', 'json');
    const [ledger] = JSON.parse(stdout);
    expect(
      ledger.allowed.map(({ stricter, rules }: { stricter?: object; rules: readonly { id: string }[] }) => [
        stricter,
        rules.map(({ id }) => id),
      ]),
    ).toEqual([
      [undefined, ['platform/shop-may-call', 'platform/operations']],
      [
        { id: 'payments/inheritance', place: 'intents.yaml:21', says: 'Stricter', mandate: false },
        ['payments/readers', 'payments/checkout'],
      ],
    ]);
  });

  it('knows only what settings speak of', async () => {
    const { exitCode, stderr } = await explain('replace-on-sidecars', '--effective', 'payments/ledgr');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('no settings speak of `payments/ledgr`');
  });
});

describe('--impact', () => {
  it.each(['payments', 'SecuritySettings/payments', 'intents.yaml:26'])('says who gains without %s', async (name) => {
    const { exitCode, stdout } = await explain('replace-on-sidecars', '--impact', name);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('from the project to the project without SecuritySettings payments');
    expect(stdout).toMatch(/`payments\/ledger` lets ops\/admin.* through/s);
    expect(stdout).toMatch(/`payments\/ledger` .*shop\/checkout/s);
  });

  it('is asked of a document', async () => {
    const { exitCode, stderr } = await explain('replace-on-sidecars', '--impact', 'ledger.yaml');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('`ledger.yaml` is no document');
  });
});

it('explains one thing at a time', async () => {
  const { exitCode, stderr } = await explain('replace-on-sidecars', 'AMB3007', '--impact', 'payments');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('`AMB3007` is a second');
  expect((await explain('replace-on-sidecars')).stderr).toContain('name what is to be explained');
});
