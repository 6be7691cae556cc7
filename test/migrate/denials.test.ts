import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/migrate/plan/phase.js';
import { targets } from '../../src/migrate/states/labels-of-state.js';
import type { Source } from '../../src/pipeline.js';
import { type Project, planOf, told } from './planning.js';
import { askedAndOpen, behindTheirOwn, deniedByHeader, deniedByHeaderAlone, openBut } from './projects.js';

function asIs(sources: readonly Source[]): Project {
  return { sources, reshape: (deployment) => deployment };
}

const deletes = 'to: [{ service: carts, methods: [DELETE] }]';

it.each([
  ['a denial for one caller', asIs(openBut({ carts: `from: [{ service: store/store }], ${deletes}` }))],
  ['a denial for everybody', asIs(openBut({ carts: deletes }))],
  ['a denial for the namespace of the waypoint', asIs(openBut({ carts: `from: [{ namespace: carts }], ${deletes}` }))],
  ['a denial for whoever shows a certificate', asIs(openBut({ carts: `from: [anyAuthenticated], ${deletes}` }))],
] as const)('%s, and all else open: nothing is refused on the way to ambient', (_, project) => {
  const plan = planOf(project, 'ambient');
  expect(told(plan)).toEqual([]);
  // ztunnel sees the port alone of such a denial, so it closes the port only once nobody comes past the waypoint.
  const phases = plan.phases.map(({ name }) => name.slice(3));
  expect(phases.indexOf('guards')).toBeGreaterThan(phases.lastIndexOf('restart'));
  // On the way back those who come past the waypoint are let in by policies at the pods before the first pod has a sidecar.
  const back = planOf(project, 'sidecar');
  expect(told(back)).toEqual([]);
  const reversed = back.phases.map(({ name }) => name.slice(3));
  expect(reversed.indexOf('guards')).toBeLessThan(reversed.indexOf('restart'));
  const [opened] = back.phases.filter(({ commands }) => commands.some(isOfGuard));
  expect(opened?.rollback.files.map(({ path }) => path)).toEqual([expect.stringContaining('carts-guard-deny.yaml')]);
});

function isOfGuard(command: Command): boolean {
  return 'kubectl' in command && command.kubectl === 'delete authorizationpolicy carts-guard-deny --namespace carts';
}

it('a denial by a header, of which ztunnel knows nothing, is guarded while its pods are ambient', () => {
  const project = asIs(deniedByHeader);
  const plan = planOf(project, 'ambient');
  const phases = plan.phases.map(({ name }) => name.slice(3));
  expect(phases.slice(phases.indexOf('labels'))).toEqual(['labels', 'restart', 'guards', 'restart', 'cleanup']);
  expect(told(plan)).toEqual([]);
  const back = planOf(project, 'sidecar');
  const reversed = back.phases.map(({ name }) => name.slice(3));
  expect(reversed.slice(reversed.indexOf('labels'), reversed.indexOf('unbinding'))).toEqual([
    'labels',
    'restart',
    'guards',
    'restart',
  ]);
  expect(told(back)).toEqual([]);
});

it.each(targets)('where nobody else may call, nothing comes past the waypoint on the way to %s either', (target) => {
  const plan = planOf(asIs(deniedByHeaderAlone), target);
  expect(told(plan)).toEqual([]);
  expect(plan.phases.map(({ name }) => name.slice(3))).toContain('guards');
});

describe('a waypoint of their own, before Services that have guards on either plane', () => {
  it.each(targets)('nothing is refused on the way to %s', (target) => {
    expect(told(planOf(asIs(behindTheirOwn), target))).toEqual([]);
  });
});

it('two whom everybody calls call each other, for all that is known', () => {
  const plan = planOf(
    asIs(openBut({ carts: deletes, store: 'to: [{ service: store, methods: [DELETE] }]' })),
    'ambient',
  );
  expect(plan.waves.flatMap(({ restarts }) => restarts.flatMap(({ circles }) => circles))).toHaveLength(1);
  expect(new Set(told(plan).map((text) => text.slice(0, 7)))).toEqual(new Set(['AMB7132']));
});

describe('a guard beside what an external authorizer is asked', () => {
  const project = asIs(askedAndOpen);

  it('stands from the first ambient pod on, and closes the Service to nobody but to its own pods meanwhile', () => {
    const plan = planOf(project, 'ambient');
    const phases = plan.phases.map(({ name }) => name.slice(3));
    expect(phases.indexOf('guards')).toBeGreaterThan(phases.indexOf('enrolment'));
    expect(phases.indexOf('guards')).toBeLessThan(phases.lastIndexOf('restart'));
    expect(told(plan)).toEqual([
      expect.stringMatching(
        /^AMB7134 from 06-enrolment until 09-restart: .* can say it\): it is asked about more than once/,
      ),
      expect.stringMatching(
        /^AMB7132 from 08-guards until 09-restart: .* anything from carts\/carts to carts\/carts:80/,
      ),
    ]);
  });

  it('goes with the last ambient pod on the way back', () => {
    expect(told(planOf(project, 'sidecar'))).toEqual([
      expect.stringMatching(
        /^AMB7132 from 04-restart until 05-guards: .* anything from carts\/carts to carts\/carts:80/,
      ),
      expect.stringMatching(
        /^AMB7134 from 04-restart until 06-unbinding: .* can say it\): it is asked about more than once/,
      ),
    ]);
  });

  it('leaves nothing unknown where the Mesh document says that the authorizer adds nothing', () => {
    const said = askedAndOpen.map(({ path, text }) => ({
      path,
      text: text.replace('{ name: opa }', '{ name: opa, headersToUpstreamOnAllow: [] }'),
    }));
    for (const target of targets) {
      expect(told(planOf(asIs(said), target)).map((text) => text.slice(0, 7))).toEqual(['AMB7132']);
    }
  });
});

it('a Service that asks already for a waypoint to come is called through it only as its policies say', () => {
  const ambientStore = (text: string) => text.replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient');
  const asking = (text: string) =>
    text.replace('name: carts, namespace: carts }\nspec:\n  selector: { app', (found) =>
      found.replace('carts }', 'carts, labels: { istio.io/use-waypoint: waypoint } }'),
    );
  const sources = openBut({ carts: `from: [{ service: store/store }], ${deletes}` }).map(({ path, text }) => ({
    path,
    text: path === 'store.yaml' ? ambientStore(text) : path === 'carts.yaml' ? asking(text) : text,
  }));
  expect(sources.some(({ text }) => text.includes('use-waypoint'))).toBe(true);
  const plan = planOf(asIs(sources), 'ambient');
  expect(plan.phases.map(({ name }) => name.slice(3))).toContain('waypoints');
  expect(told(plan)).toEqual([]);
});
