import { expect, it } from 'vitest';
import { prove } from '../../src/proof/prove.js';
import { fc } from '../support/fast-check.js';
import { variedSources } from '../support/generate/varied.js';
import { meshWith } from '../support/mutants/judge.js';
import { mutantsOf } from '../support/mutants/mutation.js';
import { mutations } from '../support/mutants/mutations.js';
import { subjectOf } from '../support/mutants/subject.js';

// AMBIT_RUNS and AMBIT_SEED choose a longer run, or another.
const numRuns = Number(process.env.AMBIT_RUNS ?? 30);
const seed = Number(process.env.AMBIT_SEED ?? 1);

it('workloads that are compared once for many are told apart by no comparison', () => {
  fc.assert(
    fc.property(variedSources, fc.nat(), (sources, choice) => {
      const subject = subjectOf('generated', sources, '2026-06-01');
      fc.pre(subject !== undefined);
      const mutants = mutantsOf(subject.emitted, subject.resolved.topology, mutations);
      fc.pre(mutants.length > 0);
      const mesh = meshWith(subject, mutants[choice % mutants.length]?.files ?? subject.emitted);
      const answer = (groups: boolean) => {
        const { workloads, lanes, ...found } = prove(mesh, subject.resolved, { isExisting: () => false, groups });
        const differences = found.differences.map(({ kind, witness, requests }) => [kind, witness, requests]);
        return { workloads, lanes, differences, doubts: found.doubts.map(({ fact }) => fact) };
      };
      expect(answer(true)).toEqual(answer(false));
    }),
    { seed, numRuns },
  );
});
