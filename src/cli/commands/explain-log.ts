import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { judgeMesh } from '../../judged-mesh.js';
import { type LogReport, logLineToJson, logLineToText } from '../../report/log-line.js';
import { sourceIntentsOf, type TraceReport, traceToJson, traceToText } from '../../report/trace.js';
import { ask } from '../../trace/ask/question.js';
import { endsNamed } from '../../trace/logs/ends-named.js';
import type { LogLine, Outcome } from '../../trace/logs/log-line.js';
import { policyNamed } from '../../trace/logs/policy-named.js';
import { readLogLine } from '../../trace/logs/read-log-line.js';
import { writtenSourceIntents } from '../../trace/source-intents.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf } from '../exit-code.js';
import { decodeText, largestInput } from '../files/read-text.js';
import { type InputOptions, load } from '../project/load.js';
import { today } from '../today.js';
import { report, type Session, stop } from './session.js';
import { type Answering, displayPathOf, traceReport } from './trace.js';
import { questionOf, type TraceCommandOptions } from './trace-options.js';

interface LogOptions extends InputOptions {
  readonly from?: string;
  readonly output: 'human' | 'json';
}

/** Explains lines of a proxy's log: what each says, the object and the intent behind it, and what the project says of the same request. */
export async function runExplainLog(session: Session, given: string, options: LogOptions): Promise<ExitCode> {
  const { host } = session;
  const read = given === '-' ? decodeText(await host.readStandardInput(largestInput), 'stdin', null) : { text: given };
  if ('fault' in read) return stop(session, [read.fault], host.workingDirectory);
  const { value: loaded, diagnostics: loading } = await load(host, options);
  if (hasErrors(loading)) return stop(session, loading, loaded.directory);
  const { inputs } = loaded;
  const judging = { today: today(host), faults: [], written: undefined, question: undefined, inputs };
  const { value: judged, diagnostics } = await judgeMesh(loaded.sources, judging);
  const found = [...loading, ...diagnostics];
  if (judged === undefined || hasErrors(found)) return stop(session, found, loaded.directory);
  const texts = read.text.split('\n').filter((line) => line.trim() !== '');
  const answers = texts.map((text) => explain({ session, options: asTrace(options), loaded, judged, found }, text));
  print(session, options, answers);
  const told = answers.flatMap((answer) => answer.diagnostics);
  report(session, [...found, ...told], loaded.directory);
  return exitCodeOf(told);
}

function asTrace(options: LogOptions): TraceCommandOptions {
  return { ...options, header: [], claim: [], fault: [] };
}

interface Answer {
  readonly log: LogReport | undefined;
  /** What becomes of the same request in the project, where the line tells enough to ask. */
  readonly trace: TraceReport | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

function explain(answering: Answering, text: string): Answer {
  const line = readLogLine(text);
  if (line === undefined) {
    return { log: undefined, trace: undefined, diagnostics: [diagnostic('unknown-log-line', { line: text }, null)] };
  }
  const { judged } = answering;
  const named = policyNamed(judged.mesh, line);
  const trace = replay(answering, line);
  const log = {
    line,
    policy: typeof named === 'object' ? named : undefined,
    sourceIntentsOf: judged.placed === undefined ? writtenSourceIntents : sourceIntentsOf(judged.placed),
    displayPath: displayPathOf(answering),
  };
  return { log, trace, diagnostics: [...unknownPolicy(line, named), ...disagreement(line, trace)] };
}

function unknownPolicy({ policy }: LogLine, named: ReturnType<typeof policyNamed>): readonly Diagnostic[] {
  if (named !== 'unknown' || typeof policy !== 'object') return [];
  return [diagnostic('log-names-unknown-policy', { policy: `${policy.namespace}/${policy.name}` }, null)];
}

/** The same request asked of the project; `undefined` where the line does not say who called, or whom. */
function replay(answering: Answering, line: LogLine): TraceReport | undefined {
  const { judged, options } = answering;
  const { from: known, to, podIp } = endsNamed(judged.mesh, line);
  const from = options.from ?? known;
  if (from === undefined || to === undefined) return undefined;
  const { request } = line;
  const question = questionOf({
    ...options,
    from,
    to,
    podIp,
    ...(request === undefined ? { tcp: line.writtenBy === 'ztunnel' } : requestOf(request)),
  });
  const { value: asked } = ask(judged.mesh, question);
  return asked && traceReport(answering, asked);
}

function requestOf({ method, path, authority }: NonNullable<LogLine['request']>) {
  return { method, path: path.replace(/\?.*$/, ''), ...(authority !== '' && { host: authority }) };
}

const verdicts: Readonly<Partial<Record<Outcome, string>>> = { refused: 'denied', passed: 'allowed' };

/** What runs is then not what the project says, or the line leaves out what decides. */
function disagreement({ outcome }: LogLine, trace: TraceReport | undefined): readonly Diagnostic[] {
  const logged = verdicts[outcome];
  const judged = trace?.trace.verdict.kind;
  if (logged === undefined || judged === undefined || judged === 'not-modelled' || logged === judged) return [];
  return [diagnostic('log-tells-otherwise', { logged: outcome, judged }, null)];
}

function print(session: Session, { output }: LogOptions, answers: readonly Answer[]): void {
  const known = answers.filter((answer): answer is Answer & { log: LogReport } => answer.log !== undefined);
  if (output === 'json') {
    const all = known.map(({ log, trace }) => ({ ...logLineToJson(log), trace: trace ? traceToJson(trace) : null }));
    session.host.output.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  const page = pageOf(session);
  const texts = known.map(({ log, trace }) => {
    const again = trace === undefined ? notAsked : `\nThe same request in the project:\n\n${traceToText(trace, page)}`;
    return logLineToText(log, page) + again;
  });
  session.host.output.write(texts.join('\n'));
}

const notAsked = '\nThe line does not say who called, or whom: `--from` names the caller.\n';
