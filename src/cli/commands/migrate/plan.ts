import { relative, resolve } from 'node:path';
import { clustersOf } from '../../../acceptances/finding.js';
import { settle } from '../../../acceptances/settle.js';
import { type Diagnostic, hasErrors } from '../../../diagnostics/diagnostic.js';
import { type Assumptions, amountOf, assumables } from '../../../migrate/assumptions.js';
import { gapDiagnostic, isOfTheMove } from '../../../migrate/plan/gaps.js';
import type { MigrationPlan } from '../../../migrate/plan/plan.js';
import { phaseCommands, phaseFiles, rollbackCommands } from '../../../migrate/plan/plan-files.js';
import type { Target } from '../../../migrate/states/labels-of-state.js';
import type { Source } from '../../../pipeline.js';
import { importFindings } from '../../../report/import/text.js';
import { diagnosticsToJson } from '../../../report/json.js';
import { wrap } from '../../../report/layout.js';
import { costOfPlan, costsOfPlan, type PlanCosts, planPage, planSummary } from '../../../report/migration/plan-page.js';
import { counted } from '../../../report/words.js';
import { sortedUnique } from '../../../util/order.js';
import { pageOf } from '../../colour.js';
import { type ExitCode, exitCodes } from '../../exit-code.js';
import { shownPath } from '../../files/shown-path.js';
import { writeTree } from '../../files/write-tree.js';
import { type InputOptions, load } from '../../project/load.js';
import { today } from '../../today.js';
import { type NarrowOptions, refuseNames } from '../narrow.js';
import { displayPathFrom, report, type Session, stop, tell } from '../session.js';
import { importedFiles, importedFirst, intentsBelow, isOfImport, planImporting } from './import-within.js';
import { unknownScope } from './unknown-scope.js';

export interface PlanCommandOptions extends InputOptions, NarrowOptions {
  /** Workloads that move by themselves, as `namespace/name`. */
  readonly workload: readonly string[];
  readonly to: Target;
  readonly outputDir?: string;
  readonly nodes?: number;
  readonly requests: number;
  readonly assume: Assumptions;
  readonly output: 'human' | 'json';
}

/** Plans the move, proves each state of it, and writes the plan if nothing is left that somebody has to accept. */
export async function runMigratePlan(session: Session, options: PlanCommandOptions): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics: loading } = await load(host, options);
  if (hasErrors(loading)) return stop(session, loading, loaded.directory);
  const day = today(host);
  const { sources } = loaded;
  const directory = resolve(host.workingDirectory, options.outputDir ?? '.');
  const { made, imported } = planImporting(
    sources,
    { target: options.to, namespaces: options.namespace, workloads: options.workload, today: day },
    relative(loaded.directory, intentsBelow(directory)),
  );
  const { value: plan } = made;
  if (plan === undefined) {
    const code = stop(session, made.diagnostics, loaded.directory);
    if (isOfImport(made.diagnostics, imported)) tell(session, ofImport);
    return code;
  }
  const { topology } = plan.before;
  const wrong = topology ? unknownScope(topology, options) : [];
  if (wrong.length > 0) return refuseNames(session, wrong);
  const unknown = plan.before.diagnostics.filter(isAboutLabels);
  if (plan.phases.length === 0 && options.output === 'human') {
    report(session, unknown, loaded.directory);
    const from = options.to === 'ambient' ? 'has a sidecar' : 'is ambient';
    host.output.write(`no workload that is meant ${from}: there is nothing to move\n`);
    return exitCodes.success;
  }
  const gaps = acceptedApart(plan, sources, day);
  report(session, [...unknown, ...(imported ? importFindings(imported) : []), ...gaps.left], loaded.directory);
  const displayPath = displayPathFrom(host, loaded.directory);
  const page = planPage(plan, {
    gaps: gaps.all,
    cost: costOfPlan(plan, options),
    before: importedFirst(imported, displayPath),
  });
  if (options.output === 'json')
    host.output.write(planToJson(plan, costsOfPlan(plan, options), gaps.left, displayPath));
  else
    host.output.write(
      options.outputDir === undefined
        ? page
        : `${wrap(planSummary(plan, gaps.all), pageOf(session).columns).join('\n')}\n`,
    );
  if (gaps.left.length > 0) {
    tell(session, `nothing is written: ${whatIsLeftToDo(gaps.left, imported !== undefined)}`);
    return exitCodes.refused;
  }
  if (options.outputDir === undefined) return exitCodes.success;
  const files = [
    ...plan.phases.flatMap(phaseFiles),
    ...importedFiles(imported, displayPath),
    { path: 'plan.md', text: page },
  ];
  const { diagnostics } = await writeTree(host, directory, files);
  if (hasErrors(diagnostics)) return stop(session, diagnostics, loaded.directory);
  tell(session, `wrote ${counted(plan.phases.length, 'phase')} to ${shownPath(host, directory)}: begin with plan.md`);
  return exitCodes.success;
}

const ofImport = 'these intents say what the policies say, and `ambit import` writes them: here they are not written';

/** Pods of a namespace without a manifest count as outside the mesh, and are not moved. */
function isAboutLabels({ name }: Diagnostic): boolean {
  return name === 'namespace-not-given';
}

/** Errors cannot be accepted, and what is not written has no place for an acceptance. */
function whatIsLeftToDo(found: readonly Diagnostic[], isImported: boolean): string {
  const errors = found.filter(({ severity }) => severity === 'error');
  const where = isImported ? ', in the intents that `ambit import` writes' : '';
  if (errors.length === 0) return `somebody has to accept what is found${where}, or the plan has to be another`;
  const mended = `${sortedUnique(errors.map(({ code }) => code)).join(', ')} cannot be accepted, and has to be mended first`;
  return errors.length === found.length ? mended : `${mended}; somebody has to accept what else is found${where}`;
}

/** What is accepted is part of the plan, and stands in nobody's way. */
function acceptedApart(plan: MigrationPlan, sources: readonly Source[], day: string | undefined) {
  const ofTheMove = [...plan.blockers, ...plan.gaps.filter(isOfTheMove).map(gapDiagnostic)];
  const { diagnostics } = settle({
    acceptances: { value: plan.before.acceptances, diagnostics: [] },
    found: ofTheMove,
    gaps: undefined,
    lookedFor: ['AMB71'],
    today: day,
    clusterOf: clustersOf(sources),
  });
  const asBefore = plan.gaps.filter((gap) => !isOfTheMove(gap)).map(gapDiagnostic);
  return { all: [...ofTheMove, ...asBefore], left: diagnostics.filter(({ severity }) => severity !== 'info') };
}

function planToJson(
  plan: MigrationPlan,
  costs: PlanCosts | undefined,
  gaps: readonly Diagnostic[],
  displayPath: (path: string) => string,
): string {
  const phases = plan.phases.map((phase) => ({
    name: phase.name,
    title: phase.title,
    namespaces: phase.namespaces,
    commands: phaseCommands(phase, plan.clusters),
    rollback: rollbackCommands(phase, plan.clusters),
    states: phase.states.map(({ title }) => title),
    rollbackStates: phase.rollback.states.map(({ title }) => title),
  }));
  const told: { readonly diagnostics: unknown } = JSON.parse(diagnosticsToJson(gaps, displayPath));
  return `${JSON.stringify({ target: plan.target, phases, gaps: told.diagnostics, costs: costs && costsToJson(costs) }, undefined, 2)}\n`;
}

/** With everything that was assumed, by the names under which `--assume` takes it. */
function costsToJson({ before, after, assumptions: { nodes, requests, assume } }: PlanCosts) {
  const amounts = Object.fromEntries(assumables.map((what) => [what, amountOf(assume, what)]));
  return { before, after, assumed: { nodes, requests, ...amounts } };
}
