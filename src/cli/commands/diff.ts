import { join, resolve } from 'node:path';
import type { Changes, State } from '../../changes/change.js';
import { withClusterNames } from '../../changes/cluster-names.js';
import { compareMeshes } from '../../changes/compare-meshes.js';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import { judgeMesh } from '../../judged-mesh.js';
import type { IstioVersion } from '../../parse/mesh.js';
import { type DiffReport, diffToJson, diffToMarkdown, diffToText } from '../../report/diff.js';
import { sortBy } from '../../util/order.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { type LoadedSide, loadSide, type SideName } from '../project/sides.js';
import { outputDirectory } from '../project/written-output.js';
import { today } from '../today.js';
import { usageError } from '../usage-error.js';
import { report, type Session } from './session.js';

export interface DiffCommandOptions {
  readonly filename: readonly string[];
  readonly project: readonly string[];
  readonly base?: string;
  readonly istio?: IstioVersion;
  readonly output: 'human' | 'json' | 'markdown';
}

/** Compares two states of a mesh, and says what means something else. */
export async function runDiff(
  session: Session,
  names: readonly string[],
  options: DiffCommandOptions,
): Promise<ExitCode> {
  const sides = sidesNamed(names, options);
  if (typeof sides === 'string') return usageError(session, sides);
  const [before, after] = await loadBoth(session, sides, options);
  const was = await judgeSide(session, before, undefined);
  const is = await judgeSide(session, after, options.istio);
  if (was.kind === 'failed') return was.exitCode;
  if (is.kind === 'failed') return is.exitCode;
  const told = reportOf(was, is, options);
  const { output } = session.host;
  if (options.output === 'json') output.write(diffToJson(told));
  else if (options.output === 'markdown') output.write(diffToMarkdown(told));
  else output.write(diffToText(told, pageOf(session)));
  return was.isRefused || is.isRefused ? exitCodes.refused : exitCodeFor(told.changes);
}

type Sides = readonly [SideName, SideName];

/** What is compared with what; a sentence where that is not said clearly. */
function sidesNamed(names: readonly string[], { project, base, istio }: DiffCommandOptions): Sides | string {
  const [first, second, ...others] = [...(base === undefined ? [] : [base]), ...names];
  if (others.length > 0) return 'two sides are compared at a time, and `--base` names one of them';
  const here: SideName = { kind: 'working-tree' };
  if (project.length > 0) {
    const [before, after] = project;
    const isTwo = before !== undefined && after !== undefined && project.length === 2 && first === undefined;
    if (!isTwo) return 'name two projects: `--project staging --project prod`';
    return [
      { kind: 'project', path: before },
      { kind: 'project', path: after },
    ];
  }
  if (first === undefined) return istio === undefined ? [{ kind: 'named', name: 'HEAD' }, here] : [here, here];
  return [{ kind: 'named', name: first }, second === undefined ? here : { kind: 'named', name: second }];
}

/** Texts are all in memory once they are read, and what was written to read them is gone again. */
async function loadBoth({ host }: Session, [before, after]: Sides, options: DiffCommandOptions) {
  return host.withoutInterruption(async () => {
    const scratch = host.makeTemporaryDirectory();
    try {
      return [
        await loadSide(host, before, options, join(scratch, 'before')),
        await loadSide(host, after, options, join(scratch, 'after')),
      ] as const;
    } finally {
      host.files.remove(scratch);
    }
  });
}

/** A side, compiled where it has intents. */
interface JudgedSide {
  readonly kind: 'judged';
  readonly side: LoadedSide;
  readonly state: State;
  /** The paths of what is compiled, below the output directory. */
  readonly emitted: ReadonlySet<string>;
  /** Whether a guardrail refuses its output, which is compared all the same. */
  readonly isRefused: boolean;
}

type Failed = { readonly kind: 'failed'; readonly exitCode: ExitCode };

async function judgeSide(
  session: Session,
  { value: side, diagnostics: loading }: Result<LoadedSide | undefined>,
  istioVersion: IstioVersion | undefined,
): Promise<JudgedSide | Failed> {
  if (side === undefined || hasErrors(loading)) return failed(session, side, loading);
  const { value: judged, diagnostics } = await judgeMesh(side.loaded.sources, {
    today: today(session.host),
    faults: [],
    written: undefined,
    question: undefined,
    istioVersion,
  });
  if (judged === undefined || hasErrors(diagnostics)) return failed(session, side, [...loading, ...diagnostics]);
  const warnings = loading.filter(({ severity }) => severity === 'warning');
  if (warnings.length + judged.refusals.length > 0) tellOf(session, side, [...warnings, ...judged.refusals]);
  const { mesh, objects, refusals, emitted } = judged;
  return { kind: 'judged', side, state: { mesh, objects }, emitted, isRefused: refusals.length > 0 };
}

/** Which of the two it is that cannot be compared, below what is wrong with it. */
function failed(session: Session, side: LoadedSide | undefined, diagnostics: readonly Diagnostic[]): Failed {
  const code = exitCodeOf(diagnostics);
  const exitCode = code === exitCodes.no ? exitCodes.refused : code;
  if (side === undefined) report(session, diagnostics, session.host.workingDirectory);
  else
    tellOf(session, side, [
      ...diagnostics.filter(({ severity }) => severity === 'error'),
      diagnostic('side-refused', { side: side.label }, null),
    ]);
  return { kind: 'failed', exitCode };
}

/** Places are told as they are within the side. */
function tellOf(session: Session, { host, loaded }: LoadedSide, diagnostics: readonly Diagnostic[]): void {
  report(
    { ...session, host: { ...session.host, workingDirectory: host.workingDirectory } },
    diagnostics,
    loaded.directory,
  );
}

function reportOf(was: JudgedSide, is: JudgedSide, { istio }: DiffCommandOptions): DiffReport {
  const after = withClusterNames(was.state, is.state);
  const isSameText = istio === undefined && textsOf(was.side) === textsOf(is.side);
  const label = istio === undefined ? is.side.label : `${is.side.label} with Istio ${istio}`;
  const upgraded = istio === undefined ? [] : ['--istio', istio];
  return {
    before: { label: was.side.label, inputs: was.side.inputs, displayPath: displayPathOf(was) },
    after: { label, inputs: [...is.side.inputs, ...upgraded], displayPath: displayPathOf(is) },
    changes: compareMeshes(was.state, after),
    isSameText,
  };
}

/** What is compiled is shown where the project puts it. */
function displayPathOf({ side: { host, loaded, displayPath }, emitted }: JudgedSide): (path: string) => string {
  const output = outputDirectory(host, loaded, undefined) ?? loaded.directory;
  return (path) => displayPath(emitted.has(path) ? resolve(output, path) : path);
}

function textsOf({ loaded }: LoadedSide): string {
  return JSON.stringify(sortBy(loaded.sources, ({ path, cluster = '' }) => `${cluster} ${path}`));
}

function exitCodeFor({ changes, undecided }: Changes): ExitCode {
  if (undecided.some(({ isCrossing }) => !isCrossing)) return exitCodes.refused;
  return changes.length > 0 ? exitCodes.no : exitCodes.success;
}
