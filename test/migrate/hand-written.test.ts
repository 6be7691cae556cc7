import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { totalOf } from '../../src/adopt/fates.js';
import { isProved } from '../../src/adopt/import-objects.js';
import { gapDiagnostic } from '../../src/migrate/plan/gaps.js';
import { type MigrationPlan, makePlan } from '../../src/migrate/plan/plan.js';
import { type Target, targets } from '../../src/migrate/states/labels-of-state.js';
import type { Reshape, Source } from '../../src/pipeline.js';
import { costOfPlan } from '../../src/report/migration/plan-page.js';
import { once } from '../../src/util/once.js';
import { rulesIn } from '../adopt/adopting.js';
import { handWritten, importedFrom, laboratory, withAmbient } from './projects.js';

interface Project {
  readonly sources: readonly Source[];
  readonly reshape: Reshape;
}

function planOf({ sources, reshape }: Project, target: Target): MigrationPlan {
  const given = target === 'ambient' ? sources : withAmbient(sources);
  const { value, diagnostics } = makePlan(given, { target, namespaces: [], today: '2026-06-01', reshape });
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  if (value === undefined) throw new Error('there is no plan');
  return value;
}

const told = ({ blockers, gaps }: MigrationPlan) =>
  [...blockers, ...gaps.map(gapDiagnostic)].map(({ code, message, witness }) => `${code} ${message} ${witness}`);

const imported = {
  bookshop: importedFrom(handWritten.bookshop),
  toys: importedFrom(handWritten.toys),
  science: importedFrom(handWritten.science),
};

const projects: Readonly<Record<string, Project>> = {
  bookshop: imported.bookshop.project,
  toys: imported.toys.project,
  laboratory: { sources: laboratory, reshape: (deployment) => deployment },
};

const plans = Object.fromEntries(
  Object.entries(projects).map(([name, project]) => [name, once(() => planOf(project, 'ambient'))]),
);

describe('YAML with sidecars that somebody wrote by hand', () => {
  it.each(['bookshop', 'toys', 'science'] as const)(
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
    const rows = plan ? costOfPlan(plan, { nodes: 3, requests: 1000 }) : [];
    const [sidecars, waypoints, ztunnels, cpu, memory] = rows
      .slice(2, 7)
      .map((row) => row.split(' | ').slice(1).join(' → ').replace(' |', ''));
    const page = readFileSync(new URL('../../docs/migrating.md', import.meta.url), 'utf8');
    expect(page).toContain(`| ${name} | ${[sidecars, waypoints, ztunnels, cpu, memory].join(' | ')} |`);
  });
});
