import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { everyIntent, everyKind } from '../support/every-kind.js';
import { memoryHost } from '../support/memory-host.js';

/** Clears the screen, renames the window, rings, conceals, and begins an escape in one character. */
const odd = '\u001b[2J\u001b]0;title\u0007\u001b[8m\u009b1m';

const names = ['web', 'old', 'shop', 'legacy', 'app', 'public', 'partner', 'authorizer', 'office', 'v1'];
const values = ['x-a', 'i', 'b', 'c', 'y', 'a', 'text', 'http', 'request.headers[x-a]', 'shop.example', '/{*}/a'];

/** The same with something behind some of its words that a terminal would obey. */
function hostile(value: unknown, words: readonly string[]): unknown {
  if (typeof value === 'string') return words.includes(value) ? `${value}${odd}` : value;
  if (Array.isArray(value)) return value.map((item) => hostile(item, words));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, hostile(child, words)]));
}

function streamOf(objects: readonly object[], words: readonly string[] = []): string {
  const texts = objects.map((object) => JSON.stringify(hostile(object, words)).replaceAll('\u009b', '\\u009b'));
  return texts.join('\n---\n');
}

const commands: ReadonlyArray<readonly string[]> = [
  ['topology', '-f', 'm.yaml'],
  ['topology', '-f', 'm.yaml', '-o', 'json'],
  ['verify', '-f', 'm.yaml'],
  ['verify', '-f', 'v.yaml'],
  ['topology', '-f', 'v.yaml'],
  ['compile', '-f', 'v.yaml', '-f', 'i.yaml', '--stdout'],
  ['trace', '-f', 'v.yaml', '--from', 'legacy/old', '--to', 'shop/web:80', '--host', `web${odd}`],
  ['trace', '-f', 'v.yaml', '--matrix', '--to', 'shop/web:80'],
  ['verify', '-f', 'm.yaml', '-f', 'i.yaml'],
  ['compile', '-f', 'm.yaml', '-f', 'i.yaml', '--stdout'],
  ['compile', '-f', 'm.yaml', '-f', 'i.yaml', '--emit', 'placed'],
  ['test', '-f', 'm.yaml', '-f', 'i.yaml'],
  ['trace', '-f', 'm.yaml', '--from', `legacy${odd}/old${odd}`, '--to', `shop${odd}/web${odd}:80`],
  ['trace', '-f', 'm.yaml', '--matrix', '--to', `shop${odd}/web${odd}:80`],
  ['explain', `no${odd}`, '-f', 'm.yaml'],
  ['verify', '-f', `${odd}.yaml`],
  ['verify', '-f', 'folder'],
];

it.each(commands.map((argv) => ({ argv, title: JSON.stringify(argv.join(' ')) })))('$title', async ({ argv }) => {
  const host = memoryHost({
    files: {
      '/work/m.yaml': streamOf(everyKind, names),
      '/work/v.yaml': streamOf(everyKind, values),
      '/work/i.yaml': streamOf(everyIntent, ['text', 'being moved']),
      [`/work/folder/${odd}.yaml`]: 'kind: {',
    },
  });
  await runCli(argv, host);
  const said = host.stdout() + host.stderr();
  expect(said).not.toBe('');
  expect(said).not.toMatch(/(?!\n)\p{Cc}/u);
});

it('lets colours pass', async () => {
  const host = memoryHost({ files: { '/work/m.yaml': 'kind: {' }, environment: { FORCE_COLOR: '1' } });
  await runCli(['verify', '-f', 'm.yaml'], host);
  expect(host.stderr()).toContain('\u001b[31m');
});

it('never names a file after what is no name', async () => {
  const name = `web${odd}\n../x`;
  const manifests = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'istio-injection': 'enabled' } } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: name, labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', ports: [{ containerPort: 8080 }] }] },
    },
  ];
  const settings = {
    apiVersion: 'ambit.dev/v1alpha1',
    kind: 'SecuritySettings',
    metadata: { name: 'all' },
    spec: { scope: 'mesh', authorization: { default: 'Deny', allow: [{ name: 'reads', from: ['anyone'] }] } },
  };
  const host = memoryHost({ files: { '/work/m.yaml': streamOf([...manifests, settings]) } });
  expect(await runCli(['compile', '-f', 'm.yaml', '--output-dir', 'out'], host)).toBe(2);
  expect(host.stderr()).toContain('AMB2539');
  expect(host.disk.tree('/work/out')).toEqual({});
});
