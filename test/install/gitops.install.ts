import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { missing, must, newDirectory, newScratch, run } from './scratch.js';

const scratch = newScratch();
const { directory, clone } = scratch;
const tools = newDirectory(directory, 'tools');
const environment = {
  ...scratch.environment,
  PATH: [tools, scratch.environment.PATH].join(delimiter),
  GOBIN: tools,
  GOFLAGS: '-mod=mod',
};

afterAll(() => scratch.remove());

interface Thing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

const offline = missing('no registry of npm packages', run('npm', ['ci'], clone, environment));
const kustomizeModule = 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1';
const noKustomize = missing('no kustomize', run('go', ['install', kustomizeModule], directory, environment));
const noKubectl = missing('no kubectl', run('kubectl', ['version', '--client'], directory, environment));

if (!offline) {
  chmodSync(join(clone, 'dist', 'ambit.js'), 0o755);
  symlinkSync(join(clone, 'dist', 'ambit.js'), join(tools, 'ambit'));
}

const functions = ['--enable-alpha-plugins', '--enable-exec'];
const kindsIn = (text: string) => (loadAll(text) as readonly Thing[]).map(({ kind }) => kind);

function newExample(name: string): string {
  const example = newDirectory(directory, name);
  cpSync(join(clone, 'examples', 'pipelines', 'kustomize'), example, { recursive: true });
  return example;
}

describe.skipIf(offline || noKustomize)('kustomize', () => {
  it('builds what enforces the intents, and nothing that the cluster does not know', () => {
    const example = newExample('built');
    const built = must(run('kustomize', ['build', ...functions, '.'], example, environment));
    const objects = loadAll(built) as readonly Thing[];
    expect(objects.filter(({ kind }) => kind === 'AuthorizationPolicy')).toHaveLength(3);
    expect(objects.filter(({ apiVersion }) => apiVersion.startsWith('ambit.dev/'))).toEqual([]);
    expect(
      objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'payments')?.metadata.labels,
    ).toEqual({ 'istio.io/use-waypoint': 'waypoint' });
    expect(built).not.toContain('config.kubernetes.io');
    writeFileSync(join(example, 'built.yaml'), built);
    const given = ['intents.yaml', 'mesh.yaml', 'built.yaml'].flatMap((path) => ['-f', path]);
    must(run('ambit', ['verify', ...given], example, environment));
  });

  it('fails where the intents cannot be compiled', () => {
    const example = newExample('faulty');
    const intents = join(example, 'intents.yaml');
    writeFileSync(intents, readFileSync(intents, 'utf8').replace('default: Deny', 'default: Never'));
    const { status, stdout, stderr } = run('kustomize', ['build', ...functions, '.'], example, environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('AMB1055');
  });

  it('says nothing where it may run no function, which a proof finds', () => {
    const example = newExample('unrun');
    const built = must(run('kustomize', ['build', '--enable-alpha-plugins', '.'], example, environment));
    expect(kindsIn(built)).not.toContain('AuthorizationPolicy');
    writeFileSync(join(example, 'built.yaml'), built);
    const given = ['intents.yaml', 'mesh.yaml', 'built.yaml'].flatMap((path) => ['-f', path]);
    expect(run('ambit', ['verify', ...given], example, environment)).toMatchObject({ status: 1 });
  });

  it.skipIf(noKubectl)('runs no function inside kubectl, whose exit code is 0', () => {
    const example = newExample('kubectl');
    const config = join(example, 'ambit.yaml');
    // What kubectl holds may be too old for `args`.
    writeFileSync(config, readFileSync(config, 'utf8').replace(/ +args:.*\n/, ''));
    const built = must(run('kubectl', ['kustomize', '--enable-alpha-plugins', '.'], example, environment));
    expect(kindsIn(built)).not.toContain('AuthorizationPolicy');
  });
});

interface FluxKustomization {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly path: string; readonly dependsOn?: ReadonlyArray<{ readonly name: string }> };
}

/** Flux writes a kustomization.yaml into a directory that has none, as `kustomize create --autodetect` does, and builds it. */
describe.skipIf(offline || noKustomize)('Flux', () => {
  const file = readFileSync(join('examples', 'pipelines', 'flux', 'east.yaml'), 'utf8');

  it('builds the tree phase by phase', () => {
    const repository = newDirectory(directory, 'repository');
    cpSync(join(clone, 'examples', 'hybrid-shop'), repository, { recursive: true });
    for (const { spec } of loadAll(file) as readonly FluxKustomization[]) {
      const phase = join(repository, spec.path);
      const written = readdirSync(phase).map((name) => load(readFileSync(join(phase, name), 'utf8')) as Thing);
      must(run('kustomize', ['create', '--autodetect'], phase, environment));
      const built = loadAll(must(run('kustomize', ['build', '.'], phase, environment))) as readonly Thing[];
      const inOrder = (objects: readonly Thing[]) => objects.map((each) => JSON.stringify(each, sortedKeys)).sort();
      expect(inOrder(built), basename(phase)).toEqual(inOrder(written));
    }
  });
});

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

const plugin = load(readFileSync(join('examples', 'pipelines', 'argocd', 'plugin.yaml'), 'utf8')) as {
  readonly spec: {
    readonly discover: { readonly fileName: string };
    readonly generate: { readonly command: readonly string[]; readonly args: readonly string[] };
  };
};

/** As the plugin's server runs a command: another user, no terminal, the variables of the build, and nothing else. */
function generate(application: string) {
  const { command, args } = plugin.spec.generate;
  expect(command).toEqual(['/nodejs/bin/node', '/ambit/dist/ambit.js']);
  const asPlugin = ['--wait', 'setpriv', '--reuid=999', '--regid=999', '--clear-groups'];
  return run('setsid', [...asPlugin, process.execPath, join(clone, 'dist', 'ambit.js'), ...args], application, {
    PATH: scratch.environment.PATH,
    ARGOCD_APP_NAME: 'mesh-policies',
    ARGOCD_APP_NAMESPACE: 'argocd',
    ARGOCD_APP_REVISION: '0123456789abcdef0123456789abcdef01234567',
    ARGOCD_APP_SOURCE_PATH: '.',
    ARGOCD_APP_SOURCE_REPO_URL: 'https://git.example.com/platform/mesh.git',
    ARGOCD_APP_PARAMETERS: '[]',
    KUBE_VERSION: '1.34',
  });
}

const noOtherUser = missing(
  'no right to run as another user',
  run('setsid', ['--wait', 'setpriv', '--reuid=999', '--regid=999', '--clear-groups', 'true'], directory, environment),
);

describe.skipIf(offline || noOtherUser)('the plugin for Argo CD', () => {
  function newApplication(name: string): string {
    const application = join(directory, name);
    mkdirSync(application);
    cpSync(join(clone, 'examples', 'bookshop'), application, { recursive: true });
    must(run('chmod', ['a+rX', directory], directory, environment));
    must(run('chmod', ['-R', 'a+rX', application, clone], directory, environment));
    expect(existsSync(join(application, plugin.spec.discover.fileName))).toBe(true);
    return application;
  }

  it('prints objects and nothing else', () => {
    const start = performance.now();
    const { status, stdout, stderr } = generate(newApplication('application'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(performance.now() - start).toBeLessThan(60_000);
    const objects = loadAll(stdout) as readonly Thing[];
    expect(objects.length).toBeGreaterThan(5);
    for (const { apiVersion, kind, metadata } of objects) {
      expect([apiVersion, kind, metadata.name]).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
    }
  });

  it('fails with what is wrong on stderr, where Argo CD shows it', () => {
    const application = newApplication('faulty-application');
    const intents = join(application, 'intents', 'access.yaml');
    writeFileSync(intents, readFileSync(intents, 'utf8').replace('default: Deny', 'default: Never'));
    const { status, stdout, stderr } = generate(application);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('AMB1055');
  });
});
