import { expect, it } from 'vitest';
import { isDoubt } from '../../src/diagnostics/doubts.js';
import { type Target, targets } from '../../src/migrate/states/labels-of-state.js';
import { compile, type Deployment, verify } from '../../src/pipeline.js';
import { describeWithShared } from '../support/shared.js';
import { bookinfo, onlineBoutique } from './meshes-of-others.js';
import { midstsOf } from './old-beside-new.js';
import { type Project, planOf } from './planning.js';
import { boutique, handWritten, importedFrom, withAmbient } from './projects.js';

const today = '2026-06-01';

const projects: ReadonlyArray<readonly [string, () => Project]> = [
  ['boutique', () => ({ sources: boutique, reshape: (deployment) => deployment })],
  ['toys', () => importedFrom(handWritten.toys).project],
];

const title = '%s on the way to %s does what the intents say while every restarted workload has old and new pods';

it.each(inBothDirections(projects))(title, (_, target, project) => {
  expect(wrongInMidstsOf(project(), target)).toEqual([]);
});

describeWithShared('meshes that others wrote', () => {
  const meshes: typeof projects = [
    ['Bookinfo', () => importedFrom(bookinfo('virtual-service-reviews-90-10.yaml')).project],
    ['Online Boutique', () => importedFrom(onlineBoutique()).project],
  ];
  it.each(inBothDirections(meshes))(title, (_, target, project) => {
    // No Service leads to the one who generates load, so a rule names its workload; here its old pods are another one.
    const wrong = wrongInMidstsOf(project(), target).filter(
      (text) => !text.includes(' from default/loadgenerator-before '),
    );
    expect(wrong).toEqual([]);
  });
});

function inBothDirections(meshes: typeof projects) {
  return meshes.flatMap(([name, project]) => targets.map((target) => [name, target, project] as const));
}

function wrongInMidstsOf({ sources, reshape }: Project, target: Target): readonly string[] {
  const given = target === 'ambient' ? sources : withAmbient(sources);
  const { topology } = compile(given, { today, reshape, verify: false });
  if (topology === undefined) throw new Error('there is no mesh');
  const midsts = midstsOf(planOf({ sources, reshape }, target).phases);
  expect(midsts.length).toBeGreaterThan(2);
  return midsts.flatMap(({ phase, applied, deployment }) => {
    const midst = (deployed: Deployment) => deployment(reshape(deployed), topology);
    const { diagnostics } = verify(given, { today, reshape: midst, applied });
    const wrong = diagnostics.filter((each) => each.severity === 'error' || isDoubt(each));
    return wrong.map(({ message }) => `${phase.name}: ${message}`);
  });
}

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
