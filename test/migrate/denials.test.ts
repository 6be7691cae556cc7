import { expect, it } from 'vitest';
import type { Source } from '../../src/pipeline.js';
import { type Project, planOf, told } from './planning.js';
import { boutique } from './projects.js';

/** Everybody may call the carts and the store, but for what is denied of requests. */
function open(deny: Readonly<Record<string, string>>): Project {
  const sources: readonly Source[] = [
    ...boutique.filter(({ path }) => ['mesh.yaml', 'store.yaml', 'carts.yaml', 'goods.yaml'].includes(path)),
    ...Object.entries(deny).map(([name, rule]) => ({
      path: `intents/${name}.yaml`,
      text: `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: ${name} }
spec:
  scope: { namespace: ${name} }
  mtls: { mode: Strict }
  authorization: { default: Allow, deny: [{ name: not-these, ${rule} }] }
`,
    })),
  ];
  return { sources, reshape: (deployment) => deployment };
}

const deletes = 'to: [{ service: carts, methods: [DELETE] }]';

it.each([
  ['a denial for one caller', open({ carts: `from: [{ service: store/store }], ${deletes}` })],
  ['a denial for everybody', open({ carts: deletes })],
] as const)('%s, and all else open: nothing is refused on the way to ambient', (_, project) => {
  const plan = planOf(project, 'ambient');
  expect(told(plan)).toEqual([]);
  // ztunnel sees the port alone of such a denial, so it closes the port only once nobody comes past the waypoint.
  const phases = plan.phases.map(({ name }) => name.slice(3));
  expect(phases.indexOf('guards')).toBeGreaterThan(phases.lastIndexOf('restart'));
});

it('two whom everybody calls call each other, for all that is known', () => {
  const plan = planOf(open({ carts: deletes, store: 'to: [{ service: store, methods: [DELETE] }]' }), 'ambient');
  expect(plan.waves.flatMap(({ restarts }) => restarts.flatMap(({ circles }) => circles))).toHaveLength(1);
  expect(new Set(told(plan).map((text) => text.slice(0, 7)))).toEqual(new Set(['AMB7132']));
});

it('a guard beside what an external authorizer is asked does not wait: nothing is let past it on the way', () => {
  const asked = boutique.flatMap(({ path, text }): readonly Source[] => {
    if (path === 'mesh.yaml') {
      const provided = text.replace(
        'sidecarsListenHbone: true',
        'sidecarsListenHbone: true, extensionProviders: [{ name: opa }]',
      );
      return [{ path, text: provided }];
    }
    return ['store.yaml', 'carts.yaml'].includes(path) ? [{ path, text }] : [];
  });
  const intents = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: carts }
spec:
  scope: { namespace: carts }
  mtls: { mode: Strict }
  authorization:
    default: Allow
    external: [{ name: asked, provider: opa, to: [{ service: carts, methods: [POST] }] }]
`;
  const sources = [...asked, { path: 'intents/carts.yaml', text: intents }];
  const found = told(planOf({ sources, reshape: (deployment) => deployment }, 'ambient'));
  expect(found.filter((text) => /^AMB713[13]/.test(text))).toEqual([]);
  // Who comes past the waypoint is refused meanwhile.
  expect(found.filter((text) => text.startsWith('AMB7132'))).not.toEqual([]);
});
