import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runCli } from '../../src/cli/run-cli.js';
import { memoryHost as bareHost, type MemoryHostOptions } from '../support/memory-host.js';
import { smallProject } from '../support/projects.js';

const schema = '{ "title": "the schema" }\n';

/** A host with the package that is installed. */
function memoryHost({ files, ...options }: MemoryHostOptions) {
  return bareHost({ ...options, ...(files && { files: { ...files, '/package/schemas/ambit.schema.json': schema } }) });
}

const manifests = smallProject('/work')['/work/clusters/east/shop.yaml'] ?? '';

it('writes a project that compiles as it stands', async () => {
  const host = memoryHost({ files: { '/work/clusters/east/shop.yaml': manifests } });
  expect(await runCli(['init', 'clusters'], host)).toBe(0);
  expect(Object.keys(host.disk.tree('/work'))).toEqual([
    '.ambit.schema.json',
    'ambit.yaml',
    'clusters/east/shop.yaml',
    'intents/shop.yaml',
  ]);
  const next = memoryHost({ disk: host.disk });
  expect([await runCli(['compile'], next), next.stderr()]).toEqual([
    0,
    expect.stringContaining('out is empty: the intents need no objects'),
  ]);
});

it('names a cluster for each directory of `clusters`, and the Istio version that the images tell', async () => {
  const istiod =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: istiod }\nspec: { containers: [{ image: "docker.io/istio/pilot:1.30.1" }] }\n';
  const host = memoryHost({
    files: {
      '/work/clusters/east/shop.yaml': manifests,
      '/work/clusters/west/shop.yaml': manifests,
      '/work/clusters/west/istio.yaml': istiod,
    },
  });
  expect(await runCli(['init', 'clusters'], host)).toBe(0);
  const [project, mesh] = parseAllDocuments(host.disk.tree('/work')['ambit.yaml'] ?? '').map((document) =>
    document.toJS(),
  );
  expect(project).toMatchObject({
    kind: 'Project',
    metadata: { name: 'work' },
    spec: { intents: ['intents/'], output: 'out/' },
  });
  expect(mesh.spec.clusters).toEqual([
    { name: 'east', istio: { version: '1.29' }, manifests: ['clusters/east/'] },
    { name: 'west', istio: { version: '1.30' }, manifests: ['clusters/west/'] },
  ]);
});

it('shows the services of the largest namespace in the next step', async () => {
  const host = memoryHost({ files: { '/work/manifests/shop.yaml': manifests } });
  expect(await runCli(['init', 'manifests'], host)).toBe(0);
  expect(host.disk.tree('/work')['intents/shop.yaml']).toContain('#       - name: checkout-calls-payments\n');
});

it('overwrites nothing, and writes nothing beside it', async () => {
  const host = memoryHost({ files: { '/work/m/shop.yaml': manifests, '/work/ambit.yaml': 'mine\n' } });
  expect(await runCli(['init', 'm'], host)).toBe(2);
  expect(host.stderr()).toContain('AMB0030');
  expect(host.disk.tree('/work')).toEqual({ 'ambit.yaml': 'mine\n', 'm/shop.yaml': manifests });
});

it.each([
  ['a directory that is not there', {}, 'AMB0003'],
  ['a directory without YAML', { '/work/clusters/README.md': '' }, 'AMB0009'],
  [
    'manifests without a Service',
    { '/work/clusters/a.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n' },
    'AMB0031',
  ],
])('refuses %s', async (_, files, code) => {
  const host = memoryHost({ files });
  expect(await runCli(['init', 'clusters'], host)).toBe(2);
  expect(host.stderr()).toContain(code);
  expect(host.disk.nodes.has('/work/ambit.yaml')).toBe(false);
});

it('tells editors where the schema lies, which it writes beside the project', async () => {
  const host = memoryHost({ files: { '/work/shop.yaml': manifests } });
  expect(await runCli(['init'], host)).toBe(0);
  const tree = host.disk.tree('/work');
  expect(tree['.ambit.schema.json']).toBe(schema);
  expect(tree['ambit.yaml']).toMatch(/^# yaml-language-server: \$schema=\.ambit\.schema\.json\n/);
  expect(tree['intents/shop.yaml']).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.ambit\.schema\.json\n/);
});
