import { notRecorded, type RecordFeature } from '../../../dataplanes/telemetry.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { ResolvedTelemetry } from '../../../resolve/resolved-telemetry.js';
import { type Cluster, keyOf, type Workload } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';

/** Says of whom ztunnel alone records something, which it does by settings of its own. */
export function reportZtunnel(
  context: PlaceContext,
  cluster: Cluster,
  { origin }: ResolvedTelemetry,
  workloads: readonly Workload[],
  features: readonly RecordFeature[],
): void {
  const lacks = features.flatMap((feature) => notRecorded(feature, 'ztunnel', cluster.settings.istio) ?? []);
  const [first, ...others] = sortedUnique(workloads.map(keyOf));
  if (first === undefined || lacks.length === 0) return;
  const more = others.length > 0 ? ` and ${others.length} more in cluster \`${cluster.name}\`` : '';
  const notes = lacks.map(({ because, fact }) => ({ message: `${because} (${fact})` }));
  const parameters = { settings: origin.id, workloads: `\`${first}\`${more}` };
  context.report(diagnostic('ztunnel-records-otherwise', parameters, origin.span, { notes }));
}
