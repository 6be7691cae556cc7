import { resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { type CompileResult, compile, type Provenance } from '../../pipeline.js';
import { type Aside, nothingAside } from '../../report/aside.js';
import { wrap } from '../../report/layout.js';
import { type Proved, provedOf, provedToText } from '../../report/proved.js';
import { knownToText } from '../../report/reachability.js';
import { sourceMap } from '../../report/source-map.js';
import { waypointsToText } from '../../report/waypoints/text.js';
import { waypointsOf } from '../../report/waypoints/waypoints-of.js';
import type { Memory } from '../../util/memory.js';
import type { Progress } from '../../util/progress.js';
import { columnsOf } from '../columns.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { writeFile } from '../files/write-file.js';
import { showingProgress } from '../progress.js';
import { type BaselineOptions, inputsWithBaseline, loadWithBaseline } from '../project/baseline-file.js';
import { checkVersion } from '../project/check-version.js';
import type { InputOptions, Loaded } from '../project/load.js';
import { stopwatch } from '../stopwatch.js';
import { today } from '../today.js';
import { usageError } from '../usage-error.js';
import { compileCommand } from './compile-command.js';
import { deliver, type Outcome } from './deliver.js';
import {
  contradictionIn,
  type Destination,
  type DestinationOptions,
  destinationOf,
  missingDirectory,
} from './destination.js';
import { innerState, type Stage, traceText } from './inner-state.js';
import { report, type Session, tell } from './session.js';
import { divide, type ThresholdOptions } from './threshold.js';

interface CompileCommandOptions extends InputOptions, BaselineOptions, ThresholdOptions, DestinationOptions {
  readonly provenance?: Provenance;
  readonly emit?: Stage;
  readonly denyWarnings?: boolean;
  /** `false` after `--no-verify`. */
  readonly verify?: boolean;
  readonly syncWaves?: boolean;
}

/** Compiles the inputs and delivers the result. Nothing is delivered unless every stage agreed. */
export async function runCompile(session: Session, options: CompileCommandOptions, memory?: Memory): Promise<ExitCode> {
  const { host } = session;
  const watch = stopwatch(host);
  const { value: loaded, diagnostics } = await loadWithBaseline(host, options);
  const loading = [...diagnostics, ...checkVersion(loaded.project, host.version)];
  const contradiction = contradictionIn(options, session);
  if (contradiction !== undefined) return usageError(session, contradiction);
  if (hasErrors(loading)) return answer(session, loaded, { exitCode: exitCodeOf(loading), diagnostics: loading });
  const missing = missingDirectory(options, loaded);
  if (missing !== undefined) return usageError(session, missing);
  const destination = destinationOf(host, options, loaded);
  if (destination.kind === 'stream' && session.printedReport !== undefined) {
    const problem = `\`${session.printedReport}\` and the objects would both print to stdout`;
    return usageError(
      session,
      `${problem}: write the report to a file of its own, or the objects with \`--output-dir\``,
    );
  }
  watch.lap('read');
  const compileWith = (progress: Progress) =>
    compile(loaded.sources, {
      today: today(host),
      said: loading,
      inputs: loaded.inputs,
      provenance: options.provenance ?? loaded.project?.provenance ?? 'full',
      syncWaves: options.syncWaves ?? loaded.project?.syncWaves ?? false,
      trace: options.tracePasses === true,
      verify: options.verify ?? true,
      memory,
      progress,
    });
  const result = await showingProgress(session, compileWith);
  watch.lap('compile');
  if (options.tracePasses) host.messages.write(traceText(result));
  const unverified = options.verify === false ? [diagnostic('not-verified', {}, null)] : [];
  const { shown: found, below } = divide([...result.diagnostics, ...unverified], options);
  const outcome = await conclude(session, options, destination, result, found);
  watch.lap('deliver');
  const counts = { sources: loaded.sources.length, objects: result.manifests.length };
  if (options.stats) host.messages.write(watch.text(counts));
  const said = [...found, ...outcome.diagnostics];
  const aside = { accepted: result.accepted, below, inputs: inputsWithBaseline(loaded, options) };
  const proved = options.emit === undefined ? provedOf(result) : undefined;
  const exitCode = answer(session, loaded, { ...outcome, diagnostics: said }, aside, proved);
  const isTold = proved !== undefined || (options.verify === false && options.emit === undefined);
  const columns = columnsOf(host, host.messages);
  const listing = compileCommand(loaded.inputs, options, '--check', '-o', 'json');
  const known = isTold && result.proof ? knownToText(result.proof.reachability, columns, listing) : [];
  const waypoints = hasErrors(said) ? [] : waypointsToText(waypointsOf(result), columns, listing);
  if (isTold) tell(session, [...waypoints, ...wrap(provedToText(proved), columns), ...known].join('\n'));
  return exitCode;
}

function answer(
  session: Session,
  { directory }: Loaded,
  { exitCode, diagnostics, message }: Outcome,
  aside: Aside = nothingAside,
  proved?: Proved,
): ExitCode {
  report(session, diagnostics, directory, aside, proved);
  if (message !== undefined) tell(session, message);
  return exitCode;
}

async function conclude(
  session: Session,
  options: CompileCommandOptions,
  destination: Destination,
  result: CompileResult,
  found: readonly Diagnostic[],
): Promise<Outcome> {
  if (options.emit !== undefined) {
    session.host.output.write(innerState(result, options.emit));
    return { exitCode: exitCodeOf(found), diagnostics: [] };
  }
  const exitCode = exitCodeOf(found, options.denyWarnings);
  if (exitCode !== exitCodes.success) return { exitCode, diagnostics: [], ...(hasErrors(found) ? {} : denied(found)) };
  const delivered = await deliver(session, destination, result);
  const mapping = options.sourceMap === undefined ? [] : writeSourceMap(session, options.sourceMap, result);
  const diagnostics = [...delivered.diagnostics, ...mapping];
  return { ...delivered, exitCode: hasErrors(diagnostics) ? exitCodeOf(diagnostics) : delivered.exitCode, diagnostics };
}

/** What a warning stopped, and how it goes on. */
function denied(found: readonly Diagnostic[]): Pick<Outcome, 'message'> {
  const [first] = found.filter(({ severity }) => severity === 'warning');
  const comment = `# ambit: accept ${first?.code} until <day> because <reason>`;
  return { message: `nothing is written while a warning is neither mended nor accepted: \`${comment}\`` };
}

function writeSourceMap({ host }: Session, path: string, result: CompileResult): readonly Diagnostic[] {
  return writeFile(host, resolve(host.workingDirectory, path), sourceMap(result));
}
