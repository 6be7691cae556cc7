import { expect, it } from 'vitest';
import { parseSources } from '../../src/parse/parse-sources.js';
import { compile } from '../../src/pipeline.js';

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
