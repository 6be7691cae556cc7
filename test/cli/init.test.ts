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

it('writes down what the manifests say of Istio, which then agrees with them', async () => {
  const istio = `apiVersion: v1
kind: ConfigMap
metadata: { name: istio-1-30, namespace: istio-system }
data:
  mesh: |-
    trustDomain: corp.example
    trustDomainAliases: [old.example]
    enableAutoMtls: false
    pathNormalization: { normalization: NONE }
    outboundTrafficPolicy: { mode: REGISTRY_ONLY }
    discoverySelectors:
      - matchLabels: { mesh: inside }
      - matchExpressions: [{ key: mesh, operator: Exists }]
    defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } }
    defaultHttpRetryPolicy: { attempts: 1 }
    extensionProviders: [{ name: opa, envoyExtAuthzGrpc: { service: opa, port: 1 } }]
---
apiVersion: sailoperator.io/v1
kind: Istio
metadata: { name: 1-30 }
spec: { version: v1.30.1, namespace: control, values: { pilot: { env: { PILOT_ENABLE_AMBIENT: "true" } } } }
`;
  const host = memoryHost({ files: { '/work/clusters/shop.yaml': manifests, '/work/clusters/istio.yaml': istio } });
  expect(await runCli(['init', 'clusters'], host)).toBe(0);
  const text = host.disk.tree('/work')['ambit.yaml'] ?? '';
  expect(text).toContain('# Its external authorizers are opa; if there are no others, say `wholeMeshConfig: true`.');
  const [, mesh] = parseAllDocuments(text).map((document) => document.toJS());
  expect(mesh.spec).toEqual({
    trustDomain: 'corp.example',
    trustDomainAliases: ['old.example'],
    rootNamespace: 'control',
    clusters: [
      {
        name: 'main',
        istio: {
          version: '1.30',
          revision: '1-30',
          flags: { PILOT_ENABLE_AMBIENT: true },
          enableAutoMtls: false,
          pathNormalization: { normalization: 'NONE' },
          outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
          discoverySelectors: [
            { matchLabels: { mesh: 'inside' } },
            { matchExpressions: [{ key: 'mesh', operator: 'Exists' }] },
          ],
          gatewayTopology: { numTrustedProxies: 1, proxyProtocol: false },
        },
        manifests: ['clusters/'],
      },
    ],
  });
  const next = memoryHost({ disk: host.disk });
  await runCli(['compile'], next);
  expect(next.stderr()).not.toContain('error[');
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
