import { type Change, type ChangeKind, type Changes, mayOnlyBeLost, type State } from '../changes/change.js';
import { compareMeshes } from '../changes/compare-meshes.js';
import type { Approvable } from '../parse/gate.js';
import { judgeGuardrail } from '../policy-tests/judge-guardrail.js';
import type { TestOutcome } from '../policy-tests/outcome.js';
import { situationsOf } from '../policy-tests/situation.js';
import type { ResolvedGuardrail } from '../resolve/resolved-guardrail.js';
import { oncePer } from '../util/once.js';
import type { Progress } from '../util/progress.js';
import { approvedSets } from './approved-sets.js';
import type { BoundApproval } from './bind.js';

/** What a gate can ask of a change, beside what must not be reached afterwards. */
export const changeChecks = ['no-new-access', 'no-weaker', 'no-unaccepted-doubt'] as const;
export type ChangeCheck = (typeof changeChecks)[number];

export type GateStatus = 'passed' | 'closed' | 'undecided';

/** One check about what changes, and what of it stands in the way. */
export interface CheckedChange {
  readonly check: ChangeCheck;
  readonly status: GateStatus;
  /** The changes that close it, or leave it undecided, and the facts that are missing. */
  readonly changes: Changes;
  /** The approvals without which more would stand in its way. */
  readonly approvedBy: readonly string[];
}

interface Rule {
  readonly approved: Approvable;
  closes(change: Change): boolean;
  leavesOpen(change: Change): boolean;
  /** What facts come to for want of which nothing is said of some requests. */
  readonly withoutFacts: GateStatus;
}

const isOneOf =
  (...kinds: readonly ChangeKind[]) =>
  ({ kind }: Change) =>
    kinds.includes(kind);

const inDoubt = isOneOf('access-in-doubt', 'cluster-on-one-side');
/** Whether more may pass by a change than is known to. */
const mayLetMoreThrough = (change: Change) => inDoubt(change) && !mayOnlyBeLost(change);
const weaker = isOneOf(
  'requests-no-longer-told-apart',
  'token-no-longer-needed',
  'authorizer-no-longer-asked',
  'plaintext-accepted',
);

/** Whether a default is relaxed: anyone is let through, or some are by no rule that says so. */
function isByDefault({ kind, callers, witness }: Change): boolean {
  if (kind !== 'access-granted') return false;
  const isSaid = witness?.after.trace.responsible.some(({ role }) => role === 'allows') ?? true;
  return callers?.isEveryone === true || !isSaid;
}

const rules: Readonly<Record<ChangeCheck, Rule>> = {
  'no-new-access': {
    approved: 'NewAccess',
    closes: isOneOf(
      'access-granted',
      'requests-no-longer-told-apart',
      'token-no-longer-needed',
      // The authorizer may have refused any of it.
      'authorizer-no-longer-asked',
    ),
    leavesOpen: mayLetMoreThrough,
    withoutFacts: 'undecided',
  },
  'no-weaker': {
    approved: 'Weakening',
    closes: (change) => weaker(change) || isByDefault(change),
    leavesOpen: mayLetMoreThrough,
    withoutFacts: 'undecided',
  },
  'no-unaccepted-doubt': { approved: 'Doubt', closes: inDoubt, leavesOpen: () => false, withoutFacts: 'closed' },
};

/** Whether an approval is one that a check looks for. */
export function isLookedFor({ approves }: BoundApproval, checks: readonly ChangeCheck[]): boolean {
  return checks.some((check) => approves.includes(rules[check].approved));
}

/** Whether a change closes a check, rather than to leave it undecided. */
export function isClosing(check: ChangeCheck, change: Change): boolean {
  return rules[check].closes(change);
}

/** Whether facts that are missing close a check. */
export function isClosedByDoubt(check: ChangeCheck): boolean {
  return rules[check].withoutFacts === 'closed';
}

/** Holds a change against checks; each without the requests that are approved for it. */
export function checkChanges(
  before: State,
  after: State,
  checks: readonly ChangeCheck[],
  approvals: readonly BoundApproval[],
  progress?: Progress,
): readonly CheckedChange[] {
  const whole = compareMeshes(before, after, { progress });
  const without = oncePer(
    (own: readonly BoundApproval[]) => compareMeshes(before, after, { approvals: approvedBy(after, own), progress }),
    (own) => own.map((each) => approvals.indexOf(each)).join(),
  );
  return checks.map((check): CheckedChange => {
    const own = approvals.filter(({ approves }) => approves.includes(rules[check].approved));
    const found = checked(check, whole);
    return own.length === 0 || found.status === 'passed' ? found : checked(check, without(own));
  });
}

function approvedBy({ mesh }: State, approvals: readonly BoundApproval[]) {
  return approvedSets(
    mesh,
    approvals.map(({ requests }) => requests),
  );
}

function checked(check: ChangeCheck, found: Changes): CheckedChange {
  const { closes, leavesOpen, withoutFacts } = rules[check];
  const changes = found.changes.filter((change) => closes(change) || leavesOpen(change));
  const undecided = found.undecided.filter(({ isCrossing }) => !isCrossing);
  const statuses = [
    ...changes.map((change): GateStatus => (closes(change) ? 'closed' : 'undecided')),
    ...undecided.map(() => withoutFacts),
  ];
  return { check, status: worstOf(statuses), changes: { ...found, changes, undecided }, approvedBy: found.approvedBy };
}

/** Judges what must not be reached, by the deployment as it is after the change. */
export function judgeReach({ mesh, objects }: State, checks: readonly ResolvedGuardrail[]): readonly TestOutcome[] {
  const { topology } = mesh;
  const situationOf = situationsOf({ settings: topology.mesh, given: objects, objects, mesh, applied: new Set() });
  return checks.map((check) => judgeGuardrail(situationOf, check));
}

/** A check of which nothing could ever fail is a mistake, and closes the gate. */
export function statusOf({ status }: TestOutcome): GateStatus {
  if (status === 'failed' || status === 'vacuous') return 'closed';
  return status === 'passed' ? 'passed' : 'undecided';
}

export function worstOf(statuses: readonly GateStatus[]): GateStatus {
  if (statuses.includes('closed')) return 'closed';
  return statuses.includes('undecided') ? 'undecided' : 'passed';
}
