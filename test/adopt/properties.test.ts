import { load, loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import { totalOf } from '../../src/adopt/fates.js';
import { importObjects, isProved } from '../../src/adopt/import-objects.js';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import type { Source } from '../../src/parse/parse-sources.js';
import { compile } from '../../src/pipeline.js';
import { fc } from '../support/fast-check.js';
import { existingObjects } from '../support/generate/existing.js';
import { clusterName, manifestsOf, meshDocument, smallMesh } from '../support/generate/mesh.js';
import { writtenTraffic } from '../support/generate/written-traffic.js';
import { smallProject } from '../support/generate.js';
import { importFrom, rulesIn, streamOf, textsOf } from './adopting.js';

const today = '2026-06-01';

/** Whatever is imported is proved, and every rule is accounted for. */
function expectKept(sources: readonly Source[]): void {
  const { value, diagnostics } = importObjects(sources, { today, directory: 'intents', isAsMeant: false });
  if (value === undefined) {
    expect(hasErrors(diagnostics)).toBe(true);
    return;
  }
  const { said, merged, dead, left } = totalOf(value.fates);
  expect(isProved(value.round)).toBe(true);
  expect(Math.min(said, merged, dead, left)).toBeGreaterThanOrEqual(0);
  expect(said + merged + dead + left).toBe(rulesIn(sources));
}

const written = smallMesh.chain((mesh) =>
  existingObjects(mesh).map((objects) => [
    { path: 'mesh.yaml', text: streamOf([meshDocument(mesh)]) },
    { path: 'manifests.yaml', text: streamOf([...manifestsOf(mesh), ...objects]), cluster: clusterName },
  ]),
);

it('imports any policies so that nothing changes, or leaves them', () => {
  fc.assert(fc.property(written, expectKept), { numRuns: 15 });
}, 120_000);

const strict = {
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
  metadata: { name: 'default', namespace: 'istio-system' },
  spec: { mtls: { mode: 'STRICT' } },
};

const peers = fc.oneof(
  fc.constantFrom('cart', 'ledger', 'stock').map((app) => ({ podSelector: { matchLabels: { app } } })),
  fc.constantFrom('shop', 'ops', 'payments').map((name) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
  })),
  fc.constant({ namespaceSelector: {} }),
);

const ingress = fc.record(
  {
    from: fc.array(peers, { minLength: 1, maxLength: 2 }),
    ports: fc.constantFrom([{ port: 8080 }], [{ port: 8080 }, { port: 15008 }], [{ port: 5432 }]),
  },
  { requiredKeys: [] },
);

const guarded = smallMesh.chain((mesh) => {
  const networkPolicy = fc.record({
    namespace: fc.constantFrom(...mesh.namespaces.map(({ name }) => name)),
    podSelector: fc.constantFrom({}, { matchLabels: { app: 'cart' } }, { matchLabels: { app: 'ledger' } }),
    ingress: fc.array(ingress, { maxLength: 2 }),
  });
  return fc
    .tuple(existingObjects(mesh), fc.array(networkPolicy, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([objects, policies, isStrict]) => {
      const written = policies.map(({ namespace, ...spec }, index) => ({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: `callers-${index}`, namespace },
        spec: { policyTypes: ['Ingress'], ...spec },
      }));
      const all = [...manifestsOf(mesh), ...(isStrict ? [strict] : objects), ...written];
      return [
        { path: 'mesh.yaml', text: streamOf([meshDocument(mesh)]) },
        { path: 'manifests.yaml', text: streamOf(all), cluster: clusterName },
      ];
    });
});

it('says callers of any NetworkPolicies so that nothing changes, and the same again beside what it wrote', () => {
  const property = fc.property(guarded, (sources) => {
    expectKept(sources);
    const imported = importFrom(sources);
    const replaced = [...imported.round.replaced].filter((key) => key.startsWith('NetworkPolicy'));
    expect(replaced).toEqual([]);
    const intents = imported.round.files.map(({ path, text }) => ({ path: `intents/${path}`, text }));
    expect(textsOf(importFrom([...sources, ...intents]))).toEqual(textsOf(imported));
  });
  fc.assert(property, { numRuns: 10 });
}, 240_000);

const routed = smallMesh.chain((mesh) =>
  fc.tuple(existingObjects(mesh), writtenTraffic(mesh)).map(([policies, traffic]) => ({
    given: [
      { path: 'mesh.yaml', text: streamOf([meshDocument(mesh)]) },
      { path: 'manifests.yaml', text: streamOf(manifestsOf(mesh)), cluster: clusterName },
    ],
    written: [...policies, ...traffic],
  })),
);

it('imports any routes beside policies, in whatever order they are written, and the same again beside what it wrote', () => {
  const property = fc.property(routed, ({ given, written: objects }) => {
    const sources = [...given, { path: 'written.yaml', text: streamOf(objects), cluster: clusterName }];
    expectKept(sources);
    const imported = importFrom(sources);
    const reversed = [...given, { path: 'written.yaml', text: streamOf([...objects].reverse()), cluster: clusterName }];
    expect(textsOf(importFrom(reversed))).toEqual(textsOf(imported));
    const intents = imported.round.files.map(({ path, text }) => ({ path: `intents/${path}`, text }));
    expect(textsOf(importFrom([...sources, ...intents]))).toEqual(textsOf(imported));
  });
  fc.assert(property, { numRuns: 6 });
}, 240_000);

it('imports what was compiled from any intents, as if somebody had written it', () => {
  const property = fc.property(smallProject, ({ meshText, manifestsText, intentsText }) => {
    const manifests = { path: 'manifests.yaml', text: manifestsText, cluster: clusterName };
    const mesh = { path: 'mesh.yaml', text: meshText };
    const { files } = compile([mesh, manifests, { path: 'intents.yaml', text: intentsText }], { today });
    const policies = files
      .filter(({ text }) => text.includes('apiVersion: security.istio.io'))
      .map(({ text }) => byHand(text));
    expectKept([mesh, manifests, { path: 'policies.yaml', text: policies.join('---\n'), cluster: clusterName }]);
  });
  fc.assert(property, { numRuns: 10 });
}, 120_000);

/** An object of Ambit's without what says so. */
function byHand(text: string): string {
  const object = Object(load(text));
  const { labels, annotations, ...metadata } = object.metadata;
  expect(loadAll(text)).toHaveLength(1);
  return streamOf([{ ...object, metadata }]);
}
