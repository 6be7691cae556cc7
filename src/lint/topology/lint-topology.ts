import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { inTextOrder } from '../../diagnostics/order.js';
import type { Topology } from '../../topology/model.js';
import { lints } from './registry.js';
import { labelledObjects } from './subjects.js';

/** What looks wrong in how workloads, Services and waypoints are enrolled, whatever policies there are. */
export function lintTopology({ clusters }: Topology): readonly Diagnostic[] {
  const contexts = clusters.map((cluster) => ({ cluster, labelled: labelledObjects(cluster) }));
  return inTextOrder(contexts.flatMap((context) => lints.flatMap((lint) => lint(context))));
}
