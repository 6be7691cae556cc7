import { chmodSync, cpSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join, relative } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { buildProgram, missing, must, newDirectory, newScratch, run } from './scratch.js';

const scratch = newScratch();
const { directory, clone } = scratch;
const tools = newDirectory(directory, 'tools');
const environment = {
  ...scratch.environment,
  PATH: [tools, scratch.environment.PATH].join(delimiter),
  GOBIN: tools,
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
const noKpt = missing('no kpt', buildProgram('kpt', scratch, tools));
const noFlux = missing("no code of Flux's controller", buildProgram('flux', scratch, tools));
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

/** Each file of a package that kpt has, and what it holds. */
function textsBelow(directory: string): Readonly<Record<string, string>> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(directory, path), readFileSync(path, 'utf8')];
    }),
  );
}

describe.skipIf(offline || noKpt)('kpt', () => {
  const policies = [
    'ambit/20-policies/authorizationpolicy.shop.payments-allow.yaml',
    'ambit/40-guards/authorizationpolicy.shop.default-deny.yaml',
    'ambit/40-guards/authorizationpolicy.shop.payments-guard.yaml',
  ];

  /** The example of kustomize as a package of kpt, which has a pipeline in place of a kustomization. */
  function newPackage(name: string): string {
    const given = newExample(name);
    rmSync(join(given, 'kustomization.yaml'));
    const config = join(given, 'ambit.yaml');
    const local = '  annotations:\n    config.kubernetes.io/local-config: "true"\n';
    writeFileSync(config, readFileSync(config, 'utf8').replace(/ {2}annotations:\n(?: {4}.*\n)+/, local));
    writeFileSync(join(given, 'Kptfile'), pipeline);
    return given;
  }

  const pipeline = `apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: shop
  annotations: { config.kubernetes.io/local-config: "true" }
pipeline:
  mutators:
    - exec: ambit krm
      configPath: ambit.yaml
`;

  const render = (given: string) => run('kpt', ['fn', 'render', '--allow-exec', '.'], given, environment);

  it('renders a package into one with policies, and a second time into the same', () => {
    const given = newPackage('package');
    must(render(given));
    const once = textsBelow(given);
    expect(
      Object.keys(once)
        .filter((path) => path.includes('authorizationpolicy'))
        .sort(),
    ).toEqual(policies);
    expect(once['shop.yaml']).toContain('istio.io/use-waypoint: waypoint');
    must(render(given));
    expect(textsBelow(given)).toEqual(once);
    const judged = ['intents.yaml', 'mesh.yaml', 'shop.yaml', 'ambit'].flatMap((path) => ['-f', path]);
    must(run('ambit', ['verify', ...judged], given, environment));
  });

  it('evaluates the function alone, with a functionConfig from elsewhere', () => {
    const given = newPackage('evaluated');
    const config = join(directory, 'config.yaml');
    renameSync(join(given, 'ambit.yaml'), config);
    rmSync(join(given, 'Kptfile'));
    must(run('kpt', ['fn', 'eval', '.', '--exec', 'ambit krm', '--fn-config', config], given, environment));
    expect(Object.keys(textsBelow(given))).toEqual(expect.arrayContaining(policies));
  });

  it('fails where the intents cannot be compiled, tells of the field, and leaves the package as it was', () => {
    const given = newPackage('faulty-package');
    const intents = join(given, 'intents.yaml');
    writeFileSync(intents, readFileSync(intents, 'utf8').replace('default: Deny', 'default: Never'));
    const before = textsBelow(given);
    const { status, stderr } = render(given);
    expect(status).toBe(1);
    expect(stderr).toContain('SecuritySettings/shop spec.authorization.default');
    expect(stderr).toContain('AMB1055');
    expect(textsBelow(given)).toEqual(before);
  });
});

interface FluxKustomization {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly path: string; readonly dependsOn?: ReadonlyArray<{ readonly name: string }> };
}

describe.skipIf(offline || noFlux)('Flux', () => {
  const file = readFileSync(join('examples', 'pipelines', 'flux', 'east.yaml'), 'utf8');
  const kustomizations = loadAll(file) as readonly FluxKustomization[];

  /** What one of them builds of a repository, by the code of Flux's controller. */
  function built(kustomization: FluxKustomization, repository: string) {
    const asked = join(newDirectory(directory, 'asked'), `${kustomization.metadata.name}.json`);
    writeFileSync(asked, JSON.stringify(kustomization));
    return run('flux', [asked, repository], repository, environment);
  }

  it('builds the tree phase by phase', () => {
    const repository = newDirectory(directory, 'repository');
    cpSync(join(clone, 'examples', 'hybrid-shop'), repository, { recursive: true });
    for (const kustomization of kustomizations) {
      const phase = join(repository, kustomization.spec.path);
      const written = readdirSync(phase).map((name) => load(readFileSync(join(phase, name), 'utf8')) as Thing);
      const objects = loadAll(must(built(kustomization, repository))) as readonly Thing[];
      const inOrder = (all: readonly Thing[]) => all.map((each) => JSON.stringify(each, sortedKeys)).sort();
      expect(inOrder(objects), basename(phase)).toEqual(inOrder(written));
    }
  });

  it('builds of a tree with kustomizations all but the Component of the enrolment, which has no Services by itself', () => {
    const repository = newDirectory(directory, 'components');
    cpSync(join(clone, 'examples', 'hybrid-shop'), repository, { recursive: true });
    must(run('ambit', ['compile', '--kustomize'], repository, environment));
    const refused = kustomizations.filter((kustomization) => built(kustomization, repository).status !== 0);
    expect(refused.map(({ spec }) => basename(spec.path))).toEqual(['30-enrolment']);
    expect(refused.map((kustomization) => built(kustomization, repository).stderr)).toEqual([
      expect.stringContaining('no resource matches strategic merge patch'),
    ]);
  });
});

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
