import { expect, it } from 'vitest';
import { fc } from '../support/fast-check.js';
import { inheritedSources } from '../support/generate/inherited.js';
import { mistakesOf, wrongsOf } from '../support/mutants/explain.js';
import { judge } from '../support/mutants/judge.js';
import { subjectOf } from '../support/mutants/subject.js';

// AMBIT_RUNS and AMBIT_SEED choose a longer run, or another.
const numRuns = Number(process.env.AMBIT_RUNS ?? 30);
const seed = Number(process.env.AMBIT_SEED ?? 1);

it('what scopes take over from each other is decided as the intents read', () => {
  fc.assert(
    fc.property(inheritedSources, (sources) => {
      const subject = subjectOf('generated', sources, '2026-06-01');
      fc.pre(subject !== undefined);
      const judgement = judge(subject, subject.emitted);
      // A rule that denies what a mandate allows is refused before anything is compared.
      fc.pre(judgement.kind !== 'refused');
      const found =
        judgement.kind === 'refuted' ? mistakesOf(subject, subject.emitted, judgement) : wrongsOf(subject, 1_500);
      expect(found).toEqual([]);
    }),
    { seed, numRuns },
  );
});
