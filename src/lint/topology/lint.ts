import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Cluster } from '../../topology/model.js';
import type { Labelled } from './subjects.js';

/** What a lint may look at: one cluster, read and joined. */
export interface LintContext {
  readonly cluster: Cluster;
  /** What in the cluster speaks to Istio by its labels. */
  readonly labelled: readonly Labelled[];
}

/** Looks for one mistake of enrolment that Istio would not report. */
export type Lint = (context: LintContext) => readonly Diagnostic[];
