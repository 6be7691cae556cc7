import { join, resolve } from 'node:path';
import type { State } from '../../changes/change.js';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import { judgeMesh } from '../../judged-mesh.js';
import type { IstioVersion } from '../../parse/mesh.js';
import type { CompileOptions } from '../../pipeline.js';
import type { DiffReport } from '../../report/diff.js';
import { newMemory } from '../../util/memory.js';
import { sortBy } from '../../util/order.js';
import { untold } from '../../util/progress.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { showingProgress } from '../progress.js';
import { lineIn } from '../project/line-in.js';
import { type LoadedSide, loadSide, type SideName, type SideOptions } from '../project/sides.js';
import { outputOfProject } from '../project/written-output.js';
import { today } from '../today.js';
import { report, reportShown, type Session } from './session.js';

/** Texts are all in memory once they are read, and what was written to read them is gone again. */
export async function loadOne({ host }: Session, name: SideName, options: SideOptions) {
  return host.withoutInterruption(async () => {
    const scratch = host.makeTemporaryDirectory();
    try {
      return await loadSide(host, name, options, join(scratch, 'side'));
    } finally {
      host.files.remove(scratch);
    }
  });
}

/** A side, compiled where it has intents. */
export interface JudgedSide {
  readonly kind: 'judged';
  readonly side: LoadedSide;
  readonly state: State;
  /** The paths of what is compiled, below the output directory. */
  readonly emitted: ReadonlySet<string>;
  /** Why a guardrail refuses its output, which is compared all the same. */
  readonly refusals: readonly Diagnostic[];
}

type Failed = { readonly kind: 'failed'; readonly exitCode: ExitCode };

export async function judgeSide(
  session: Session,
  loaded: Result<LoadedSide | undefined>,
  istioVersion: IstioVersion | undefined,
  memory = newMemory(),
): Promise<JudgedSide | Failed> {
  const found = await showingProgress(session, (progress) =>
    judgeQuietly(today(session.host), loaded, istioVersion, { memory, progress }),
  );
  if (found.kind === 'wrong') return failed(session, found.side, found.diagnostics);
  const { side, warnings, refusals } = found;
  if (warnings.length + refusals.length > 0) tellOf(session, side, [...warnings, ...refusals]);
  return found;
}

/** Why a side cannot be judged. */
interface WrongSide {
  readonly kind: 'wrong';
  readonly side: LoadedSide | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The same, for whoever tells by itself what is wrong with it; what is accepted is judged by a day. */
export async function judgeQuietly(
  day: string,
  { value: side, diagnostics: loading }: Result<LoadedSide | undefined>,
  istioVersion: IstioVersion | undefined,
  { memory, progress = untold }: Pick<CompileOptions, 'memory' | 'progress'> = {},
): Promise<(JudgedSide & { readonly warnings: readonly Diagnostic[] }) | WrongSide> {
  if (side === undefined || hasErrors(loading)) return { kind: 'wrong', side, diagnostics: loading };
  const { value: judged, diagnostics } = await judgeMesh(side.loaded.sources, {
    today: day,
    faults: [],
    written: undefined,
    question: undefined,
    inputs: side.inputs,
    istioVersion,
    memory,
    progress: (doing, ...far) => progress(`${side.label}: ${doing}`, ...far),
  });
  if (judged === undefined || hasErrors(diagnostics)) {
    return { kind: 'wrong', side, diagnostics: [...loading, ...diagnostics.filter(isError)] };
  }
  const { mesh, objects, refusals, emitted } = judged;
  const warnings = loading.filter(({ severity }) => severity === 'warning');
  return { kind: 'judged', side, state: { mesh, objects }, emitted, refusals, warnings };
}

/** What was read in part is told as well: it may be why. */
function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

/** Which of the two it is that cannot be compared, below what is wrong with it. */
function failed(session: Session, side: LoadedSide | undefined, diagnostics: readonly Diagnostic[]): Failed {
  const code = exitCodeOf(diagnostics);
  const exitCode = code === exitCodes.no ? exitCodes.refused : code;
  if (side === undefined) report(session, diagnostics, session.host.workingDirectory);
  else tellOf(session, side, [...diagnostics, diagnostic('side-refused', { side: side.label }, null)]);
  return { kind: 'failed', exitCode };
}

/** Every place says which side it is of. */
function tellOf(session: Session, { displayPath }: LoadedSide, diagnostics: readonly Diagnostic[]): void {
  reportShown(session, diagnostics, displayPath);
}

/** How both sides are called, and how their places are shown. */
export function labelsOf(was: JudgedSide, is: JudgedSide, istio?: IstioVersion): Omit<DiffReport, 'changes'> {
  const isSameText = istio === undefined && isSameTextIn(was.side, is.side);
  const label = istio === undefined ? is.side.label : `${is.side.label} with Istio ${istio}`;
  const upgraded = istio === undefined ? [] : ['--istio', istio];
  return {
    before: {
      label: was.side.label,
      inputs: was.side.inputs,
      displayPath: displayPathOf(was),
      lineAt: lineIn(was.side.loaded),
    },
    after: {
      label,
      inputs: [...is.side.inputs, ...upgraded],
      displayPath: displayPathOf(is),
      lineAt: lineIn(is.side.loaded),
    },
    isSameText,
  };
}

/** What is compiled is shown where the project puts it. */
function displayPathOf({ side: { loaded, displayPath }, emitted }: JudgedSide): (path: string) => string {
  const output = outputOfProject(loaded) ?? loaded.directory;
  return (path) => displayPath(emitted.has(path) ? resolve(output, path) : path);
}

/** Whether two sides read the very same texts. */
export function isSameTextIn(was: LoadedSide, is: LoadedSide): boolean {
  return textsOf(was) === textsOf(is);
}

function textsOf({ loaded }: LoadedSide): string {
  return JSON.stringify(sortBy(loaded.sources, ({ path, cluster = '' }) => `${cluster} ${path}`));
}
