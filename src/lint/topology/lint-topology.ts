import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { inTextOrder } from '../../diagnostics/order.js';
import type { Cluster, Topology } from '../../topology/model.js';
import { computeAnew, type Recall } from '../../util/memory.js';
import { lints } from './registry.js';
import { unknownRevisions } from './revisions.js';
import { labelledObjects } from './subjects.js';

/** What looks wrong in how workloads, Services and waypoints are enrolled, whatever policies there are. */
export function lintTopology({ clusters }: Topology, recall: Recall = computeAnew): readonly Diagnostic[] {
  return inTextOrder(
    clusters.flatMap((cluster) => recall('lint of', cluster.name, [cluster], () => lintCluster(cluster))),
  );
}

/** Of the same only what is an error. */
export function lintForErrors({ clusters }: Topology): readonly Diagnostic[] {
  const found = clusters.flatMap((cluster) => unknownRevisions({ cluster }));
  return inTextOrder(found.filter(({ severity }) => severity === 'error'));
}

function lintCluster(cluster: Cluster): readonly Diagnostic[] {
  const context = { cluster, labelled: labelledObjects(cluster) };
  return lints.flatMap((lint) => lint(context));
}
