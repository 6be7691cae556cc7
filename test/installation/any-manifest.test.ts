import { dump } from 'js-yaml';
import { expect, it } from 'vitest';
import { settleMesh } from '../../src/installation/settle.js';
import { parseSources } from '../../src/parse/parse-sources.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { fc } from '../support/fast-check.js';

const mesh = {
  trustDomain: 'a.b',
  trustDomainAliases: ['c.d'],
  enableAutoMtls: false,
  pathNormalization: { normalization: 'NONE' },
  outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
  discoverySelectors: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }],
  defaultServiceExportTo: ['.'],
  extensionProviders: [{ name: 'opa', envoyExtAuthzHttp: { headersToUpstreamOnAllow: ['x'], statusOnError: '503' } }],
  defaultConfig: { gatewayTopology: { numTrustedProxies: 1, proxyProtocol: {} }, proxyMetadata: { A: 'b' } },
};
const container = {
  name: 'discovery',
  image: 'a/pilot:1.30.1',
  args: ['--domain', 'x'],
  env: [{ name: 'A', value: 'b' }],
};
const values = { meshConfig: mesh, pilot: { env: { PILOT_ENABLE_AMBIENT: true } }, cni: { excludeNamespaces: ['a'] } };

/** One object of each kind that tells of an installation, its MeshConfig as a text where it is one. */
const objects = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'i' }, data: { mesh: dump(mesh) } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio-cni-config' }, data: { EXCLUDE_NAMESPACES: 'a,b' } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'i' },
    spec: { template: { metadata: { labels: { app: 'istiod' } }, spec: { containers: [container] } } },
  },
  { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'a' }, spec: { values } },
  { apiVersion: 'sailoperator.io/v1', kind: 'Istio', metadata: { name: 'a' }, spec: { version: 'v1.30.1', values } },
  { apiVersion: 'sailoperator.io/v1', kind: 'IstioCNI', metadata: { name: 'a' }, spec: { values } },
];

type Path = ReadonlyArray<string | number>;

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, each]) => pathsIn(each, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  const copy: Record<string, unknown> = Object.assign(Array.isArray(value) ? [] : {}, value);
  copy[key] = replaced(copy[key], rest, other);
  return copy;
}

const anything = fc.oneof(
  fc.constantFrom<unknown>(null, '', 'x', 0, -1, true, [], {}, [[]], [null], { a: null }),
  fc.json(),
);
const changed = fc
  .constantFrom(...objects.keys())
  .chain((index) =>
    fc.tuple(
      fc.constant(index),
      fc.constantFrom(...pathsIn(objects[index]).filter((path) => path[0] !== 'kind' && path[0] !== 'apiVersion')),
      anything,
    ),
  );

it('reads any installation without failing, and says of what it is when something is wrong', () => {
  fc.assert(
    fc.property(fc.array(changed, { maxLength: 3 }), (changes) => {
      const all = objects.map((object, index) =>
        changes
          .filter(([at]) => at === index)
          .reduce<unknown>((value, [, path, other]) => replaced(value, path, other), object),
      );
      const { value } = parseSources([
        { path: 'all.json', text: all.map((each) => JSON.stringify(each)).join('\n---\n') },
      ]);
      const settled = settleMesh(value.mesh, value.objects);
      expect(settled.diagnostics.every(({ message }) => !message.includes('undefined'))).toBe(true);
      expect(buildTopology(settled.value, value.objects).value.clusters).toHaveLength(1);
    }),
    { numRuns: 500 },
  );
});

it('reads the same whatever the order of the objects', () => {
  const settle = (order: readonly unknown[]) => {
    const text = order.map((each) => JSON.stringify(each)).join('\n---\n');
    const { value } = parseSources([{ path: 'all.json', text }]);
    // The places of what is open differ with the order, and nothing else does.
    return settleMesh(value.mesh, value.objects).value.clusters.map(({ istio: { open, ...istio } }) => istio);
  };
  fc.assert(
    fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), (order) => {
      expect(settle(order)).toEqual(settle(objects));
    }),
    { numRuns: 30 },
  );
});
