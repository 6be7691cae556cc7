import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { missing, newDirectory, newScratch, run } from './scratch.js';

const scratch = newScratch();
const { directory, clone } = scratch;
const prefix = newDirectory(directory, 'prefix');
const temporary = newDirectory(directory, 'runner');

afterAll(() => scratch.remove());

const offline = missing(
  'no registry of npm packages',
  run('npm', ['view', 'esbuild', 'name'], directory, scratch.environment),
);

interface Step {
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}

const { inputs, runs } = load(readFileSync('action.yml', 'utf8')) as {
  inputs: Readonly<Record<string, { default: string }>>;
  runs: { steps: readonly Step[] };
};

/** Of GitHub's variables a step gets those that it is written for, and no more. */
const given = {
  ...Object.fromEntries(
    Object.entries(scratch.environment).filter(([name]) => !/^(?:GITHUB|INPUT|RUNNER)_/.test(name)),
  ),
  PATH: [join(prefix, 'bin'), scratch.environment.PATH].join(delimiter),
  npm_config_prefix: prefix,
  GITHUB_ACTION_PATH: clone,
  GITHUB_OUTPUT: join(temporary, 'output'),
  GITHUB_STEP_SUMMARY: join(temporary, 'summary'),
};

/** Runs the steps as the runner does: `bash --noprofile --norc -eo pipefail {0}`, with the inputs filled in. */
function act(workspace: string, asked: Readonly<Record<string, string>> = {}) {
  for (const file of [given.GITHUB_OUTPUT, given.GITHUB_STEP_SUMMARY]) writeFileSync(file, '');
  let last: ReturnType<typeof run> | undefined;
  for (const [index, step] of runs.steps.entries()) {
    const script = join(temporary, `step-${index}.sh`);
    writeFileSync(script, step.run);
    const env = Object.entries(step.env ?? {}).map(([name, value]) => {
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1] ?? '';
      return [name, asked[input] ?? inputs[input]?.default];
    });
    const environment = { ...given, ...Object.fromEntries(env) };
    last = run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], workspace, environment);
    if (last.status !== 0) break;
  }
  const text = (path: string) => readFileSync(path, 'utf8');
  return { last, output: text(given.GITHUB_OUTPUT), summary: text(given.GITHUB_STEP_SUMMARY) };
}

describe.skipIf(offline)('the action for GitHub', () => {
  it('installs itself, passes what is up to date, and stops what is stale', () => {
    const workspace = newDirectory(directory, 'workspace');
    cpSync(join(clone, 'examples', 'hybrid-shop'), workspace, { recursive: true });
    const fine = act(workspace);
    expect(fine.last, fine.last?.stderr).toMatchObject({ status: 0 });
    expect(fine.output).toBe('exit-code=0\nsarif-file=ambit.sarif\n');
    expect(fine.summary).toContain('### Ambit:');
    expect(JSON.parse(readFileSync(join(workspace, 'ambit.sarif'), 'utf8')).version).toBe('2.1.0');

    const intents = join(workspace, 'intents', 'shop.yaml');
    writeFileSync(intents, readFileSync(intents, 'utf8').replace('default: Deny', 'default: Never'));
    const faulty = act(workspace, { 'sarif-file': '' });
    expect(faulty.last).toMatchObject({ status: 2 });
    expect(faulty.last?.stdout).toMatch(/^::error file=intents\/shop\.yaml,line=\d+,/m);
    expect(faulty.output).toBe('exit-code=2\nsarif-file=\n');
    expect(faulty.summary).toContain('AMB1055');
  });

  it('stops a change that grants access, of a project that lies below the workspace', () => {
    const workspace = newDirectory(directory, 'repository');
    const git = (...words: readonly string[]) => {
      const somebody = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
      expect(run('git', [...somebody, ...words], workspace, scratch.environment).status).toBe(0);
    };
    cpSync(join(clone, 'examples', 'hybrid-shop'), join(workspace, 'shop'), { recursive: true });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'base');
    const asked = { project: 'shop', command: 'gate --base HEAD --no-new-access' };
    const same = act(workspace, asked);
    expect(same.last, same.last?.stderr).toMatchObject({ status: 0 });

    const intents = join(workspace, 'shop', 'intents', 'shop.yaml');
    writeFileSync(intents, readFileSync(intents, 'utf8').replace(', paths: [/carts/*]', ''));
    const opened = act(workspace, asked);
    expect(opened.last, opened.last?.stderr).toMatchObject({ status: 1 });
    expect(opened.last?.stdout).toMatch(/^::error file=shop\/intents\/shop\.yaml,line=\d+,.*AMB6001/m);
    expect(opened.summary).toContain('AMB6001');
  });
});
