import { narrowing } from '../../../dataplanes/reachability.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { ResolvedReachability } from '../../../resolve/resolved-reachability.js';
import { scopeLabel } from '../../../resolve/scopes.js';
import { type Cluster, keyOf, type Workload } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';

/** Pods of a scope whose proxy is no sidecar know what they knew: a mixed namespace is told so. */
export function reportKnowingAll(
  context: PlaceContext,
  cluster: Cluster,
  workloads: readonly Workload[],
  { scope, origin }: ResolvedReachability,
): void {
  const ambient = workloads.filter(({ mode }) => mode.plane === 'ambient');
  const row = narrowing('ztunnel', cluster.settings);
  if (ambient.length === 0 || row.form !== undefined) return;
  const parameters = { scope: scopeLabel(scope), workloads: labelsOf(ambient), because: row.because };
  context.report(diagnostic('known-as-before', parameters, origin.span));
}

/** Workloads as a message lists them. */
export function labelsOf(workloads: readonly Workload[]): string {
  return workloads.map((workload) => `\`${keyOf(workload)}\``).join(', ');
}
