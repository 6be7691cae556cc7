import { describe, expect, it } from 'vitest';
import { totalOf } from '../../src/adopt/fates.js';
import { isProved } from '../../src/adopt/import-objects.js';
import { targets } from '../../src/migrate/states/labels-of-state.js';
import { once } from '../../src/util/once.js';
import { rulesIn } from '../adopt/adopting.js';
import { type Project, pageOfMigrating, planOf, rowOfCost, told } from './planning.js';
import { handWritten, importedFrom, laboratory, scienceNamed } from './projects.js';

const imported = {
  bookshop: importedFrom(handWritten.bookshop),
  toys: importedFrom(handWritten.toys),
  science: importedFrom(handWritten.science),
  laboratory: importedFrom(handWritten.laboratory),
};

const projects: Readonly<Record<string, Project>> = {
  bookshop: imported.bookshop.project,
  toys: imported.toys.project,
  science: importedFrom(scienceNamed).project,
  laboratory: imported.laboratory.project,
  'laboratory from intents': { sources: laboratory, reshape: (deployment) => deployment },
};

const plans = Object.fromEntries(
  Object.entries(projects).map(([name, project]) => [name, once(() => planOf(project, 'ambient'))]),
);

describe('YAML with sidecars that somebody wrote by hand', () => {
  it.each(['bookshop', 'toys', 'science', 'laboratory'] as const)(
    '%s is imported and proved equal, and each rule is counted',
    (name) => {
      const { fates, round } = imported[name].imported;
      expect(isProved(round)).toBe(true);
      const { said, merged, dead, left } = totalOf(fates);
      expect(said + merged + dead + left).toBe(rulesIn(handWritten[name]));
      if (name !== 'science') expect(left).toBe(0);
    },
  );
});

describe.each(Object.keys(projects))('%s', (name) => {
  it.each(targets)('moves to %s without a request that is decided otherwise', (target) => {
    const project = projects[name];
    const plan = target === 'ambient' ? plans[name]?.() : project && planOf(project, target);
    expect(plan && told(plan)).toEqual([]);
    expect(plan?.states).toBeGreaterThan(12);
  });

  it('costs what docs/migrating.md says', () => {
    const plan = plans[name]?.();
    expect(pageOfMigrating).toContain(plan && rowOfCost(name.replace(' from intents', ''), plan));
  });
});
