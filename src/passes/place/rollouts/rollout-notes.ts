import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import type { Cluster } from '../../../topology/model.js';
import { rolloutOf } from '../../../topology/rollouts/weight-controllers.js';

/** What a reader of an object has to know whose labels a Rollout adds to. `field`: those labels, as jq writes them. */
export function rolloutNotes({ destination }: DestinationPolicy, cluster: Cluster, field: string): string[] {
  const rollout = destination.workloads.flatMap((workload) => rolloutOf(cluster, workload) ?? [])[0];
  if (rollout === undefined || rollout.routes.length === 0) return [];
  return [
    `Rollout ${rollout.object.name} adds a label to tell its versions apart, which GitOps has to leave alone:`,
    `\`${field}\`, in Argo CD under \`ignoreDifferences\``,
  ];
}
