import { withClusterNames } from '../../changes/cluster-names.js';
import { compareMeshes } from '../../changes/compare-meshes.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { bindApprovals } from '../../gate/bind.js';
import { changeChecks, checkChanges } from '../../gate/gate.js';
import {
  type Commit,
  type LogApproval,
  type LogEntry,
  type LogReport,
  logToJson,
  logToText,
} from '../../report/log.js';
import { type Memory, newMemory } from '../../util/memory.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { type History, historyOf } from '../files/git.js';
import { showingProgress } from '../progress.js';
import { gateInputsOf } from '../project/gate-inputs.js';
import { usageError } from '../usage-error.js';
import { isSameTextIn, type JudgedSide, judgeQuietly, labelsOf, loadOne } from './judged-sides.js';
import { report, type Session } from './session.js';

export interface LogCommandOptions {
  readonly filename: readonly string[];
  readonly project?: string;
  readonly maxCount: number;
  readonly output: 'human' | 'json';
}

/** Records what each commit of a range changed in meaning, by whom, when, and with whose approval. */
export async function runLog(session: Session, range: string, options: LogCommandOptions): Promise<ExitCode> {
  const [from = '', to = '', ...others] = range.split('..');
  if (from === '' || to === '' || to.startsWith('.') || others.length > 0)
    return usageError(session, `\`${range}\` is no range of commits: write \`v1.0..HEAD\``);
  const { value: history, diagnostics } = await historyOf(session.host, from, to, options.maxCount);
  if (history === undefined) {
    report(session, diagnostics, session.host.workingDirectory);
    return exitCodeOf(diagnostics);
  }
  const told: LogReport = { from, to, entries: await entriesOf(session, history, options), leftOut: history.leftOut };
  const { output } = session.host;
  output.write(options.output === 'json' ? logToJson(told) : logToText(told, pageOf(session)));
  return told.entries.every(isDecided) ? exitCodes.success : exitCodes.refused;
}

function isDecided({ outcome }: LogEntry): boolean {
  return outcome.kind === 'compared' && outcome.report.changes.undecided.every(({ isCrossing }) => isCrossing);
}

type Judgement = Awaited<ReturnType<typeof judgeQuietly>>;

/** A state of the project, and the commit that has it. */
interface Point {
  readonly id: string;
  readonly side: JudgedSide;
}

/** From the oldest on, so that each commit is judged once: what it leaves behind is what the next begins with. */
async function entriesOf(
  session: Session,
  { commits, isShallow }: History,
  options: LogCommandOptions,
): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  const memory = newMemory();
  let last: Point | undefined;
  for (const commit of [...commits].reverse()) {
    const [parent] = commit.parents;
    if (parent === undefined) {
      entries.unshift({ commit, outcome: { kind: 'not-compared', because: withoutParent(isShallow) } });
    } else if (entries.length === 0) {
      const before = await judgeCommit(session, parent, dayOf(commit), options, memory, undefined);
      if (before.kind === 'judged') last = { id: parent, side: before };
    }
    const is = await judgeCommit(session, commit.id, dayOf(commit), options, memory, last?.side);
    if (parent !== undefined) entries.unshift({ commit, outcome: outcomeOf(commit, parent, last, is) });
    if (is.kind === 'judged') last = { id: commit.id, side: is };
  }
  return entries;
}

function withoutParent(isShallow: boolean): string {
  return isShallow
    ? 'this clone is shallow and does not have the commit before it'
    : 'it is the first commit, and nothing was before it';
}

/** What was accepted and approved on the day of a commit counted on that day. */
function dayOf({ date }: Commit): string {
  return date.slice(0, 10);
}

/** What has the texts of the commit before it is not judged again. */
async function judgeCommit(
  session: Session,
  id: string,
  day: string,
  options: LogCommandOptions,
  memory: Memory,
  before: JudgedSide | undefined,
): Promise<Judgement> {
  const loaded = await loadOne(session, { kind: 'named', name: id }, options);
  const { value: side } = loaded;
  const isSame = before !== undefined && side !== undefined && isSameTextIn(before.side, side);
  if (isSame) return { ...before, side, warnings: [] };
  return showingProgress(session, (progress) => judgeQuietly(day, loaded, undefined, { memory, progress }));
}

function outcomeOf(commit: Commit, parent: string, last: Point | undefined, is: Judgement): LogEntry['outcome'] {
  if (is.kind === 'wrong') return { kind: 'not-compared', because: `it does not compile: ${inWords(is.diagnostics)}` };
  if (last === undefined) return { kind: 'not-compared', because: 'nothing before it compiles' };
  const after = withClusterNames(last.side.state, is.state);
  return {
    kind: 'compared',
    report: { ...labelsOf(last.side, is), changes: compareMeshes(last.side.state, after) },
    approvals: approvalsOf(last.side, is, dayOf(commit)),
    insteadOfParent: last.id === parent ? undefined : last.id,
  };
}

function inWords(diagnostics: readonly Diagnostic[]): string {
  const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error');
  if (first === undefined) return 'there is no project';
  return `${first.code}, ${first.message}${others.length === 0 ? '' : `, and ${others.length} more`}`;
}

/** The approvals among its files that some of the change hangs on. */
function approvalsOf(was: JudgedSide, is: JudgedSide, day: string): readonly LogApproval[] {
  const { approvals, groups } = gateInputsOf(is.side);
  if (approvals.length === 0) return [];
  const after = withClusterNames(was.state, is.state);
  const { value: bound } = bindApprovals({ topology: after.mesh.topology, groups }, approvals, day);
  const used = new Set(checkChanges(was.state, after, changeChecks, bound).flatMap(({ approvedBy }) => approvedBy));
  return bound
    .filter(({ name }) => used.has(name))
    .map(({ name, approval: { until, reason, owner } }) => ({ name, until: until.value, reason, owner }));
}
