import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { compile } from '../../pipeline.js';
import { topologyToJson, topologyToText } from '../../report/topology.js';
import type { Topology } from '../../topology/model.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { type BaselineOptions, loadWithBaseline } from '../project/baseline-file.js';
import type { InputOptions } from '../project/load.js';
import { today } from '../today.js';
import { report, type Session } from './session.js';
import { divide, type ThresholdOptions } from './threshold.js';

interface TopologyCommandOptions extends InputOptions, BaselineOptions, ThresholdOptions {
  readonly output: 'human' | 'json';
}

/**
 * Shows the deployment as Istio sees it. Findings that are errors answer no; input that cannot be read is invalid, and
 * what the compiler would say about the rules is not asked for.
 */
export async function runTopology(session: Session, options: TopologyCommandOptions): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics } = await loadWithBaseline(host, options);
  if (hasErrors(diagnostics)) {
    report(session, diagnostics, loaded.directory);
    return exitCodeOf(diagnostics);
  }
  const result = compile(loaded.sources, { today: today(host), said: diagnostics, provenance: 'none', verify: false });
  const { shown: findings, below } = divide(result.diagnostics.filter(isMeant), options);
  const accepted = result.accepted.filter(({ diagnostic }) => isMeant(diagnostic));
  report(session, findings, loaded.directory, { accepted, below });
  if (result.topology !== undefined) host.output.write(print(session, result.topology, options.output));
  const unread = findings.filter(({ code }) => !isFinding(code));
  if (hasErrors(unread)) return exitCodeOf(unread);
  return hasErrors(findings) ? exitCodes.no : exitCodes.success;
}

function print(session: Session, topology: Topology, format: TopologyCommandOptions['output']): string {
  if (format === 'json') return `${JSON.stringify(topologyToJson(topology), null, 2)}\n`;
  return topologyToText(topology, pageOf(session));
}

/** What is said of enrolment, of files and their text, and of what somebody accepts of that. */
function isMeant({ code, name, parameters }: Diagnostic): boolean {
  if (name === 'acceptance-unused') return isFinding(String(parameters.what));
  return isFinding(code) || isOfReading(code) || name === 'acceptance-expired' || name === 'malformed-date';
}

/** Codes of enrolment. */
function isFinding(code: string): boolean {
  return code.startsWith('AMB25');
}

/** Codes of files and of their text. */
function isOfReading(code: string): boolean {
  return /^AMB[01]/.test(code);
}
