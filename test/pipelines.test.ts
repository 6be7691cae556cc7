import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { celEnv, parse, plan } from '@bufbuild/cel';
import { Ajv } from 'ajv';
import { load, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import schema from '../schemas/ambit.schema.json' with { type: 'json' };
import { runCli } from '../src/cli/run-cli.js';
import { phases } from '../src/emit/manifest.js';
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

describe('the plugin for Argo CD', () => {
  const { spec } = load(readFileSync(join(pipelines, 'argocd', 'plugin.yaml'), 'utf8')) as {
    readonly spec: { readonly generate: { readonly args: readonly string[] } };
  };
  const inCluster = (name: string) => {
    const files = Object.entries(smallProject('/work')).map(([path, text]) => [
      path,
      text.replace('name: east', `name: ${name}`),
    ]);
    return memoryHost({ files: Object.fromEntries(files) });
  };

  it('prints the objects of its cluster, also where the project names an output', async () => {
    const host = inCluster('main');
    expect(await runCli(spec.generate.args, host), host.stderr()).toBe(0);
    expect(host.stdout()).toContain('kind: AuthorizationPolicy');
    expect(host.stdout()).toContain('argocd.argoproj.io/sync-wave');
    expect(host.disk.nodes.has('/work/out')).toBe(false);
  });

  it('prints nothing for a cluster that does not exist', async () => {
    const host = inCluster('other');
    expect(await runCli(spec.generate.args, host)).toBe(2);
    expect(host.stdout()).toBe('');
    expect(host.stderr()).toContain('there is no cluster `main`; known are `other`');
  });
});

describe('the Kustomizations for Flux', () => {
  interface FluxKustomization {
    readonly metadata: { readonly name: string };
    readonly spec: {
      readonly path: string;
      readonly prune: boolean;
      readonly dependsOn?: ReadonlyArray<{ readonly name: string }>;
      readonly healthCheckExprs?: ReadonlyArray<{ readonly current: string }>;
    };
  }
  const all = loadAll(readFileSync(join(pipelines, 'flux', 'east.yaml'), 'utf8')) as readonly FluxKustomization[];

  it('apply the phases one after another, and never prune a Service of others', () => {
    expect(all.map(({ spec }) => spec.path)).toEqual(phases.map((phase) => `./deploy/east/${phase}`));
    const names = all.map(({ metadata }) => metadata.name);
    expect(all.map(({ spec }) => spec.dependsOn ?? [])).toEqual([[], ...names.slice(0, -1).map((name) => [{ name }])]);
    expect(all.filter(({ spec }) => !spec.prune).map(({ spec }) => spec.path)).toEqual(['./deploy/east/30-enrolment']);
  });

  it('wait for waypoints that are programmed', () => {
    const [expression] = all.flatMap(({ spec }) => spec.healthCheckExprs ?? []);
    const isCurrent = plan(celEnv(), parse(expression?.current ?? ''));
    const condition = (status: string) => ({
      conditions: [
        { type: 'Accepted', status: 'True' },
        { type: 'Programmed', status },
      ],
    });
    const answers = [{}, condition('Unknown'), condition('True')].map((status) => isCurrent({ status }));
    expect(answers).toEqual([false, false, true]);
  });
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
