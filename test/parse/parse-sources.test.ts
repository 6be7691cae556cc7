import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import flags from '../../src/parse/istiod-flags.json' with { type: 'json' };
import { parseSources } from '../../src/parse/parse-sources.js';
import { compile } from '../../src/pipeline.js';
import { filesBelow } from '../support/cases.js';

const mesh = (name: string, cluster: string) => ({
  path: `${name}.yaml`,
  text: `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: ${name} }
spec:
  clusters: [{ name: ${cluster} }]
`,
});
const manifest = (cluster: string) => ({
  path: `${cluster}/namespace.yaml`,
  text: 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n',
  cluster,
});

it('leaves manifests out whose cluster is in a Mesh document that does not count, and says only why it does not', () => {
  const sources = [mesh('first', 'east'), mesh('second', 'west'), manifest('east'), manifest('west')];
  const { value, diagnostics } = parseSources(sources);
  expect(diagnostics.map(({ name }) => name)).toEqual(['several-meshes']);
  expect(value.objects.map(({ cluster }) => cluster)).toEqual(['east']);
  expect(compile(sources, { today: '2026-06-01', provenance: 'full' }).files).toEqual([]);
});

it('leaves manifests out whose Mesh document has a fault', () => {
  const { path, text } = mesh('first', 'east');
  const sources = [{ path, text: text.replace('clusters', 'cluster') }, manifest('east')];
  const { value, diagnostics } = parseSources(sources);
  expect(diagnostics.map(({ name }) => name)).toContain('unknown-field');
  expect(value.objects).toEqual([]);
});

it('refuses manifests of a cluster that no Mesh document names', () => {
  const { diagnostics } = parseSources([mesh('first', 'east'), manifest('west')]);
  expect(diagnostics.map(({ name, span }) => [name, span?.file.path])).toEqual([
    ['unknown-cluster', 'west/namespace.yaml'],
  ]);
});

it('skips what lies in a directory for other tools, counts it, and refuses it in a file that was named', () => {
  const stray = [
    ['package.json', '{ "name": "shop", "version": "1" }'],
    ['list.yaml', '- a\n- b\n'],
    ['broken.json', '{ // with a comment\n "compilerOptions": {} }'],
    ['both.yaml', '# a note alone\n---\nreplicas: 2\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n'],
    ['nested.yaml', 'spec: { template: { metadata: { labels: { app: web } } } }\n'],
  ].map(([path = '', text = '']) => ({ path, text, isGathered: true }));
  const { value, diagnostics } = parseSources([mesh('prod', 'east'), ...stray]);
  expect(value.objects.map(({ object }) => object.name)).toEqual(['shop']);
  expect(diagnostics.map(({ code, message, notes }) => [code, message, notes[0]?.message])).toEqual([
    [
      'AMB0016',
      '5 documents without any of `apiVersion`, `kind` and `metadata`: not for Kubernetes, and not read',
      'in `both.yaml`, `broken.json`, `list.yaml`, 2 more files',
    ],
  ]);
  const named = parseSources([mesh('prod', 'east'), ...stray.map(({ path, text }) => ({ path, text }))]);
  expect(new Set(named.diagnostics.map(({ span }) => span?.file.path))).toEqual(
    new Set(['package.json', 'list.yaml', 'broken.json', 'both.yaml', 'nested.yaml']),
  );
});

it('keeps what says one of the three fields an error, in a directory too', () => {
  const half = ['kind: Service\n', 'metadata: { name: a }\n', 'apiVersion: v1\nkind: {\n'];
  for (const text of half) {
    const { diagnostics } = parseSources([mesh('prod', 'east'), { path: 'a.yaml', text, isGathered: true }]);
    expect(diagnostics.map(({ severity }) => severity)).toContain('error');
  }
});

it('knows every flag that the model asks for', () => {
  // What the CNI is asked is no flag of istiod.
  const asked = filesBelow('src')
    .filter((path) => path.endsWith('.ts') && !path.endsWith('installation/cni.ts'))
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/'((?:PILOT|AMBIENT|ENABLE)_[A-Z0-9_]+)'/g)])
    .map(([, name = '']) => name);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((name) => !Object.hasOwn(flags, name))).toEqual([]);
});
