import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import schema from '../schemas/ambit.schema.json' with { type: 'json' };
import { runCli } from '../src/cli/run-cli.js';
import { admit } from './support/admission.js';
import { filesBelow } from './support/cases.js';
import { type MemoryHost, memoryHost } from './support/memory-host.js';
import { describeWithShared } from './support/shared.js';

const root = new URL('../examples/', import.meta.url).pathname;
const names = readdirSync(root).filter((name) => existsSync(join(root, name, 'ambit.yaml')));
const refused = readdirSync(join(root, 'refused'), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

describe.each(names)('examples/%s', (name) => {
  const before = textsBelow(join(root, name));

  it('compiles to what is committed, and leaves nothing over', async () => {
    const host = hostIn(name);
    expect(await runCli(['compile'], host), host.stderr()).toBe(0);
    expect(host.disk.tree(`/examples/${name}`)).toEqual(before);
  });

  it('shows commands that work', async () => {
    const commands = commandsOf(join(root, name, 'README.md'));
    expect(commands).toContainEqual(['compile']);
    for (const command of commands) {
      const host = hostIn(name);
      expect(await runCli(command, host), `ambit ${command.join(' ')}\n${host.stderr()}`).toBe(0);
    }
  });
});

describe.each(refused)('examples/refused/%s', (name) => {
  // Regenerated like every golden, by `vitest run -u test/examples.test.ts`.
  it('is refused in the words of its refusal.txt', async () => {
    const host = hostIn('refused');
    const exitCode = await runCli(['compile', '--project', name], host);
    await expect(host.stderr()).toMatchFileSnapshot(join(root, 'refused', name, 'refusal.txt'));
    expect(exitCode).toBe(host.stderr().includes('error[AMB3') ? 3 : 2);
    expect(host.stdout()).toBe('');
  });

  it('is told of in the README', () => {
    expect(readFileSync(join(root, 'refused/README.md'), 'utf8')).toContain(`[${name}](${name}/refusal.txt)`);
  });
});

describe('the examples', () => {
  const texts = filesBelow(root).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const own = texts.filter(({ text }) => /^apiVersion: ambit\.dev/m.test(text));

  it('are valid, and tell editors how to know', () => {
    const isValid = new Ajv({ strict: false }).compile(schema);
    for (const { path, text } of own) {
      const [, link = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      expect(resolve(dirname(path), link), path).toBe(resolve(root, '../schemas/ambit.schema.json'));
      for (const document of loadAll(text)) expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    }
  });

  it('link to files that exist', () => {
    const pages = texts.filter(({ path }) => path.endsWith('.md'));
    const links = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => resolve(dirname(path), link)),
    );
    expect(links.length).toBeGreaterThan(refused.length);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('show commands that are refused where the README says so', async () => {
    for (const command of commandsOf(join(root, 'refused/README.md'))) {
      const host = hostIn('refused');
      expect(await runCli(command, host), host.stderr()).toBe(3);
    }
  });
});

describeWithShared('what is committed under deploy/', () => {
  it.each(names)('is admitted for examples/%s', (name) => {
    const files = filesBelow(join(root, name, 'deploy')).filter((path) => path.endsWith('.yaml'));
    // What enrolls a Service is a patch, and no Service.
    const whole = files.filter((path) => !path.includes('/30-enrolment/'));
    const objects = whole.flatMap((path) => loadAll(readFileSync(path, 'utf8')));
    expect(objects.flatMap((object) => admit(object, 'istio-1.29+gateway-1.4'))).toEqual([]);
    expect(objects.length).toBeGreaterThan(0);
  });
});

/** A copy of the examples in memory, so that a command may write. */
function hostIn(name: string): MemoryHost {
  const files = Object.entries(textsBelow(root)).map(([path, text]) => [`/examples/${path}`, text]);
  return memoryHost({ files: Object.fromEntries(files), workingDirectory: `/examples/${name}` });
}

function textsBelow(directory: string): Record<string, string> {
  return Object.fromEntries(
    filesBelow(directory).map((path) => [relative(directory, path), readFileSync(path, 'utf8')]),
  );
}

/** The lines of a page's shell blocks that run Ambit, without its name and without comments. */
function commandsOf(page: string): string[][] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.split('\n')).filter((line) => line.startsWith('ambit '));
  return lines.map((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
}
