import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Cluster } from '../model.js';
import type { WorkloadDraft } from '../read-workloads.js';
import type { Revisions } from '../revisions.js';
import type { Labelled } from './subjects.js';

/** What a lint may look at: one cluster, read and joined. */
export interface LintContext {
  readonly cluster: Cluster;
  readonly revisions: Revisions;
  /** What in the cluster speaks to Istio by its labels. */
  readonly labelled: readonly Labelled[];
  /** The workloads as they were read: with their pods, and with the mode that a restart would bring. */
  readonly drafts: ReadonlyMap<string, WorkloadDraft>;
}

/** Looks for one mistake of enrolment that Istio would pass over in silence. */
export type Lint = (context: LintContext) => readonly Diagnostic[];
