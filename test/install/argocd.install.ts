import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, cpSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { load, loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, missing, must, newDirectory, newScratch, run } from './scratch.js';

const scratch = newScratch();
const { directory, clone } = scratch;
const tools = newDirectory(directory, 'tools');
const environment = { ...scratch.environment, PATH: [tools, scratch.environment.PATH].join(delimiter) };
const pipelines = join(clone, 'examples', 'pipelines', 'argocd');
const program = join(clone, 'dist', 'ambit.js');

afterAll(() => scratch.remove());

/** The user as whom repo-server.yaml has the plugin's server run. */
const user = 999;
const asUser = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'];

const absent = [
  () => missing('no registry of npm packages', run('npm', ['ci'], clone, environment)),
  () => missing('no right to run as another user', run('setpriv', [...asUser, 'true'], directory, environment)),
  () => missing("no code of Argo CD's", buildProgram('argocd', scratch, tools)),
].some((isMissing) => isMissing());

interface Thing {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

describe.skipIf(absent)('the plugin for Argo CD, behind its server', () => {
  const sockets = newDirectory(directory, 'plugins');
  const config = newDirectory(directory, 'config');
  const temporary = newDirectory(directory, 'tmp');
  const log = join(directory, 'server.log');
  let server: ChildProcess;

  beforeAll(async () => {
    must(run('chmod', ['a+rx', directory], directory, environment));
    must(run('chmod', ['-R', 'a+rX', clone], directory, environment));
    for (const own of [sockets, temporary]) chownSync(own, user, user);
    writeFileSync(join(config, 'plugin.yaml'), onThisMachine(readFileSync(join(pipelines, 'plugin.yaml'), 'utf8')));
    const argv = [...asUser, join(tools, 'argocd'), 'argocd-cmp-server', '--config-dir-path', config];
    server = spawn('setpriv', argv, {
      cwd: directory,
      env: { PATH: environment.PATH, TMPDIR: temporary, ARGOCD_PLUGINSOCKFILEPATH: sockets },
      stdio: ['ignore', 'ignore', openSync(log, 'w')],
    });
    while (!existsSync(join(sockets, 'ambit.sock'))) {
      if (server.exitCode !== null) throw new Error(readFileSync(log, 'utf8'));
      await setTimeout(100);
    }
  });

  afterAll(() => server?.kill());

  /** What the repository server makes of a checkout for the Application. */
  const manifests = (checkout: string) =>
    run('argocd', ['manifests', join(pipelines, 'application.yaml'), checkout], directory, {
      PATH: environment.PATH,
      ARGOCD_PLUGINSOCKFILEPATH: sockets,
    });

  function newCheckout(name: string): string {
    const checkout = join(directory, name);
    cpSync(join(clone, 'examples', 'bookshop'), checkout, { recursive: true });
    return checkout;
  }

  it('gives it the objects of the project, with their waves, and nothing else', () => {
    const checkout = newCheckout('checkout');
    const objects = JSON.parse(must(manifests(checkout))) as readonly Thing[];
    const argv = [program, '--quiet', 'compile', '--stdout', '--sync-waves', '--cluster', 'main'];
    expect(objects).toEqual(loadAll(must(run(process.execPath, argv, checkout, environment))));
    expect(objects.map(({ kind }) => kind)).toContain('AuthorizationPolicy');
    const waves = objects.map(({ metadata }) => Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0));
    expect([...new Set(waves)]).toEqual([-2, -1, 0, 1]);
  });

  it('tells it what is wrong with a project, for the Application to show', () => {
    const checkout = newCheckout('faulty');
    const intents = join(checkout, 'intents', 'access.yaml');
    writeFileSync(intents, readFileSync(intents, 'utf8').replace('default: Deny', 'default: Never'));
    const { status, stdout, stderr } = manifests(checkout);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('AMB1055');
  });

  it('takes no repository without a project', () => {
    const checkout = newCheckout('manifests');
    rmSync(join(checkout, 'ambit.yaml'));
    const { status, stderr } = manifests(checkout);
    expect(status).toBe(1);
    expect(stderr).toContain('could not find plugin supporting the given repository');
  });
});

/** The plugin with the program of the clone in place of the image's. */
function onThisMachine(plugin: string): string {
  const image = load(readFileSync(join(pipelines, 'repo-server.yaml'), 'utf8'));
  expect(JSON.stringify(image)).toContain(`"runAsUser":${user}`);
  expect(plugin).toContain('command: [/nodejs/bin/node, /ambit/dist/ambit.js]');
  return plugin.replace('/nodejs/bin/node', process.execPath).replace('/ambit/dist/ambit.js', program);
}
