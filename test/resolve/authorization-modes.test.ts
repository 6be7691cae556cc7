import { describe, expect, it } from 'vitest';
import { compile } from '../../src/pipeline.js';
import { whereNearest } from '../../src/resolve/nearest-modes.js';
import type { BoundScope, ResolvedRule } from '../../src/resolve/resolved.js';
import type { Resolved } from '../../src/resolve/resolved-intents.js';
import { goldenCases } from '../support/cases.js';

const golden = goldenCases().find(({ name }) => name === 'placement/modes-on-sidecars');
const manifests = golden?.sources.filter(({ path }) => !path.endsWith('intents.yaml')) ?? [];

const group = `---
apiVersion: ambit.dev/v1alpha1
kind: CallerGroup
metadata: { name: testers }
spec: { members: [{ workload: web/shop }, { workload: ops/admin }] }
`;

function settings(scope: string, authorization: string): string {
  return `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: own }
spec: { scope: ${scope}, mtls: { mode: Strict }, authorization: ${authorization} }
${group}`;
}

function specsOf(text: string) {
  const { manifests: written, diagnostics } = compile([...manifests, { path: 'own.yaml', text }]);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return written.map(({ object: { kind, metadata, spec } }) => ({ kind, name: metadata.name, spec }));
}

const everyone = '{ namespace: books }, { namespace: web }, { namespace: ops }';
const spelledOut = [
  { scope: '{ namespace: books }', mode: 'mode: Disabled', rules: 'default: Allow' },
  {
    scope: '{ namespace: books }',
    mode: 'mode: Cluster',
    rules: 'default: Deny, allow: [{ name: all, from: [anyAuthenticated] }]',
  },
  {
    scope: '{ namespace: books }',
    mode: 'mode: Namespace',
    rules: 'default: Deny, allow: [{ name: all, from: [{ namespace: books }] }]',
  },
  {
    scope: '{ service: books/catalog }',
    mode: 'mode: Group, group: testers',
    rules: 'default: Deny, allow: [{ name: all, from: [{ group: testers }] }]',
  },
  {
    scope: '{ workload: books/reviews-v1 }',
    mode: 'mode: Rules, allow: [{ name: all, from: [{ workload: web/shop }] }]',
    rules: 'default: Deny, allow: [{ name: all, from: [{ workload: web/shop }] }]',
  },
  {
    scope: 'mesh',
    mode: `mode: Cluster, deny: [{ name: none, from: [${everyone}], to: [{ service: books/catalog }] }]`,
    rules: `default: Deny, allow: [{ name: all, from: [anyAuthenticated] }], deny: [{ name: none, from: [${everyone}], to: [{ service: books/catalog }] }]`,
  },
  {
    scope: 'mesh',
    mode: 'mode: Namespace',
    rules: `default: Deny, allow: [${['books', 'web', 'ops'].map((name) => `{ name: ${name}, from: [{ namespace: ${name} }], to: [{ namespace: ${name} }] }`).join(', ')}]`,
  },
];

describe('a mode of authorization', () => {
  it.each(spelledOut)('$mode of $scope is written as its default and its rule are', ({ scope, mode, rules }) => {
    const written = specsOf(settings(scope, `{ ${mode} }`));
    expect(written.length).toBeGreaterThan(0);
    expect(written).toEqual(specsOf(settings(scope, `{ ${rules} }`)));
  });
});

describe('where the rule of a mode holds', () => {
  const workload = {
    cluster: 'east',
    namespace: 'books',
    name: 'catalog',
    services: ['books/catalog'],
    mode: { plane: 'sidecar' },
  };
  const target = { destination: { id: 'east/books/catalog', workloads: [workload] } };
  const mesh = { scope: { kind: 'mesh' }, targets: [target] } as unknown as ResolvedRule;
  const namespace = { kind: 'namespace', namespace: 'books' } as const;
  const service = { kind: 'service', namespace: 'books', name: 'catalog' } as const;
  const said = (...scopes: readonly BoundScope[]) =>
    scopes.map((scope) => ({ scope })) as unknown as Resolved['defaults'];
  const held = (scope: BoundScope, value: 'Replace' | 'Stricter') =>
    [{ scope, value }] as unknown as Resolved['inheritances'];

  it('is nearest, whatever is said of others', () => {
    expect(whereNearest([mesh], { defaults: said({ kind: 'mesh' }), inheritances: [] })).toHaveLength(1);
    expect(whereNearest([mesh], { defaults: said({ ...namespace, namespace: 'web' }), inheritances: [] })).toHaveLength(
      1,
    );
    expect(whereNearest([mesh], { defaults: said({ kind: 'mesh' }, namespace), inheritances: [] })).toEqual([]);
  });

  it('is also under a scope that only takes away', () => {
    const defaults = said({ kind: 'mesh' }, namespace, service);
    expect(whereNearest([mesh], { defaults, inheritances: held(namespace, 'Stricter') })).toHaveLength(1);
    expect(whereNearest([mesh], { defaults, inheritances: held(service, 'Stricter') })).toEqual([]);
    expect(whereNearest([mesh], { defaults, inheritances: held(namespace, 'Replace') })).toEqual([]);
  });
});
