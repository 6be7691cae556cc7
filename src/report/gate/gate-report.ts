import type { CheckedChange, GateStatus } from '../../gate/gate.js';
import type { TestOutcome } from '../../policy-tests/outcome.js';
import { groupBy } from '../../util/order.js';
import type { DiffReport } from '../diff/diff-report.js';
import { titleOf } from '../diff/titles.js';
import { decidingLines, type Places } from '../tests.js';
import { placeOf } from '../trace/trace-report.js';
import { counted } from '../words.js';

/** What a gate answers of a change, with how each side is called. */
export interface GateReport {
  readonly sides: Omit<DiffReport, 'changes'>;
  readonly status: GateStatus;
  /** What guardrails say of what is compiled after the change. */
  readonly guardrails: GateStatus;
  readonly checks: readonly CheckedChange[];
  /** What must not be reached, each with its own status. */
  readonly reaches: ReadonlyArray<{ readonly status: GateStatus; readonly outcome: TestOutcome }>;
}

const words: Readonly<Record<GateStatus, string>> = { passed: 'open', closed: 'closed', undecided: 'undecided' };

/** The answer in a line. */
export function answerOf({ sides: { before, after }, status, checks }: GateReport): string {
  const of = checks.length === 0 ? `for ${after.label}` : `from ${before.label} to ${after.label}`;
  return `the gate is ${words[status]} ${of}`;
}

/** What one check found, in a line: `no-new-access: 2 × access granted`. */
export function checkInWords({ check, status, changes, approvedBy }: CheckedChange): string {
  const counts = [...groupBy(changes.changes, ({ kind }) => kind)].map(
    ([kind, all]) => `${all.length} × ${titleOf(kind).title}`,
  );
  const facts = changes.undecided.length === 0 ? [] : [`${counted(changes.undecided.length, 'fact')} not known`];
  const found = [...counts, ...facts].join(', ');
  const approved = approvedBy.length === 0 ? '' : `, approved by ${approvedBy.join(', ')}`;
  return `${check}: ${status === 'passed' ? 'holds' : found}${approved}`;
}

/** What guardrails object is told beside the answer; none of it where they object nothing. */
export function guardrailsInWords({ guardrails }: GateReport): readonly string[] {
  if (guardrails === 'passed') return [];
  return [`guardrails: ${guardrails === 'closed' ? 'one is broken' : 'one is not proved'}`];
}

type Reach = GateReport['reaches'][number];

export function reachInWords({ outcome: { name, status } }: Reach): string {
  const said = { passed: 'holds', failed: 'is reached', undecided: 'is not proved', vacuous: 'can never fail' }[status];
  return `must-not-reach ${name}: ${said}`;
}

/** Where a check stands that is no line of a file. */
export const commandLine = '--must-not-reach';

/** Why something is reached or may be, and where it is asked in a file; nothing where it is not. */
export function reachReasons({ status, outcome }: Reach, places: Places): readonly string[] {
  if (status === 'passed') return [];
  const isInFile = outcome.span.file.path !== commandLine;
  return [...decidingLines(outcome, places), ...(isInFile ? [placeOf(outcome.span, places.displayPath)] : [])];
}
