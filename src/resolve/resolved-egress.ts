import type { Span } from '../diagnostics/diagnostic.js';
import type { Acceptance } from '../parse/acceptance.js';
import type { Condition } from '../parse/ast.js';
import type { Workload } from '../topology/model.js';
import type { BoundScope, Destination, Origin } from './resolved.js';

/** What workloads may call outside the mesh: nothing but what a rule of some settings allows. */
export interface ResolvedEgress {
  readonly origin: Origin;
  readonly scope: Exclude<BoundScope, { kind: 'mesh' }>;
  /** Whether the settings are for the mesh, of which this is a part. */
  readonly isOfMesh: boolean;
  /** Those that manifests show, in every cluster. */
  readonly workloads: readonly Workload[];
  readonly rules: readonly ResolvedEgressRule[];
  /** Whether NetworkPolicies are to be written that close the way past every proxy; else given ones have to do it. */
  readonly isOwnBackstop: boolean;
  /** Those in force. */
  readonly accept: readonly Acceptance[];
}

export interface ResolvedEgressRule {
  readonly origin: Origin;
  /** `undefined`: every workload of the scope, whoever comes later as well. */
  readonly callers: EgressCallers | undefined;
  readonly targets: readonly ResolvedEgressTarget[];
}

export interface EgressCallers {
  readonly workloads: readonly Workload[];
  /** `namespace/name`, sorted: as whom they run. */
  readonly serviceAccounts: readonly string[];
}

/** One port of a host, in every cluster that knows the host or is to know it. */
export interface ResolvedEgressTarget {
  readonly host: string;
  readonly port: number;
  /** What of requests is opened; all of it must hold. Empty: whatever is sent there. */
  readonly conditions: readonly Condition[];
  readonly destinations: readonly Destination[];
  readonly span: Span;
}
