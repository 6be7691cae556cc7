import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { memoryHost } from '../support/memory-host.js';
import { smallProject } from '../support/projects.js';

const intents = '/work/intents/shop.yaml';

function hostWith(change: (text: string) => string) {
  const files = smallProject('/work');
  return memoryHost({ files: { ...files, [intents]: change(files[intents] ?? '') } });
}

const whole = smallProject('/work')[intents];

it('mends what can be meant in one way only, round after round, and leaves the rest', async () => {
  const host = hostWith((text) =>
    text.replace('default: Deny', 'defualt: deny').replace('metadata:\n  name: shop', 'metadata:\n  name: 7'),
  );
  expect(await runCli(['fix'], host)).toBe(0);
  expect(host.disk.tree('/work')['intents/shop.yaml']).toBe(whole?.replace('name: shop\nspec', 'name: "7"\nspec'));
  expect(host.stderr()).toContain('fixed intents/shop.yaml:8:5: `defualt` is `default` (AMB1052)');
  expect(host.stderr()).toContain('`deny` is `Deny` (AMB1055)');
});

it('shows what it would change, and writes nothing', async () => {
  const host = hostWith((text) => text.replace('port: http', 'prot: http'));
  const before = host.disk.tree('/work');
  expect(await runCli(['fix', '--dry-run'], host)).toBe(1);
  expect(host.stdout()).toContain(
    '-        to: [{ service: payments, prot: http }]\n+        to: [{ service: payments, port: http }]',
  );
  expect(host.disk.tree('/work')).toEqual(before);
});

it('leaves what could be meant in two ways, or is further off', async () => {
  const host = hostWith((text) => text.replace('default: Deny', 'default: Refuse'));
  const before = host.disk.tree('/work');
  expect(await runCli(['fix'], host)).toBe(2);
  expect(host.stderr()).toContain('nothing can be mended without a person');
  expect(host.disk.tree('/work')).toEqual(before);
});

it('takes out a comment that accepts what does not occur, and keeps the byte order mark and the line ends', async () => {
  const comment = '# ambit: accept AMB5318 until 2026-12-31 because of history';
  const windows = `\ufeff${whole}`.replaceAll('\n', '\r\n');
  const host = hostWith(() => windows.replace('spec:', `${comment}\r\nspec:`));
  expect(await runCli(['fix'], host)).toBe(0);
  const node = host.disk.nodes.get(intents);
  expect(node?.kind === 'file' && Buffer.from(node.bytes).equals(Buffer.from(windows))).toBe(true);
});

it('mends nothing that comes from stdin', async () => {
  const host = memoryHost({ standardInput: 'kind: Project\n' });
  expect(await runCli(['fix', '-f', '-'], host)).toBe(2);
});
