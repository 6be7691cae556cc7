import { expect, it } from 'vitest';
import { isDoubt } from '../../src/diagnostics/doubts.js';
import { targets } from '../../src/migrate/states/labels-of-state.js';
import { compile, type Deployment, verify } from '../../src/pipeline.js';
import { midstsOf } from './old-beside-new.js';
import { type Project, planOf } from './planning.js';
import { boutique, handWritten, importedFrom, withAmbient } from './projects.js';

const today = '2026-06-01';

const projects: ReadonlyArray<readonly [string, () => Project]> = [
  ['boutique', () => ({ sources: boutique, reshape: (deployment) => deployment })],
  ['toys', () => importedFrom(handWritten.toys).project],
];

it.each(projects.flatMap(([name, project]) => targets.map((target) => [name, target, project] as const)))(
  '%s on the way to %s does what the intents say while every restarted workload has old and new pods',
  (_, target, project) => {
    const { sources, reshape } = project();
    const given = target === 'ambient' ? sources : withAmbient(sources);
    const { topology } = compile(given, { today, reshape, verify: false });
    if (topology === undefined) throw new Error('there is no mesh');
    const midsts = midstsOf(planOf({ sources, reshape }, target).phases);
    expect(midsts.length).toBeGreaterThan(2);
    for (const { phase, applied, deployment } of midsts) {
      const midst = (deployed: Deployment) => deployment(reshape(deployed), topology);
      const { diagnostics } = verify(given, { today, reshape: midst, applied });
      const wrong = diagnostics.filter((each) => each.severity === 'error' || isDoubt(each));
      expect([phase.name, ...wrong.map(({ message }) => message)]).toEqual([phase.name]);
    }
  },
);

it('has both pods of a workload in the midst of its restart', () => {
  const { topology } = compile(boutique, { today, verify: false });
  if (topology === undefined) throw new Error('there is no mesh');
  const plan = planOf({ sources: boutique, reshape: (deployment) => deployment }, 'ambient');
  const planes = midstsOf(plan.phases).map(({ deployment }) => {
    const midst = compile(boutique, { today, reshape: (given) => deployment(given, topology), verify: false });
    return midst.topology?.clusters.flatMap(({ workloads }) =>
      [...workloads].map(([key, { mode }]) => `${key} ${mode.plane}`),
    );
  });
  expect(planes[0]).toEqual(expect.arrayContaining(['store/store ambient', 'store/store-before sidecar']));
});
