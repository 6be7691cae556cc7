import { expect, it } from 'vitest';
import type { Source } from '../../src/pipeline.js';
import { fc } from '../support/fast-check.js';
import { securedSources } from '../support/generate/secured.js';
import { mistakesOf, wrongsOf } from '../support/mutants/explain.js';
import { judge } from '../support/mutants/judge.js';
import { subjectOf } from '../support/mutants/subject.js';

// AMBIT_RUNS and AMBIT_SEED choose a longer run, or another.
const numRuns = Number(process.env.AMBIT_RUNS ?? 30);
const seed = Number(process.env.AMBIT_SEED ?? 1);

it('tokens, exceptions, groups, authorizers, modes, gateways, egress and stages are decided as the intents read', () => {
  fc.assert(
    fc.property(securedSources, (sources) => {
      const subject = subjectOf('generated', sources, '2026-06-01');
      fc.pre(subject !== undefined);
      const judgement = judge(subject, subject.emitted);
      const found =
        judgement.kind === 'refuted' ? mistakesOf(subject, subject.emitted, judgement) : wrongsOf(subject, 1_500);
      expect([judgement.kind === 'refused', ...found], folderOf(sources)).toEqual([false]);
    }),
    { seed, numRuns },
  );
});

/** A failure as a folder of golden/: each file below its name. */
function folderOf(sources: readonly Source[]): string {
  return sources.map(({ path, text }) => `--- ${path}\n${text}`).join('\n');
}
