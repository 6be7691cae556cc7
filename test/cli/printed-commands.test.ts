import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { goldenCases } from '../support/cases.js';
import { type MemoryDisk, memoryHost } from '../support/memory-host.js';
import { smallProject } from '../support/projects.js';
import { splitWords } from '../support/shell-words.js';

/** What somebody would paste: each command that is printed, word by word. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const printed = text.match(/(?<=[ `"])ambit (?:trace|compile|explain accepted)(?: [^`"\n]*)?/g) ?? [];
  return printed.map(splitWords);
}

async function run(argv: readonly string[], disk: MemoryDisk) {
  const host = memoryHost({ disk });
  const exitCode = await runCli(argv, host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

/** Runs a command, and then each command that it prints. */
async function follow(argv: readonly string[], disk: MemoryDisk) {
  const told = await run(argv, disk);
  const commands = commandsIn(told.stdout + told.stderr);
  const followed: Array<{ words: readonly string[] } & Awaited<ReturnType<typeof run>>> = [];
  for (const [, ...words] of commands) followed.push({ words, ...(await run(words, disk)) });
  return followed;
}

const outside = goldenCases().find(({ name }) => name === 'policy-tests/AMB5201-from-outside')?.sources ?? [];
const project = `apiVersion: ambit.dev/v1alpha1
kind: Project
metadata: { name: clinic }
spec: { intents: [.] }
`;

function diskWith(files: Readonly<Record<string, string>>): MemoryDisk {
  return memoryHost({ files }).disk;
}

describe('a command that is printed reads what the command read that printed it', () => {
  const clinic = diskWith({
    ...Object.fromEntries(outside.map(({ path, text }) => [`/work/the clinic/${path}`, text])),
    '/work/the clinic/ambit.yaml': project,
  });
  it.each([
    ['compile', '-f', 'the clinic'],
    ['compile', '--project', 'the clinic'],
    ['test', '-f', 'the clinic'],
    ['test', '--project', 'the clinic'],
    ['test', '-f', 'the clinic', '-o', 'json'],
    ['gate', 'the clinic', 'the clinic', '--must-not-reach', 'outside to clinic/records:80'],
  ])('%s %s %s', async (...argv) => {
    const followed = await follow(argv, clinic);
    expect(followed.length).toBeGreaterThan(0);
    for (const { words, exitCode, stdout, stderr } of followed) {
      expect({ exitCode, stderr }, words.join(' ')).toEqual({
        exitCode: expect.toBeOneOf([0, 1]),
        stderr: expect.any(String),
      });
      expect(stdout).toContain('gateway edge/front');
    }
  });

  it('names the cluster where there are several', async () => {
    const textOf = (name: string) => outside.find(({ path }) => path === name)?.text ?? '';
    const disk = diskWith({
      '/work/in/east.yaml': textOf('manifests.yaml'),
      '/work/in/west.yaml': textOf('manifests.yaml'),
      '/work/in/intents.yaml': textOf('intents.yaml'),
      '/work/in/mesh.yaml': `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: mesh }
spec:
  clusters: [{ name: east, manifests: [east.yaml] }, { name: west, manifests: [west.yaml] }]
  callers: [{ name: partner, ipBlocks: [198.51.100.0/24] }]
`,
    });
    const followed = await follow(['test', '-f', 'in/mesh.yaml', '-f', 'in/intents.yaml'], disk);
    expect(followed.length).toBeGreaterThan(0);
    for (const { words, exitCode } of followed) {
      expect(words).toContain('--cluster');
      expect([0, 1]).toContain(exitCode);
    }
  });

  it('writes the directory that is stale', async () => {
    const disk = diskWith(smallProject('/work/shop'));
    const argv = ['compile', '--project', 'shop', '--output-dir', 'written', '--kustomize'];
    disk.files.makeDirectory('/work/written');
    const [stale] = await follow([...argv, '--check'], disk);
    expect(stale).toMatchObject({ words: argv, exitCode: 0 });
    expect(await run([...argv, '--check'], disk)).toMatchObject({ exitCode: 0 });
  });
});
