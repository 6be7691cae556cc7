import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { compile } from '../../pipeline.js';
import { meshConfigToText } from '../../report/mesh-config.js';
import { topologyToJson, topologyToText } from '../../report/topology.js';
import type { Topology } from '../../topology/model.js';
import { selectedPart } from '../../topology/selection.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { type BaselineOptions, inputsWithBaseline, loadWithBaseline } from '../project/baseline-file.js';
import type { InputOptions } from '../project/load.js';
import { today } from '../today.js';
import { type NarrowOptions, narrow, refuseNames, unknownNames } from './narrow.js';
import { report, type Session } from './session.js';
import { divide, type ThresholdOptions } from './threshold.js';

interface TopologyCommandOptions extends InputOptions, BaselineOptions, ThresholdOptions, NarrowOptions {
  readonly output: 'human' | 'json' | 'mesh-config';
  /** Whether to show a large deployment object by object too. */
  readonly all?: boolean;
}

/**
 * Shows the deployment as Istio sees it. Findings that are errors answer no; input that cannot be read is invalid, and
 * what the compiler would say about the rules is not asked for.
 */
export async function runTopology(
  session: Session,
  names: readonly string[],
  options: TopologyCommandOptions,
): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics } = await loadWithBaseline(host, options);
  if (hasErrors(diagnostics)) {
    report(session, diagnostics, loaded.directory);
    return exitCodeOf(diagnostics);
  }
  const result = compile(loaded.sources, {
    today: today(host),
    said: diagnostics,
    inputs: loaded.inputs,
    provenance: 'none',
    verify: false,
  });
  const { topology } = result;
  const selection = { namespaces: options.namespace, names };
  const wrong = topology === undefined ? [] : unknownNames(topology, selection);
  if (wrong.length > 0) return refuseNames(session, wrong);
  const { here, elsewhere } = narrow(result.diagnostics.filter(isMeant), selection);
  const { shown: findings, below } = divide(here, options);
  const accepted = result.accepted.filter(({ diagnostic }) => isMeant(diagnostic));
  const inputs = inputsWithBaseline(loaded, options);
  report(session, findings, loaded.directory, { accepted, below, elsewhere, inputs });
  if (topology !== undefined) host.output.write(print(session, selectedPart(topology, selection), options));
  const unread = findings.filter(({ code }) => !isFinding(code));
  if (hasErrors(unread)) return exitCodeOf(unread);
  return hasErrors(findings) ? exitCodes.no : exitCodes.success;
}

function print(session: Session, topology: Topology, { output, all = false }: TopologyCommandOptions): string {
  if (output === 'mesh-config') return meshConfigToText(topology);
  if (output === 'json') return `${JSON.stringify(topologyToJson(topology), null, 2)}\n`;
  return topologyToText(topology, pageOf(session), all ? Number.POSITIVE_INFINITY : mostBlocks);
}

/** A cluster with more objects is shown namespace by namespace. */
const mostBlocks = 80;

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
