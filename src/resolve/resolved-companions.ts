import type { Workload } from '../topology/model.js';
import type { BoundScope, Origin } from './resolved.js';

/** Workloads for which NetworkPolicies are asked for beside what Istio enforces. */
export interface ResolvedCompanions {
  readonly origin: Origin;
  readonly scope: BoundScope;
  /** In every cluster. */
  readonly workloads: readonly Workload[];
}
