import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { everyIntent, everyKind } from '../support/every-kind.js';
import { memoryHost } from '../support/memory-host.js';

/** Clears the screen, renames the window, rings, conceals, and begins an escape in one character. */
const odd = '\u001b[2J\u001b]0;title\u0007\u001b[8m\u009b1m';

const words = ['web', 'old', 'shop', 'legacy', 'app', 'public', 'partner', 'authorizer', 'x-a', 'i', 'GET', 'office'];

/** Every name and value that is not a word of the API, with something behind it that a terminal would obey. */
function hostile(value: unknown): unknown {
  if (typeof value === 'string') return words.includes(value) ? `${value}${odd}` : value;
  if (Array.isArray(value)) return value.map(hostile);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, hostile(child)]));
}

function streamOf(objects: readonly object[]): string {
  return objects.map((object) => JSON.stringify(hostile(object))).join('\n---\n');
}

it.each([
  ['topology', '-f', 'm.yaml'],
  ['topology', '-f', 'm.yaml', '-o', 'json'],
  ['verify', '-f', 'm.yaml'],
  ['verify', '-f', 'm.yaml', '-f', 'i.yaml'],
  ['compile', '-f', 'm.yaml', '-f', 'i.yaml', '--stdout'],
  ['compile', '-f', 'm.yaml', '-f', 'i.yaml', '--emit', 'placed'],
  ['test', '-f', 'm.yaml', '-f', 'i.yaml'],
  ['trace', '-f', 'm.yaml', '--from', `legacy${odd}/old${odd}`, '--to', `shop${odd}/web${odd}:80`],
  ['trace', '-f', 'm.yaml', '--matrix', '--to', `shop${odd}/web${odd}:80`],
  ['explain', `no${odd}`, '-f', 'm.yaml'],
  ['verify', '-f', `${odd}.yaml`],
  ['verify', '-f', 'folder'],
])('%s %s %s %s %s', async (...argv) => {
  const host = memoryHost({
    files: {
      '/work/m.yaml': streamOf(everyKind),
      '/work/i.yaml': streamOf(everyIntent),
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
