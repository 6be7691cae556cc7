import { hasErrors } from '../diagnostics/diagnostic.js';
import { verify } from '../pipeline.js';
import { proofToJson, proofToText } from '../report/proof.js';
import { type ExitCode, exitCodeOf } from './exit-code.js';
import { type InputOptions, load } from './load.js';
import { report, type Session } from './session.js';
import { today } from './today.js';
import { outputDirectory, readOutput } from './written-output.js';

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
  const { value: applied, diagnostics: reading } =
    directory === undefined ? { value: undefined, diagnostics: [] } : readOutput(host, directory);
  const early = [...loading, ...reading];
  if (hasErrors(early)) {
    report(session, early, loaded.directory);
    return exitCodeOf(early);
  }
  const { proof, diagnostics } = verify(loaded.sources, { today: today(host), ...(applied && { applied }) });
  const found = [...early, ...diagnostics];
  report(session, found, loaded.directory);
  if (proof !== undefined) host.output.write(options.output === 'json' ? proofToJson(proof) : proofToText(proof));
  // Without intents the question is whether anything is wrong with the manifests, and every finding says yes.
  return exitCodeOf(found, options.denyWarnings ?? proof === undefined);
}
