import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import schema from '../../schemas/diff.schema.json' with { type: 'json' };
import { runCli } from '../../src/cli/run-cli.js';
import { catalogue } from '../../src/diagnostics/catalogue.js';
import { diffCases } from '../support/diff-cases.js';
import { memoryHost } from '../support/memory-host.js';
import { splitWords } from '../support/shell-words.js';

interface Answer {
  readonly verdict: string;
  readonly because: string;
  readonly command: string | null;
}

interface Told {
  readonly sameMeaning: boolean;
  readonly changes: ReadonlyArray<{
    readonly code: string;
    readonly kind: keyof typeof catalogue;
    readonly causes: ReadonlyArray<{ readonly file: string | null }>;
    readonly witness: Readonly<Record<'before' | 'after', Answer>> | null;
  }>;
}

const isOfSchema = new Ajv({ allowUnionTypes: true }).compile(schema);

describe.each(diffCases())('$name', (golden) => {
  const run = async (argv: readonly string[]) => {
    const host = memoryHost({ files: golden.files });
    const exitCode = await runCli(argv, host);
    return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
  };
  const diff = (format: string) => run(['diff', ...golden.arguments, '-o', format]);
  const told = async (): Promise<Told> => {
    const { stdout } = await diff('json');
    return stdout === '' ? { sameMeaning: false, changes: [] } : JSON.parse(stdout);
  };

  it('tells it as expected', async () => {
    const { exitCode, stdout, stderr } = await diff('human');
    expect(exitCode).toBe(golden.exit);
    await expect(stdout + stderr).toMatchFileSnapshot(join(golden.directory, 'expected', 'diff.txt'));
  });

  it('tells it to a pull request as expected', async () => {
    const { stdout } = await diff('markdown');
    if (golden.exit === 2) return;
    expect(stdout.split('\n')[0]).toBe('<!-- ambit:diff -->');
    await expect(stdout).toMatchFileSnapshot(join(golden.directory, 'expected', 'diff.md'));
  });

  it('finds the kinds of change that the case expects, each with the line that causes it', async () => {
    const { changes } = await told();
    expect([...new Set(changes.map(({ kind }) => kind))].sort()).toEqual([...golden.kinds].sort());
    expect(changes.filter(({ kind, code }) => catalogue[kind].code !== code)).toEqual([]);
    expect(changes.filter(({ causes }) => causes.length === 0 || causes.some(({ file }) => file === null))).toEqual([]);
  });

  it('answers programs as its schema says', async () => {
    const { stdout } = await diff('json');
    if (golden.exit !== 2) expect(isOfSchema(JSON.parse(stdout)), JSON.stringify(isOfSchema.errors)).toBe(true);
  });

  it('shows requests of which trace says the same on either side', async () => {
    const { changes } = await told();
    const asked = changes.flatMap(({ witness }) =>
      (['before', 'after'] as const).flatMap((side) => {
        const answer = witness?.[side];
        return answer?.command ? [{ side, ...answer, command: answer.command }] : [];
      }),
    );
    for (const { side, command, verdict, because } of asked) {
      const [, ...argv] = splitWords(command);
      const { stdout, stderr } = await run([...argv, '-o', 'json']);
      // What is not there yet, or no longer, cannot be asked about.
      if (stdout === '' && verdict === 'denied') continue;
      expect(stdout, stderr).not.toBe('');
      const found = JSON.parse(stdout);
      expect([side, command, found.verdict.replace('not-modelled', 'undecided')]).toEqual([side, command, verdict]);
      expect(found.because).toBe(because);
    }
  });

  it('says nothing of a state and itself', async () => {
    const same = Object.fromEntries(
      Object.entries(golden.files).flatMap(([path, text]) =>
        path.startsWith('/work/after/')
          ? [
              [path, text],
              [path.replace('/after/', '/before/'), `${text}\n# rewritten\n`],
            ]
          : [],
      ),
    );
    const host = memoryHost({ files: same });
    expect(await runCli(['diff', 'before', 'after', '-o', 'json'], host), host.stderr()).toBe(0);
    expect(JSON.parse(host.stdout())).toMatchObject({ sameMeaning: true, changes: [] });
  });
});
