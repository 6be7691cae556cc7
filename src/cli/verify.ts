import { resolve } from 'node:path';
import { diagnostic } from '../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result } from '../diagnostics/diagnostic.js';
import { type OutputFile, verify } from '../pipeline.js';
import { proofToJson, proofToText } from '../report/proof.js';
import { type ExitCode, exitCodeOf } from './exit-code.js';
import type { Host } from './host.js';
import { type InputOptions, type Loaded, load } from './load.js';
import { markerName, readTree } from './output-tree.js';
import { report, type Session } from './session.js';
import { shownPath } from './shown-path.js';
import { reasonOf } from './system-error.js';
import { today } from './today.js';

export interface VerifyCommandOptions extends InputOptions {
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
  const { value: applied, diagnostics: reading } = readOutput(host, directoryOf(host, options, loaded));
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

function directoryOf(
  host: Host,
  { outputDir }: VerifyCommandOptions,
  { directory, project }: Loaded,
): string | undefined {
  if (outputDir !== undefined) return resolve(host.workingDirectory, outputDir);
  return project?.output === undefined ? undefined : resolve(directory, project.output);
}

/** The objects that Ambit wrote into its directory; one that does not exist holds none. */
function readOutput(host: Host, directory: string | undefined): Result<readonly OutputFile[] | undefined> {
  if (directory === undefined) return { value: undefined, diagnostics: [] };
  try {
    const own = readTree(host.files, directory)?.own ?? new Map<string, Uint8Array>();
    const decoder = new TextDecoder();
    const objects = [...own].filter(([path]) => path !== markerName && path.includes('/'));
    return { value: objects.map(([path, bytes]) => ({ path, text: decoder.decode(bytes) })), diagnostics: [] };
  } catch (error) {
    const fault: Diagnostic = diagnostic(
      'output-not-readable',
      { path: shownPath(host, directory), reason: reasonOf(error) },
      null,
    );
    return { value: undefined, diagnostics: [fault] };
  }
}
