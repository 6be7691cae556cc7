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

/** One commit: who and when, and what it changed in meaning. */
export interface LogEntry {
  readonly commit: {
    readonly id: string;
    readonly parents: readonly string[];
    readonly author: string;
    readonly email: string;
    readonly date: string;
    readonly subject: string;
    readonly reviewers: readonly string[];
  };
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
