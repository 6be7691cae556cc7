import { readFileSync } from 'node:fs';
import { gapDiagnostic } from '../../src/migrate/plan/gaps.js';
import { type MigrationPlan, makePlan } from '../../src/migrate/plan/plan.js';
import type { Target } from '../../src/migrate/states/labels-of-state.js';
import type { Reshape, Source } from '../../src/pipeline.js';
import { costOfPlan } from '../../src/report/migration/plan-page.js';
import { withAmbient } from './projects.js';

/** A mesh with sidecars that is to be moved. */
export interface Project {
  readonly sources: readonly Source[];
  readonly reshape: Reshape;
}

/** The plan of the move of all namespaces, or of the way back where they are ambient. */
export function planOf({ sources, reshape }: Project, target: Target): MigrationPlan {
  const given = target === 'ambient' ? sources : withAmbient(sources);
  const { value, diagnostics } = makePlan(given, { target, namespaces: [], today: '2026-06-01', reshape });
  const told = diagnostics.map(({ code, message }) => `${code} ${message}`);
  if (value === undefined || told.length > 0) throw new Error(`there is no such plan:\n${told.join('\n')}`);
  return value;
}

/** What stands in the way of a plan, and what is decided otherwise on its way. */
export function told({ blockers, gaps }: MigrationPlan): readonly string[] {
  return [...blockers, ...gaps.map(gapDiagnostic)].map(({ code, message, witness }) => `${code} ${message} ${witness}`);
}

/** What a plan changes of what proxies ask for, as docs/migrating.md has it. */
export function rowOfCost(name: string, plan: MigrationPlan): string {
  const cells = costOfPlan(plan, { nodes: 3, requests: 1000 })
    .slice(2, 7)
    .map((row) => row.split(' | ').slice(1).join(' → ').replace(' |', ''));
  return `| ${[name, ...cells].join(' | ')} |`;
}

export const pageOfMigrating = readFileSync(new URL('../../docs/migrating.md', import.meta.url), 'utf8');
