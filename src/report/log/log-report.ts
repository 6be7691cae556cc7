import type { DiffReport } from '../diff/diff-report.js';

/** What became of a mesh from one commit to another, commit by commit. */
export interface LogReport {
  readonly from: string;
  readonly to: string;
  /** The newest first. */
  readonly entries: readonly LogEntry[];
  /** How many older commits are left out. */
  readonly leftOut: number;
}

/** One commit, as Git tells of it. */
export interface Commit {
  /** Short, and still the only one of its name. */
  readonly id: string;
  /** The whole id, which stays the only one of its name. */
  readonly hash: string;
  /** Short ids; none of the first commit, and of one whose parents a shallow clone does not have. */
  readonly parents: readonly string[];
  readonly author: string;
  readonly email: string;
  /** Who put it where it is, which need not be who wrote it. */
  readonly committer: string;
  readonly committerEmail: string;
  /** When it was committed, as it is written there. */
  readonly date: string;
  readonly subject: string;
  /** Whom its message names as having reviewed, approved or acknowledged it. */
  readonly reviewers: readonly string[];
}

/** One commit, and what it changed in meaning. */
export interface LogEntry {
  readonly commit: Commit;
  readonly outcome:
    | {
        readonly kind: 'compared';
        readonly report: DiffReport;
        /** The approvals among its files without which more would need one. */
        readonly approvals: readonly LogApproval[];
        /** The commit that it is compared with, where that is not its first parent. */
        readonly insteadOfParent: string | undefined;
      }
    | { readonly kind: 'not-compared'; readonly because: string };
}

export interface LogApproval {
  readonly name: string;
  readonly until: string;
  readonly reason: string;
  readonly owner: string | undefined;
}
