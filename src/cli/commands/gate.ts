import { isAbsolute } from 'node:path';
import type { State } from '../../changes/change.js';
import { withClusterNames } from '../../changes/cluster-names.js';
import { contentOf } from '../../changes/content.js';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { bindApprovals, bindChecks } from '../../gate/bind.js';
import {
  type ChangeCheck,
  type CheckedChange,
  changeChecks,
  checkChanges,
  type GateStatus,
  isClosedByDoubt,
  isClosing,
  isLookedFor,
  judgeReach,
  statusOf,
  worstOf,
} from '../../gate/gate.js';
import type { GuardrailCheck } from '../../parse/ast.js';
import type { WrittenGate } from '../../parse/gate.js';
import type { IstioVersion } from '../../parse/mesh.js';
import { tell } from '../../policy-tests/tell.js';
import { changesAsFindings, toldChanges, undecidedAsFindings } from '../../report/diff.js';
import { commandLine, type GateReport, gateToJson, gateToMarkdown, gateToText } from '../../report/gate.js';
import { newMemory } from '../../util/memory.js';
import { sortBy } from '../../util/order.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { shownPath } from '../files/shown-path.js';
import { showingProgress } from '../progress.js';
import { checkWritten, type GateInputs, gateInputsOf, readApprovalFiles } from '../project/gate-inputs.js';
import { type SideName, withoutRange } from '../project/sides.js';
import { today } from '../today.js';
import { usageError } from '../usage-error.js';
import { type JudgedSide, judgeSide, labelsOf, loadOne } from './judged-sides.js';
import { reportAnswer, reportShown, type Session } from './session.js';

export interface GateCommandOptions {
  readonly filename: readonly string[];
  readonly project?: string;
  readonly base?: string;
  readonly istio?: IstioVersion;
  /** `false` where the check is asked for. */
  readonly newAccess: boolean;
  readonly weaker: boolean;
  readonly unacceptedDoubt: boolean;
  readonly mustNotReach: readonly string[];
  readonly approvals: readonly string[];
  readonly output: 'human' | 'json' | 'markdown';
}

/** Holds a change against what must not happen, and answers whether it may go on. */
export async function runGate(
  session: Session,
  names: readonly string[],
  options: GateCommandOptions,
): Promise<ExitCode> {
  const [first, second, ...others] = [
    ...(options.base === undefined ? [] : [options.base]),
    ...withoutRange(session.host, names),
  ];
  if (others.length > 0) return usageError(session, 'two sides are compared at a time, and `--base` names one of them');
  const written = options.mustNotReach.map(checkWritten);
  const wrong = options.mustNotReach.find((_, index) => written[index] === undefined);
  if (wrong !== undefined)
    return usageError(session, `\`${wrong}\` says not who must not reach what: write \`shop/web to payments/ledger\``);
  const memory = newMemory();
  const is = await judgeSide(session, await loadOne(session, nameOf(second), options), options.istio, memory);
  if (is.kind === 'failed') return is.exitCode;
  const inputs = gateInputsOf(is.side);
  const isAboutChange = asked(options, inputs.gates).length > 0 || inputs.gates.length > 0;
  if (first === undefined && !isAboutChange && written.length > 0) return answer(session, options, written, is, inputs);
  // An upgrade by itself changes nothing else.
  const usual =
    options.istio === undefined ? (inputs.gates.find(({ base }) => base !== undefined)?.base ?? 'HEAD') : undefined;
  const base = first ?? usual;
  const was = await judgeSide(session, await loadOne(session, nameOf(base), options), undefined, memory);
  if (was.kind === 'failed') return was.exitCode;
  return answer(session, options, written, is, inputs, was);
}

function nameOf(name: string | undefined): SideName {
  return name === undefined ? { kind: 'working-tree' } : { kind: 'named', name };
}

/** The checks about what changes that are asked for, in order. */
function asked(options: GateCommandOptions, gates: readonly WrittenGate[]): readonly ChangeCheck[] {
  const isAsked: Readonly<Record<ChangeCheck, boolean>> = {
    'no-new-access': !options.newAccess || gates.some(({ noNewAccess }) => noNewAccess),
    'no-weaker': !options.weaker || gates.some(({ noWeaker }) => noWeaker),
    'no-unaccepted-doubt': !options.unacceptedDoubt || gates.some(({ noUnacceptedDoubt }) => noUnacceptedDoubt),
  };
  return changeChecks.filter((check) => isAsked[check]);
}

/** What the project asked before the change holds for the change as well: nobody opens a gate by leaving a check out. */
async function answer(
  session: Session,
  options: GateCommandOptions,
  written: ReadonlyArray<GuardrailCheck | undefined>,
  is: JudgedSide,
  inputs: GateInputs,
  was?: JudgedSide,
): Promise<ExitCode> {
  const gates = [...inputs.gates, ...(was === undefined ? [] : gateInputsOf(was.side).gates)];
  const checks = was === undefined ? [] : asked(options, gates);
  const reaches = distinct([...written.flatMap((each) => each ?? []), ...gates.flatMap((gate) => gate.mustNotReach)]);
  if (checks.length + reaches.length === 0) return stop(session, is, [diagnostic('nothing-asked-of-gate', {}, null)]);
  const after = was === undefined ? is.state : withClusterNames(was.state, is.state);
  const ground = { topology: after.mesh.topology, groups: inputs.groups };
  const named = readApprovalFiles(session.host, options.approvals, is.side);
  const approvals = bindApprovals(ground, [...inputs.approvals, ...named.value], today(session.host));
  const bound = bindChecks(ground, reaches);
  const faults = [...named.diagnostics, ...approvals.diagnostics, ...bound.diagnostics];
  if (hasErrors(faults)) return stop(session, is, faults);
  const checked = await showingProgress(session, (progress) =>
    was === undefined ? [] : checkChanges(was.state, after, checks, approvals.value, progress),
  );
  const used = new Set(checked.flatMap(({ approvedBy }) => approvedBy));
  const unused = approvals.value
    .filter((each) => isLookedFor(each, checks) && !used.has(each.name))
    .map(({ name, approval }) => diagnostic('approval-unused', { name }, approval.span));
  tellOfGate(session, is, [...faults, ...unused]);
  return print(session, options, reportOf(is, was, after, checked, bound.value, options.istio));
}

function reportOf(
  is: JudgedSide,
  was: JudgedSide | undefined,
  after: State,
  checks: readonly CheckedChange[],
  reaches: Parameters<typeof judgeReach>[1],
  istio: IstioVersion | undefined,
): GateReport {
  const judged = judgeReach(after, reaches).map((outcome) => ({ outcome, status: statusOf(outcome) }));
  const guardrails = statusOfRefusals(is.refusals);
  return {
    sides: labelsOf(was ?? is, is, istio),
    status: worstOf([guardrails, ...checks.map(({ status }) => status), ...judged.map(({ status }) => status)]),
    guardrails,
    checks,
    reaches: judged,
  };
}

/** Output that a guardrail refuses is nothing that may be merged. */
function statusOfRefusals(refusals: readonly Diagnostic[]): GateStatus {
  if (refusals.length === 0) return 'passed';
  return exitCodeOf(refusals) === exitCodes.refused ? 'undecided' : 'closed';
}

function distinct(checks: readonly GuardrailCheck[]): readonly GuardrailCheck[] {
  return [...new Map(checks.map((check) => [contentOf(check), check])).values()];
}

function stop(session: Session, side: JudgedSide, faults: readonly Diagnostic[]): ExitCode {
  tellOfGate(session, side, faults);
  return exitCodeOf(faults);
}

/** What is wrong with what the gate asks and with its approvals, of which some lie beside the side. */
function tellOfGate(session: Session, { side }: JudgedSide, faults: readonly Diagnostic[]): void {
  const told = faults.map(withoutCommandLine);
  reportShown(session, told, (path) => (isAbsolute(path) ? shownPath(session.host, path) : side.displayPath(path)));
}

function print(session: Session, { output }: GateCommandOptions, told: GateReport): ExitCode {
  reportAnswer(session, findingsOf(told));
  const { output: page } = session.host;
  if (output === 'json') page.write(gateToJson(told));
  else if (output === 'markdown') page.write(gateToMarkdown(told));
  else page.write(gateToText(told, pageOf(session)));
  return { passed: exitCodes.success, closed: exitCodes.no, undecided: exitCodes.refused }[told.status];
}

/** What stands in the way, each once though several checks are about it: an error where it closes one of them. */
function findingsOf({ sides, checks, reaches }: GateReport): readonly Diagnostic[] {
  const found = checks.flatMap(({ check, changes }) => {
    const told = toldChanges({ ...sides, changes });
    return [
      ...changesAsFindings(sides, told).map((item, index) => {
        const change = told[index]?.change;
        return change !== undefined && isClosing(check, change) ? asError(item) : item;
      }),
      ...undecidedAsFindings(changes.undecided).map((item) => (isClosedByDoubt(check) ? asError(item) : item)),
    ];
  });
  const inOrder = sortBy(found, ({ severity }) => (severity === 'error' ? 'b' : 'a'));
  const once = new Map(inOrder.map((item) => [contentOf({ ...item, severity: undefined }), item]));
  const reached = reaches.flatMap(({ outcome }) =>
    tell(outcome, { isEmitted: () => true, inputs: sides.after.inputs }),
  );
  return [...once.values(), ...reached.map(withoutCommandLine)];
}

function asError(item: Diagnostic): Diagnostic {
  return { ...item, severity: 'error' };
}

/** What is asked on the command line stands in no file. */
function withoutCommandLine(item: Diagnostic): Diagnostic {
  return item.span?.file.path === commandLine ? { ...item, span: null } : item;
}
