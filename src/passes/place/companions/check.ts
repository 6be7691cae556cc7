import { diagnostic } from '../../../diagnostics/create.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import { isManaged, spanIn } from '../../../parse/document.js';
import { nearestOf } from '../../../resolve/scopes.js';
import { matchesSelector } from '../../../topology/label-selector.js';
import { type Cluster, isMachine, keyInMesh, keyOf, type Workload } from '../../../topology/model.js';
import { governsIngress, podSelectorOf } from '../../../topology/network-policy.js';
import type { PlaceContext } from '../context.js';

/** Whether nothing stands against a NetworkPolicy for a workload: one of another would be widened by it. */
export function isFreeForCompanion(
  context: PlaceContext,
  cluster: Cluster,
  workload: Workload,
  span: Span | null,
): boolean {
  const name = keyOf(workload);
  if (workload.hostNetwork || isMachine(workload)) {
    const witness = `a connection to ${name} is let through, whatever a NetworkPolicy says`;
    context.report(diagnostic('companion-of-node', { workload: name }, span, { witness }));
    return false;
  }
  const other = cluster.networkPolicies.find(
    (object) =>
      !isManaged(object) &&
      governsIngress(object) &&
      object.namespace === workload.namespace &&
      matchesSelector(podSelectorOf(object), workload.labels),
  );
  if (other === undefined) return true;
  const policy = keyOf({ namespace: other.namespace ?? '', name: other.name });
  const witness = 'what either of the two lets in is let in, whatever the other says';
  const notes = [{ message: 'the settings are here', ...(span && { span }) }];
  const at = spanIn(other, ['metadata', 'name']);
  context.report(diagnostic('companion-beside-another', { policy, workload: name }, at, { witness, notes }));
  return false;
}

/** Whether a default closes a workload, and none of another of its Services opens it. */
export function isClosed({ ir, open }: PlaceContext, workload: Workload): boolean {
  if (open.has(keyInMesh(workload))) return false;
  const { namespace, name, cluster } = workload;
  const bare = { id: '', cluster, namespace, name, service: undefined, workloads: [workload] };
  const isOf = ({ destination: { workloads } }: (typeof ir.destinations)[number]) => workloads.includes(workload);
  return ir.destinations.some(isOf) || nearestOf(ir.defaults)(bare)?.value === 'Deny';
}
