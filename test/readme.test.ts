import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../src/cli/run-cli.js';
import { filesBelow } from './support/cases.js';
import { memoryHost } from './support/memory-host.js';

const root = new URL('../', import.meta.url).pathname;
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const examples = Object.fromEntries(
  filesBelow(join(root, 'examples')).map((path) => [`/${relative(root, path)}`, readFileSync(path, 'utf8')]),
);

const samples = [...readme.matchAll(/^```\n\$ cd (.+)\n\$ ambit (.+)\n([\s\S]*?)^```$/gm)].map(
  ([, directory = '', command = '', output = '']) => ({ directory, command, output }),
);

it.each(samples)('shows what `ambit $command` says in $directory', async ({ directory, command, output }) => {
  const host = memoryHost({ files: examples, workingDirectory: `/${directory}` });
  await runCli(command.split(' '), host);
  expect(`${host.stderr()}${host.stdout()}`).toMatch(patternOf(output));
});

it('shows no other output', () => {
  expect(samples).toHaveLength(4);
  expect(readme.match(/^```$/gm)?.length).toBe(2 * samples.length + (readme.match(/^```\w+$/gm)?.length ?? 0));
});

it('shows intents of the example that it links to', () => {
  const [, path = '', text = ''] = /\]\((examples\/\S+\.yaml)\):\n\n```yaml\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  expect(examples[`/${path}`]).toContain(text);
});

/** A line `…` stands for whatever lines there are. */
function patternOf(output: string): RegExp {
  const lines = output.split(/(?<=\n)/).map((line) => (line === '…\n' ? '(?:.*\\n)*?' : literal(line)));
  return new RegExp(`^${lines.join('')}$`);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
