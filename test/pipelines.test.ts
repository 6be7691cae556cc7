import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import schema from '../schemas/ambit.schema.json' with { type: 'json' };
import { runCli } from '../src/cli/run-cli.js';
import { filesBelow } from './support/cases.js';
import { memoryHost } from './support/memory-host.js';
import { smallProject } from './support/projects.js';

const root = new URL('../', import.meta.url).pathname;
const pipelines = join(root, 'examples', 'pipelines');

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: ReadonlyArray<{ readonly run: string; readonly env?: Record<string, string> }> };
}

describe('action.yml', () => {
  const { inputs, runs } = load(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;

  it('hands every input to a step, and its scripts take nothing that they are not handed', () => {
    const handed = runs.steps.flatMap(({ env = {} }) => Object.values(env));
    expect(handed).toEqual(Object.keys(inputs).map((name) => `\${{ inputs.${name} }}`));
    for (const { run } of runs.steps) {
      expect(run).not.toContain('${{');
      expect(spawnSync('bash', ['-n'], { input: run, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    }
  });
});

/** The lines of a pipeline that run Ambit, as words; what a shell does with them is left out. */
function commandsIn(path: string): string[][] {
  return [...readFileSync(path, 'utf8').matchAll(/^\s*(?:- )?ambit ([^#>\n]+)/gm)].map(([, words = '']) =>
    words.trim().split(/\s+/),
  );
}

it.each(
  filesBelow(pipelines)
    .filter((path) => commandsIn(path).length > 0)
    .map((path) => relative(pipelines, path)),
)('runs commands that work: %s', async (path) => {
  for (const command of commandsIn(join(pipelines, path))) {
    const host = memoryHost({ files: smallProject('/work') });
    await runCli(['compile'], host);
    const exitCode = await runCli(command, host);
    // The small project has no test to run, which is the only thing that may be wrong with it.
    expect(exitCode === 0 || host.stderr().includes('AMB5205'), `${command.join(' ')}\n${host.stderr()}`).toBe(true);
  }
});

describe('the entry for SchemaStore', () => {
  const entry = JSON.parse(readFileSync(join(pipelines, 'schemastore.json'), 'utf8'));
  const validate = new Ajv({ strict: false }).compile(schema);

  it('has what the catalogue asks for, and claims no name that others use', () => {
    expect(Object.keys(entry)).toEqual(['name', 'description', 'fileMatch', 'url']);
    for (const pattern of entry.fileMatch) expect(pattern).toMatch(/ambit\.yaml$/);
  });

  it('goes with a schema that takes a document and refuses one with a fault', () => {
    const document = { apiVersion: 'ambit.dev/v1alpha1', kind: 'Project', metadata: { name: 'shop' } };
    expect(validate({ ...document, spec: { intents: ['intents/'] } })).toBe(true);
    expect(validate({ ...document, spec: { intent: ['intents/'] } })).toBe(false);
  });
});
