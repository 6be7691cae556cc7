import { isAcceptable } from '../../acceptances/acceptable.js';
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import { isDoubt } from '../../diagnostics/doubts.js';
import type { AppliedFile } from '../../mesh/applied.js';
import { type VerifyResult, verify } from '../../pipeline.js';
import { summary } from '../../report/human.js';
import { acceptedToJson, diagnosticsToJson } from '../../report/json.js';
import { wrap } from '../../report/layout.js';
import { type LookedAt, lookedAt, lookedAtToText } from '../../report/looked-at.js';
import { proofToJson, proofToText } from '../../report/proof.js';
import { provedOf } from '../../report/proved.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import type { Host } from '../files/host.js';
import { showingProgress } from '../progress.js';
import { type BaselineOptions, inputsWithBaseline, loadWithBaseline, writeBaseline } from '../project/baseline-file.js';
import type { InputOptions, Loaded } from '../project/load.js';
import { nothingWritten, outputDirectory, readOutput } from '../project/written-output.js';
import { today } from '../today.js';
import { type NarrowOptions, narrow, refuseNames, unknownNames } from './narrow.js';
import { displayPathFrom, report, type Session, tell } from './session.js';
import { divide, type ThresholdOptions } from './threshold.js';

interface VerifyCommandOptions extends InputOptions, BaselineOptions, ThresholdOptions, NarrowOptions {
  readonly outputDir?: string;
  readonly output: 'human' | 'json';
  readonly denyWarnings?: boolean;
  /** The file that everything found is written to, as a baseline. */
  readonly writeBaseline?: string;
}

/**
 * Proves that manifests mean what the intents say: those that are named, or the project's with its output as it is on
 * disk. Manifests without intents are judged by themselves.
 */
export async function runVerify(
  session: Session,
  names: readonly string[],
  options: VerifyCommandOptions,
): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics: loading } = await loadWithBaseline(host, options);
  const directory = outputDirectory(host, loaded, options.outputDir);
  const { value: applied, diagnostics: reading } = readApplied(host, directory, options.outputDir !== undefined);
  const early = [...loading, ...reading];
  if (hasErrors(early)) {
    report(session, early, loaded.directory);
    return exitCodeOf(early);
  }
  const result = await showingProgress(session, (progress) =>
    verify(loaded.sources, { today: today(host), said: early, progress, ...(applied && { applied }) }),
  );
  const { proof, accepted, topology } = result;
  const selection = { namespaces: options.namespace, names };
  const wrong = topology === undefined ? [] : unknownNames(topology, selection);
  if (wrong.length > 0) return refuseNames(session, wrong);
  const { here, elsewhere } = narrow(result.diagnostics, selection);
  const { shown, below } = divide(here, options);
  const isUndecided = proof !== undefined && here.some(isDoubt);
  if (options.writeBaseline !== undefined) {
    return writeFindings(session, options.writeBaseline, { ...result, diagnostics: shown }, loaded);
  }
  const aside = { accepted, below, elsewhere, inputs: inputsWithBaseline(loaded, options) };
  report(session, shown, loaded.directory, aside);
  const displayPath = displayPathFrom(host, loaded.directory);
  const seen = seenIn(result);
  if (options.output === 'json') {
    const all = acceptedToJson(accepted, displayPath);
    const counts = provedOf({ ...result, tests: [] });
    const text = proof ? proofToJson(proof, all, seen, counts) : diagnosticsToJson(shown, displayPath, aside, seen);
    host.output.write(text);
  } else host.output.write(answerText(session, result, { shown, isUndecided }, seen));
  if (isUndecided && !hasErrors(shown)) return exitCodes.refused;
  // Without intents the question is whether anything is wrong with the manifests, and every finding says yes.
  return exitCodeOf(shown, options.denyWarnings ?? proof === undefined);
}

function seenIn({ topology, objects, ways, diagnostics }: VerifyResult): LookedAt | undefined {
  return topology && lookedAt({ topology, objects: objects.length, ways, diagnostics });
}

interface Answered {
  readonly shown: readonly Diagnostic[];
  readonly isUndecided: boolean;
}

/** Who would be treated otherwise than before is not to be seen in manifests alone. */
const notCompared =
  'not compared: workloads of which no intent speaks, for there is no output directory and so no state before it';

/** The answer in a line, and what it is about. Input that is wrong gets none: its errors say all. */
function answerText(
  session: Session,
  { proof, accepted }: VerifyResult,
  { shown, isUndecided }: Answered,
  seen: LookedAt | undefined,
): string {
  if (seen === undefined) return '';
  const page = pageOf(session);
  const text = proof === undefined ? judgement(shown, accepted.length) : proofToText(proof, isUndecided).trimEnd();
  const rest = proof === undefined || proof.comparesUnmentioned ? [] : wrap(notCompared, page.columns);
  return `${[...wrap(text, page.columns), ...rest].join('\n')}\n${lookedAtToText(seen, page)}`;
}

function judgement(shown: readonly Diagnostic[], accepted: number): string {
  const found = shown.filter(({ severity }) => severity !== 'info');
  if (found.length > 0) return `found ${summary(found)}`;
  return accepted === 0 ? 'nothing found' : `nothing found but what is accepted (${accepted})`;
}

/** Writes what was found instead of telling it; what cannot be accepted is told all the same. */
function writeFindings(session: Session, path: string, result: VerifyResult, loaded: Loaded): ExitCode {
  const isLeft = (each: Diagnostic) => !isAcceptable(each) && each.name !== 'baseline-outdated';
  const left = result.diagnostics.filter(isLeft);
  // Input that is not valid was not looked at to the end.
  const isWhole = exitCodeOf(left) !== exitCodes.invalid;
  const { count, diagnostics } = isWhole
    ? writeBaseline(session.host, path, result, loaded)
    : { count: 0, diagnostics: [] };
  const all = [...left, ...diagnostics];
  report(session, all, loaded.directory);
  const findings = count === 1 ? 'one finding' : `${count} findings`;
  if (isWhole && diagnostics.length === 0)
    tell(session, `wrote ${findings} to ${path}: name it with \`--baseline\` from now on`);
  return exitCodeOf(all);
}

/** A project that was never compiled has nothing applied; a directory that somebody names has to be Ambit's. */
function readApplied(
  host: Host,
  directory: string | undefined,
  isNamed: boolean,
): Result<readonly AppliedFile[] | undefined> {
  if (directory === undefined) return { value: undefined, diagnostics: [] };
  const { value, diagnostics } = readOutput(host, directory);
  if (value !== undefined || diagnostics.length > 0) return { value, diagnostics };
  return { value: [], diagnostics: isNamed ? [nothingWritten(host, directory)] : [] };
}
