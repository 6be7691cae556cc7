import { afterAll, describe, expect, it } from 'vitest';
import { mutantsOf } from '../support/mutants/mutation.js';
import { type Fate, judgeOf } from '../support/mutants/routes/judge.js';
import { routeMutations } from '../support/mutants/routes/mutations.js';
import { routeSubjects, topologyWith } from '../support/mutants/routes/subject.js';
import { isExplained } from '../support/mutants/routes/survivors.js';
import { addTo, countsFor, isInSample, tableOf } from '../support/mutants/table.js';

// AMBIT_MUTANTS=all tries every mutant, and prints the table of docs/verification.md.
const all = process.env.AMBIT_MUTANTS === 'all';
const limit = all ? 1_000 : 300;
const counts = countsFor(routeMutations);
const columns: readonly Fate[] = ['sets', 'doubted', 'traced', 'said', 'unread', 'same', 'unexplained'];

describe.each(routeSubjects().map((subject) => ({ name: subject.name, subject })))('$name', ({ name, subject }) => {
  it('answers otherwise for every mutant that is not the same', () => {
    const judge = judgeOf(subject, limit);
    const mutants = mutantsOf(subject.routing, topologyWith(subject, subject.routing), routeMutations);
    const tried = mutants.filter((mutant) => all || isInSample(name, mutant, 16));
    const found = tried.map((mutant) => ({ mutant, verdict: judge(mutant) }));
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
