import { expect, it } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { State } from '../../src/migrate/plan/phase.js';
import { makePlan } from '../../src/migrate/plan/plan.js';
import { findingsIn, isOfState, type Subject } from '../../src/migrate/plan/prove-state.js';
import { boundIn, keyOfBound } from '../../src/migrate/states/bindings.js';
import { targets } from '../../src/migrate/states/labels-of-state.js';
import { deploymentAt } from '../../src/migrate/states/moment.js';
import { compile, type Deployment, type Source, verify } from '../../src/pipeline.js';
import { keyInMesh, keyOf, type Topology } from '../../src/topology/model.js';
import { newMemory } from '../../src/util/memory.js';
import { circle } from '../migrate/projects.js';
import { fc } from '../support/fast-check.js';
import { variedSources } from '../support/generate/varied.js';
import { projectSources } from '../support/property-projects.js';

// AMBIT_RUNS and AMBIT_SEED choose a longer run, or another.
const numRuns = Number(process.env.AMBIT_RUNS ?? 20);
const seed = Number(process.env.AMBIT_SEED ?? 1);

const today = '2026-06-01';

interface Journey extends Pick<Subject, 'sources' | 'topology' | 'resolved'> {
  readonly states: readonly State[];
}

it.each([
  ['rules of every sort', variedSources],
  ['routes', projectSources],
])('a state is proved as if it were the first: %s', (_, projects) => {
  const found = new Set<string>();
  fc.assert(
    fc.property(projects.filter(areBound).chain(journeys), ({ states, ...known }) => {
      const memory = newMemory();
      const subject = { ...known, today, reshape: <T>(each: T) => each };
      for (const state of states) {
        const findings = findingsIn({ ...subject, memory }, state);
        expect(findings.map(told)).toEqual(findingsIn({ ...subject, memory: newMemory() }, state).map(told));
        for (const { code } of findings) found.add(code);
      }
    }),
    { seed, numRuns },
  );
  expect([...found]).toContain('AMB5002');
});

it.each([
  ['rules of every sort', variedSources],
  ['routes', projectSources],
])('intents that were bound before anything moved say of a state what they say bound there: %s', (_, projects) => {
  fc.assert(
    fc.property(projects.filter(areBound).chain(journeys), ({ states, ...known }) => {
      const subject = { ...known, today, reshape: <T>(each: T) => each, memory: newMemory() };
      for (const state of states) {
        const { moment, applied } = state;
        const reshape = (deployment: Deployment) => deploymentAt(deployment, subject.topology, moment);
        const { diagnostics, topology } = verify(subject.sources, { today, reshape, applied });
        // What falls out of the mesh is still held to what was promised of it.
        const isInMesh = isAboutMesh(topology);
        const findings = findingsIn(subject, state).filter(isInMesh);
        const boundThere = diagnostics.filter(isOfState).filter(isInMesh);
        expect(findings.map(told).sort()).toEqual(boundThere.map(told).sort());
      }
    }),
    { seed, numRuns },
  );
});

it('what was proved once all had moved does not stand for a state in which only some have', () => {
  const sources = circle(false);
  const { value: plan } = makePlan(sources, { target: 'ambient', namespaces: [], today });
  const { topology, resolved } = compile(sources, { today });
  if (plan === undefined || !topology || !resolved) throw new Error('there is a plan');
  const states = plan.phases.flatMap((phase) => phase.states).toReversed();
  const subject = { sources, topology, resolved, today, reshape: <T>(each: T) => each };
  const memory = newMemory();
  const found = states.map((state) => findingsIn({ ...subject, memory }, state).map(told));
  expect(found).toEqual(states.map((state) => findingsIn({ ...subject, memory: newMemory() }, state).map(told)));
  expect(found.filter(({ length }) => length > 0)).toHaveLength(2);
});

function isAboutMesh(topology: Topology | undefined): (found: Diagnostic) => boolean {
  const workloads = topology?.clusters.flatMap((cluster) => [...cluster.workloads.values()]) ?? [];
  const outside = new Set(workloads.filter(({ mode }) => mode.plane === 'none').map(keyOf));
  return ({ parameters }) => !outside.has(String(parameters.workload));
}

function areBound(sources: readonly Source[]): boolean {
  return compile(sources, { today }).resolved !== undefined;
}

/** What is in force at some moments, one change from another: a pod on the other plane, a namespace labelled, a file missing. */
function journeys(sources: readonly Source[]): fc.Arbitrary<Journey> {
  const { topology, resolved, judged } = compile(sources, { today });
  if (!topology || !resolved) throw new Error('the names of the intents are bound');
  const { clusters } = topology;
  const workloads = clusters.flatMap((each) => [...each.workloads.values()]);
  const namespaces = clusters.flatMap(({ name, ...each }) =>
    [...each.namespaces.keys()].map((key) => `${name}/${key}`),
  );
  const bound = clusters.flatMap((cluster) => boundIn(cluster).map(keyOfBound));
  return fc.constantFrom(...targets).chain((target) => {
    const from = target === 'ambient' ? 'sidecar' : 'ambient';
    const moving = workloads.filter(({ mode }) => mode.plane === from).map(keyInMesh);
    const state: fc.Arbitrary<State> = fc.record({
      title: fc.constant('some of it'),
      moment: fc.record({
        target: fc.constant(target),
        asking: fc.constantFrom('namespaces', 'pods'),
        labelled: upTo(1, namespaces),
        settled: fc.constant(new Set<string>()),
        moving: fc.constant(new Set(moving)),
        moved: fc.oneof(upTo(1, moving), upTo(moving.length, moving)),
        unbound: upTo(1, bound),
      }),
      applied: upTo(1, judged).map((missing) => judged.filter((file) => !missing.has(file))),
    });
    return fc.array(state, { minLength: 3, maxLength: 8 }).map((states) => ({ sources, topology, resolved, states }));
  });
}

function upTo<T>(count: number, all: readonly T[]): fc.Arbitrary<ReadonlySet<T>> {
  return fc.subarray([...all], { maxLength: Math.min(count, all.length) }).map((some) => new Set(some));
}

function told({ span, ...rest }: ReturnType<typeof findingsIn>[number]) {
  return JSON.stringify([span && [span.file.path, span.start, span.end], rest], (key, value) =>
    key === 'file' ? Object(value).path : value,
  );
}
