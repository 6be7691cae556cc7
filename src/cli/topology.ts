import { hasErrors } from '../diagnostics/diagnostic.js';
import { compile } from '../pipeline.js';
import { topologyToJson, topologyToText } from '../report/topology.js';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-code.js';
import { type InputOptions, load } from './load.js';
import { report, type Session } from './session.js';
import { today } from './today.js';

export interface TopologyCommandOptions extends InputOptions {
  readonly output: 'human' | 'json';
}

/** Shows the deployment as Istio sees it. Findings that are errors answer no; faults of the intents are not asked for. */
export async function runTopology(session: Session, options: TopologyCommandOptions): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics } = await load(host, options);
  if (hasErrors(diagnostics)) {
    report(session, diagnostics, loaded.directory);
    return exitCodeOf(diagnostics);
  }
  const result = compile(loaded.sources, { today: today(host), provenance: 'none' });
  const { topology } = result;
  const findings = [
    ...diagnostics,
    ...result.diagnostics.filter(({ code }) => topology === undefined || isFinding(code)),
  ];
  report(session, findings, loaded.directory);
  if (topology === undefined) return exitCodes.invalid;
  host.output.write(
    options.output === 'json' ? `${JSON.stringify(topologyToJson(topology), null, 2)}\n` : topologyToText(topology),
  );
  return hasErrors(findings) ? exitCodes.no : exitCodes.success;
}

/** Codes of enrolment. */
function isFinding(code: string): boolean {
  return code.startsWith('AMB25');
}
