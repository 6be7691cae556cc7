import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { memoryHost } from '../support/memory-host.js';
import { smallProject } from '../support/projects.js';

it.each([
  ['namespaces', ['shop']],
  ['clusters', ['east']],
  ['objects', ['shop/checkout', 'shop/payments']],
  ['callers', ['shop/checkout', 'shop/payments', 'outside']],
  ['destinations', ['shop/checkout:http', 'shop/payments:http']],
])('prints the %s of the project', async (which, expected) => {
  const host = memoryHost({ files: smallProject('/work') });
  expect(await runCli(['names', which], host)).toBe(0);
  expect(host.stdout().trim().split('\n')).toEqual(expected);
});

it('prints all that can be explained: codes, rules and objects', async () => {
  const host = memoryHost({ files: smallProject('/work') });
  await runCli(['names', 'subjects'], host);
  const found = host.stdout().split('\n');
  expect(found).toEqual(expect.arrayContaining(['AMB0001', 'shop/checkout-pays']));
  expect(found.some((name) => name.startsWith('AuthorizationPolicy/shop/'))).toBe(true);
});

it('prints nothing, and says nothing, where there is no project', async () => {
  const host = memoryHost();
  expect(await runCli(['names', 'namespaces'], host)).toBe(0);
  expect(host.stdout() + host.stderr()).toBe('');
});

it('is left out of the help', async () => {
  const host = memoryHost();
  await runCli(['--help'], host);
  expect(host.stdout()).not.toMatch(/\bnames\b.*a line each/);
});

it('names itself as it was called', async () => {
  const host = memoryHost({ programName: 'kubectl ambit' });
  await runCli(['compile', '--help'], host);
  expect(host.stdout()).toContain('Usage: kubectl ambit compile');
  expect(host.stdout()).toContain('  kubectl ambit compile --check\n');
});
