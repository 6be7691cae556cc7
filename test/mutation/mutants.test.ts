import { afterAll, describe, expect, it } from 'vitest';
import { type Fate, trialOf, wrongsOf } from '../support/mutants/explain.js';
import { mutantsOf } from '../support/mutants/mutation.js';
import { mutations } from '../support/mutants/mutations.js';
import { subjects } from '../support/mutants/subject.js';
import { isExplained } from '../support/mutants/survivors.js';
import { addTo, countsFor, isInSample, tableOf } from '../support/mutants/table.js';

// AMBIT_MUTANTS=all tries every mutant, with more requests for each, and prints the table of docs/verification.md.
const all = process.env.AMBIT_MUTANTS === 'all';
const limit = all ? 6_000 : 600;
const counts = countsFor(mutations);
const columns: readonly Fate[] = ['refuted', 'refused', 'doubted', 'same', 'open', 'unexplained'];

describe.each(subjects().map((subject) => ({ name: subject.name, subject })))('$name', ({ name, subject }) => {
  it('does what the intents say, request by request', () => {
    expect(wrongsOf(subject, limit * 4)).toEqual([]);
  });

  it('is told from every mutant that is not as good', () => {
    const judge = trialOf(subject, limit);
    const mutants = mutantsOf(subject.emitted, subject.resolved.topology, mutations).filter(
      (mutant) => all || isInSample(name, mutant, 5),
    );
    const found = mutants.map((mutant) => ({ mutant, verdict: judge(mutant) }));
    for (const { mutant, verdict } of found) addTo(counts, mutant.kind, verdict.fate);
    const unexplained = found.filter(({ mutant, verdict }) => !isExplained(mutant.kind, verdict.fate));
    expect(
      unexplained.map(({ mutant, verdict }) => `${mutant.kind}, ${mutant.what}: ${verdict.fate} ${verdict.because}`),
    ).toEqual([]);
  });
});

afterAll(() => {
  if (all) console.info(tableOf(counts, columns));
});
