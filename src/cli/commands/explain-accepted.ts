import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import type { Source, VerifyResult } from '../../pipeline.js';
import { compile, verify } from '../../pipeline.js';
import { acceptancesToText } from '../../report/accepted.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import type { Host } from '../files/host.js';
import { type BaselineOptions, loadWithBaseline } from '../project/baseline-file.js';
import type { InputOptions } from '../project/load.js';
import { today } from '../today.js';
import { displayPathFrom, report, type Session } from './session.js';

/** Lists all that is accepted, and what it covers at present. */
export async function runExplainAccepted(session: Session, options: InputOptions & BaselineOptions): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics } = await loadWithBaseline(host, options);
  if (hasErrors(diagnostics)) {
    report(session, diagnostics, loaded.directory);
    return exitCodeOf(diagnostics);
  }
  const found = findAll(host, loaded.sources, diagnostics);
  const displayPath = displayPathFrom(host, loaded.directory);
  host.output.write(acceptancesToText({ ...found, displayPath, page: pageOf(session) }));
  return exitCodes.success;
}

/** Intents are compiled and proved; manifests by themselves are judged as they are. */
function findAll(
  host: Host,
  sources: readonly Source[],
  said: readonly Diagnostic[],
): Pick<VerifyResult, 'diagnostics' | 'accepted' | 'acceptances'> {
  const compiled = compile(sources, { today: today(host), said });
  return compiled.intents?.length === 0 ? verify(sources, { today: today(host), said }) : compiled;
}
