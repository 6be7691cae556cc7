import { relative, resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import { type JudgedMesh, judgeMesh } from '../../judged-mesh.js';
import type { AppliedFile } from '../../mesh/applied.js';
import { decideEachUnder } from '../../mesh/faults.js';
import { matrixToJson, matrixToText } from '../../report/matrix.js';
import { sourceIntentsOf, type TraceReport, traceToJson, traceToText } from '../../report/trace.js';
import { decideForAddresses } from '../../trace/ask/addresses.js';
import { checkCluster } from '../../trace/ask/locate.js';
import { type Asked, ask } from '../../trace/ask/question.js';
import { matrixOf } from '../../trace/matrix/matrix.js';
import { writtenSourceIntents } from '../../trace/source-intents.js';
import { type Trace, traceOf } from '../../trace/trace.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { type Loaded, load } from '../project/load.js';
import { nothingWritten, outputDirectory, readOutput } from '../project/written-output.js';
import { today } from '../today.js';
import { usageError } from '../usage-error.js';
import { report, type Session } from './session.js';
import { matrixQuestionOf, questionOf, type TraceCommandOptions, traceContradiction } from './trace-options.js';

/** Follows one request through the mesh, or shows who reaches a destination at all. */
export async function runTrace(session: Session, options: TraceCommandOptions): Promise<ExitCode> {
  const contradiction = traceContradiction(options);
  if (contradiction !== undefined) return usageError(session, contradiction);
  const { value: loaded, diagnostics: loading } = await load(session.host, options);
  if (hasErrors(loading)) return refuse(session, loading, loaded);
  const { value: written, diagnostics: reading } = readWritten(session, options, loaded);
  if (hasErrors(reading)) return refuse(session, [...loading, ...reading], loaded);
  const { value: judged, diagnostics } = await judgeMesh(loaded.sources, {
    today: today(session.host),
    faults: options.fault,
    written,
    question: options.matrix ? undefined : questionOf(options),
    istioVersion: options.istio,
    inputs: loaded.inputs,
  });
  const found = [
    ...loading,
    ...reading,
    ...diagnostics,
    ...(judged === undefined ? [] : checkCluster(judged.mesh, options.cluster)),
  ];
  if (judged === undefined || hasErrors(found)) return refuse(session, found, loaded);
  const run = options.matrix ? showMatrix : showTrace;
  return run({ session, options, loaded, judged, found });
}

/** What the output directory holds, where that is to be traced. */
function readWritten(
  { host }: Session,
  { written = false, outputDir }: TraceCommandOptions,
  loaded: Loaded,
): Result<readonly AppliedFile[] | undefined> {
  if (!written) return { value: undefined, diagnostics: [] };
  const directory = outputDirectory(host, loaded, outputDir);
  if (directory === undefined) return { value: undefined, diagnostics: [diagnostic('no-output-directory', {}, null)] };
  const { value, diagnostics } = readOutput(host, directory);
  const isMissing = value === undefined && diagnostics.length === 0;
  return { value, diagnostics: isMissing ? [nothingWritten(host, directory)] : diagnostics };
}

/** All that a question is answered from. */
export interface Answering {
  readonly session: Session;
  readonly options: TraceCommandOptions;
  readonly loaded: Loaded;
  readonly judged: JudgedMesh;
  /** What was said while the mesh was read. */
  readonly found: readonly Diagnostic[];
}

/** What is not modelled is an answer of its own, whatever else is wrong with the question. */
function refuse(session: Session, diagnostics: readonly Diagnostic[], { directory }: Loaded): ExitCode {
  report(session, diagnostics, directory);
  return diagnostics.some(({ name }) => name === 'not-modelled') ? exitCodes.refused : exitCodeOf(diagnostics);
}

function showTrace(answering: Answering): ExitCode {
  const { session, options, loaded, judged, found } = answering;
  const { value: asked, diagnostics } = ask(judged.mesh, questionOf(options));
  const all = [...found, ...diagnostics];
  if (asked === undefined || hasErrors(all)) return refuse(session, all, loaded);
  const told = traceReport(answering, asked);
  const { verdict } = told.trace;
  if (options.output === 'json') session.host.output.write(`${JSON.stringify(traceToJson(told), null, 2)}\n`);
  else session.host.output.write(traceToText(told, pageOf(session)));
  if (verdict.kind === 'not-modelled') return refuse(session, [...all, undecided(answering, told.trace)], loaded);
  return finish(
    answering,
    all,
    verdict.kind === 'denied' && options.exitCode === true ? exitCodes.no : exitCodes.success,
  );
}

function undecided({ judged, options }: Answering, { request, because, needsAddress }: Trace): Diagnostic {
  if (!needsAddress) return diagnostic('not-modelled', { fact: `not modelled: ${because}` }, null);
  const { apart } = decideForAddresses(judged.mesh, request, options.fault);
  const notes = apart.map(({ request: { source }, verdict }) => ({ message: `${source.ip}: ${verdict.kind}` }));
  const help = `give it, for example \`--from-ip ${apart[0]?.request.source.ip ?? '203.0.113.9'}\``;
  return diagnostic('not-modelled', { fact: "the answer needs the caller's address" }, null, { notes, help });
}

export function traceReport(answering: Answering, asked: Asked): TraceReport {
  const { options, judged } = answering;
  const { mesh, placed, state } = judged;
  const trace = (request: Asked['first']): Trace =>
    traceOf(mesh, decideForAddresses(mesh, request, options.fault).decision);
  const first = trace(asked.first);
  const drawn = decideEachUnder(mesh, asked.first, options.fault).slice(1);
  const others = [...drawn.map((decision) => traceOf(mesh, decision)), ...asked.others.map(trace)].filter(
    ({ verdict }) => verdict.kind !== first.verdict.kind,
  );
  return {
    trace: first,
    sourceIntentsOf: placed === undefined ? writtenSourceIntents : sourceIntentsOf(placed),
    mesh: state,
    faults: options.fault,
    others: others.map(({ from, hops, verdict, seen }) => {
      return { from, pod: hops.at(-1)?.name ?? '', verdict: verdict.kind, seen };
    }),
    pods: drawn.length + asked.others.length + 1,
    assumedHost: asked.assumedHost,
    displayPath: displayPathOf(answering),
  };
}

/** Emitted files are shown where the project puts them. */
export function displayPathOf({ session: { host }, options, loaded, judged }: Answering): (path: string) => string {
  const { directory } = loaded;
  const output = outputDirectory(host, loaded, options.outputDir) ?? directory;
  return (path) => relative(host.workingDirectory, resolve(judged.emitted.has(path) ? output : directory, path));
}

function showMatrix(answering: Answering): ExitCode {
  const { session, options, loaded, judged, found } = answering;
  const { value: matrix, diagnostics } = matrixOf(judged.mesh, matrixQuestionOf(options));
  const all = [...found, ...diagnostics];
  if (matrix === undefined || hasErrors(all)) return refuse(session, all, loaded);
  if (options.output === 'json') session.host.output.write(`${JSON.stringify(matrixToJson(matrix), null, 2)}\n`);
  else session.host.output.write(matrixToText(matrix, pageOf(session)));
  return finish(answering, all, exitCodes.success);
}

/** Output that is refused can be looked at, and the answer stays that of its refusal. */
function finish({ session, loaded, judged }: Answering, said: readonly Diagnostic[], code: ExitCode): ExitCode {
  const { refusals } = judged;
  report(session, [...said, ...refusals], loaded.directory);
  return refusals.length > 0 ? exitCodeOf(refusals) : code;
}
