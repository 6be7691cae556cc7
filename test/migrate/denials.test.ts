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
  expect(plan.waves.flatMap(({ restarts }) => restarts.filter(({ isCircle }) => isCircle))).toHaveLength(1);
  expect(new Set(told(plan).map((text) => text.slice(0, 7)))).toEqual(new Set(['AMB7132']));
});
