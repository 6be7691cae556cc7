import { hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import type { AppliedFile } from '../../mesh/applied.js';
import { verify } from '../../pipeline.js';
import { diagnosticsToJson } from '../../report/json.js';
import { proofToJson, proofToText } from '../../report/proof.js';
import { type ExitCode, exitCodeOf } from '../exit-code.js';
import type { Host } from '../files/host.js';
import { type InputOptions, load } from '../project/load.js';
import { nothingWritten, outputDirectory, readOutput } from '../project/written-output.js';
import { today } from '../today.js';
import { displayPathFrom, report, type Session } from './session.js';

interface VerifyCommandOptions extends InputOptions {
  readonly outputDir?: string;
  readonly output: 'human' | 'json';
  readonly denyWarnings?: boolean;
}

/**
 * Proves that manifests mean what the intents say: those that are named, or the project's with its output as it is on
 * disk. Manifests without intents are judged by themselves.
 */
export async function runVerify(session: Session, options: VerifyCommandOptions): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics: loading } = await load(host, options);
  const directory = outputDirectory(host, loaded, options.outputDir);
  const { value: applied, diagnostics: reading } = readApplied(host, directory, options.outputDir !== undefined);
  const early = [...loading, ...reading];
  if (hasErrors(early)) {
    report(session, early, loaded.directory);
    return exitCodeOf(early);
  }
  const { proof, diagnostics } = verify(loaded.sources, { today: today(host), ...(applied && { applied }) });
  const found = [...early, ...diagnostics];
  report(session, found, loaded.directory);
  const isJson = options.output === 'json';
  if (proof !== undefined) host.output.write(isJson ? proofToJson(proof) : proofToText(proof));
  else if (isJson) host.output.write(diagnosticsToJson(found, displayPathFrom(host, loaded.directory)));
  // Without intents the question is whether anything is wrong with the manifests, and every finding says yes.
  return exitCodeOf(found, options.denyWarnings ?? proof === undefined);
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
