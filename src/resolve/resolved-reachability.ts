import type { Workload } from '../topology/model.js';
import type { BoundScope, Origin } from './resolved.js';

/** What the sidecars of a scope are to know of the mesh, with its names bound. */
export interface ResolvedReachability {
  readonly origin: Origin;
  /** Never a Service. */
  readonly scope: BoundScope;
  /** Whether they know what the intents let their pods call. */
  readonly isDeclared: boolean;
  /** What they know beside that, or in its place: each once, sorted. */
  readonly reaches: readonly ReachedHost[];
}

/** A host of one namespace, in full, with a wildcard in front, or `*` for all that the namespace has. */
export interface ReachedHost {
  readonly namespace: string;
  readonly host: string;
}

/** Whether what is said of a scope is for a workload. */
export function isIn({ namespace, name }: Pick<Workload, 'namespace' | 'name'>, scope: BoundScope): boolean {
  if (scope.kind === 'mesh') return true;
  return scope.namespace === namespace && (scope.kind === 'namespace' || scope.name === name);
}
