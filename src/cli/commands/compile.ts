import { resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { type CompileResult, compile, type OutputFile, type Provenance } from '../../pipeline.js';
import { sourceMap } from '../../report/source-map.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { checkTree } from '../files/check-tree.js';
import { shownPath } from '../files/shown-path.js';
import { writeFile } from '../files/write-file.js';
import { writeTree } from '../files/write-tree.js';
import { withKustomizations } from '../project/kustomization.js';
import { type InputOptions, type Loaded, load } from '../project/load.js';
import { stopwatch } from '../stopwatch.js';
import { today } from '../today.js';
import { usageError } from '../usage-error.js';
import {
  contradictionIn,
  type Destination,
  type DestinationOptions,
  destinationOf,
  missingDirectory,
} from './destination.js';
import { innerState, type Stage, traceText } from './inner-state.js';
import { report, type Session, tell } from './session.js';
import { printStream } from './stream.js';

interface CompileCommandOptions extends InputOptions, DestinationOptions {
  readonly provenance?: Provenance;
  readonly emit?: Stage;
  readonly denyWarnings?: boolean;
  /** `false` after `--no-verify`. */
  readonly verify?: boolean;
  readonly syncWaves?: boolean;
}

/** What a step of the command adds to its answer. */
interface Outcome {
  readonly exitCode: ExitCode;
  readonly diagnostics: readonly Diagnostic[];
  /** What to tell a person when all went well. */
  readonly message?: string;
}

/** Compiles the inputs and delivers the result. Nothing is delivered unless every stage agreed. */
export async function runCompile(session: Session, options: CompileCommandOptions): Promise<ExitCode> {
  const { host } = session;
  const watch = stopwatch(host);
  const { value: loaded, diagnostics: loading } = await load(host, options);
  const contradiction = contradictionIn(options, session);
  if (contradiction !== undefined) return usageError(session, contradiction);
  if (hasErrors(loading)) return answer(session, loaded, { exitCode: exitCodeOf(loading), diagnostics: loading });
  const missing = missingDirectory(options, loaded);
  if (missing !== undefined) return usageError(session, missing);
  watch.lap('read');
  const result = compile(loaded.sources, {
    today: today(host),
    provenance: options.provenance ?? loaded.project?.provenance ?? 'full',
    syncWaves: options.syncWaves ?? loaded.project?.syncWaves ?? false,
    trace: options.tracePasses === true,
    verify: options.verify ?? true,
  });
  watch.lap('compile');
  if (options.tracePasses) host.messages.write(traceText(result));
  const unverified = options.verify === false ? [diagnostic('not-verified', {}, null)] : [];
  const found = [...loading, ...result.diagnostics, ...unverified];
  const outcome = await conclude(session, options, destinationOf(host, options, loaded), result, found);
  watch.lap('deliver');
  const counts = { sources: loaded.sources.length, objects: result.manifests.length };
  if (options.stats) host.messages.write(watch.text(counts));
  return answer(session, loaded, { ...outcome, diagnostics: [...found, ...outcome.diagnostics] });
}

function answer(session: Session, { directory }: Loaded, { exitCode, diagnostics, message }: Outcome): ExitCode {
  report(session, diagnostics, directory);
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
  if (exitCode !== exitCodes.success) return { exitCode, diagnostics: [] };
  const delivered = await deliver(session, destination, result);
  const mapping = options.sourceMap === undefined ? [] : writeSourceMap(session, options.sourceMap, result);
  const diagnostics = [...delivered.diagnostics, ...mapping];
  return { ...delivered, exitCode: hasErrors(diagnostics) ? exitCodeOf(diagnostics) : delivered.exitCode, diagnostics };
}

function writeSourceMap({ host }: Session, path: string, result: CompileResult): readonly Diagnostic[] {
  return writeFile(host, resolve(host.workingDirectory, path), sourceMap(result));
}

async function deliver(session: Session, destination: Destination, result: CompileResult): Promise<Outcome> {
  if (destination.kind === 'stream') {
    session.host.output.write(printStream(result, destination.format));
    return { exitCode: exitCodes.success, diagnostics: [] };
  }
  const files = destination.kustomize ? withKustomizations(result.files) : result.files;
  return destination.check ? check(session, destination.path, files) : write(session, destination.path, files);
}

function check({ host }: Session, path: string, files: readonly OutputFile[]): Outcome {
  const { difference, isCurrent, diagnostics } = checkTree(host, path, files);
  host.output.write(difference);
  const exitCode = isCurrent ? exitCodes.success : exitCodes.no;
  const state = isCurrent ? 'is up to date' : 'is stale: run `ambit compile`';
  return { exitCode, diagnostics, ...(diagnostics.length === 0 && { message: `${shownPath(host, path)} ${state}` }) };
}

async function write({ host }: Session, path: string, files: readonly OutputFile[]): Promise<Outcome> {
  const { written, diagnostics } = await writeTree(host, path, files);
  const count = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  const message = written
    ? `wrote ${count} to ${shownPath(host, path)}`
    : `${shownPath(host, path)} is up to date: ${count}`;
  return { exitCode: exitCodes.success, diagnostics, ...(diagnostics.length === 0 && { message }) };
}
