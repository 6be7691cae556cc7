import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import changes from '../../schemas/diff.schema.json' with { type: 'json' };
import schema from '../../schemas/drift.schema.json' with { type: 'json' };
import { runCli } from '../../src/cli/run-cli.js';
import { statesIn } from '../support/diff-cases.js';
import { memoryHost } from '../support/memory-host.js';

/** One folder of golden/drift: a dump, and the case of golden/diff whose first state is the project. */
interface DriftCase {
  readonly of: string;
  readonly exit: number;
  readonly kinds: readonly string[];
}

const root = new URL('../../golden/drift/', import.meta.url).pathname;
const names = readdirSync(root).filter((name) => existsSync(join(root, name, 'case.yaml')));
const isOfSchema = new Ajv({ allowUnionTypes: true }).addSchema(changes).compile(schema);

function caseIn(name: string) {
  const golden: DriftCase = parse(readFileSync(join(root, name, 'case.yaml'), 'utf8'));
  const dump = readFileSync(join(root, name, 'dump.yaml'), 'utf8');
  const project = statesIn(join(root, '..', 'diff', golden.of));
  const files: Readonly<Record<string, string>> = { ...project, '/work/dump.yaml': dump };
  return { golden, files };
}

async function drift(files: Readonly<Record<string, string>>, ...argv: readonly string[]) {
  const host = memoryHost({ files });
  const exitCode = await runCli(['drift', '--project', 'before', ...argv], host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

describe.each(names.sort())('%s', (name) => {
  const { golden, files } = caseIn(name);

  it('answers a person as expected', async () => {
    const { exitCode, stdout, stderr } = await drift(files, '-f', 'dump.yaml');
    await expect(stdout + stderr).toMatchFileSnapshot(join(root, name, 'expected', 'drift.txt'));
    expect(exitCode).toBe(golden.exit);
  });

  it('answers a comment as expected', async () => {
    const { stdout } = await drift(files, '-f', 'dump.yaml', '-o', 'markdown');
    await expect(stdout).toMatchFileSnapshot(join(root, name, 'expected', 'drift.md'));
  });

  it('answers a program, each change with the object that causes it', async () => {
    const { stdout } = await drift(files, '--cluster', 'main=dump.yaml', '-o', 'json');
    const told = JSON.parse(stdout);
    expect(told.changes.map(({ kind }: { readonly kind: string }) => kind)).toEqual(golden.kinds);
    expect(told.changes.filter((each: { readonly causes: readonly unknown[] }) => each.causes.length === 0)).toEqual(
      [],
    );
    expect(isOfSchema(told), JSON.stringify(isOfSchema.errors)).toBe(true);
  });
});

describe('a dump', () => {
  const { files } = caseIn('in-step');

  it('is of a cluster that there is', async () => {
    const { exitCode, stderr } = await drift(files, '--cluster', 'west=dump.yaml');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('AMB0076')]);
  });

  it('holds something', async () => {
    const empty = { ...files, '/work/empty.yaml': 'apiVersion: v1\nkind: List\nitems: []\n' };
    const { exitCode, stderr } = await drift(empty, '-f', 'empty.yaml');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('AMB0077')]);
  });

  it('may lack a kind, which is said', async () => {
    const { stderr } = await drift(caseIn('partial-dump').files, '-f', 'dump.yaml');
    expect(stderr).toContain('AMB6024');
  });

  it('may lack a part of a cluster, which is said and not compared', async () => {
    const { exitCode, stdout, stderr } = await drift(
      caseIn('namespace-not-dumped').files,
      '-f',
      'dump.yaml',
      '-o',
      'json',
    );
    const fact = 'the dump of cluster main holds nothing of namespace `payments`';
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([3, { drifted: false, undecided: [{ fact }] }]);
    expect(stderr).toContain('AMB6027');
  });

  it('says nothing of clusters that it is not of', async () => {
    const path = '/work/before/intents/mesh.yaml';
    const mesh = files[path] ?? '';
    const two = mesh.replace('clusters: [', 'clusters: [{ name: west, manifests: [../west/] }, ');
    const west = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';
    const both = { ...files, [path]: two, '/work/before/west/shop.yaml': west };
    const { exitCode, stdout, stderr } = await drift(both, '--cluster', 'main=dump.yaml');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('cluster main enforces what the project says');
    const unnamed = await drift(both, '-f', 'dump.yaml');
    expect([unnamed.exitCode, unnamed.stderr]).toEqual([2, expect.stringContaining('AMB0076')]);
    const missing = await drift(both, '-f', 'nosuch.yaml');
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('AMB0003')]);
    expect(missing.stderr).not.toContain('AMB0076');
  });

  it('has to be named', async () => {
    expect(await drift(files)).toMatchObject({ exitCode: 2 });
    expect(await drift(files, '--cluster', 'dump.yaml')).toMatchObject({ exitCode: 2 });
  });
});
