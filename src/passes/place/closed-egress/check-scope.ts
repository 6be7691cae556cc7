import { diagnostic } from '../../../diagnostics/create.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import { isManaged, spanIn } from '../../../parse/document.js';
import { matchesSelector } from '../../../topology/label-selector.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { governsEgress, podSelectorOf } from '../../../topology/network-policy.js';
import type { PlaceContext } from '../context.js';
import type { ClosedScope } from './closed-scopes.js';

/** Where no NetworkPolicy closes the way out of the mesh, or another one has its own say in it. */
export function checkScope(context: PlaceContext, cluster: Cluster, { workloads, origins }: ClosedScope): void {
  const span = origins[0]?.span ?? null;
  for (const workload of workloads.filter(({ hostNetwork }) => hostNetwork)) {
    const witness = `a connection of ${keyOf(workload)} to any address outside is let through`;
    const notes = [
      { message: 'NetworkPolicies are for pods with a network of their own (istio-traffic-topology F-46)' },
    ];
    context.report(diagnostic('egress-of-node', { workload: keyOf(workload) }, span, { witness, notes }));
  }
  const foreign = cluster.networkPolicies.filter((object) => !isManaged(object) && governsEgress(object));
  for (const object of foreign) {
    const isFor = (each: { namespace: string; labels: Readonly<Record<string, string>> }) =>
      each.namespace === object.namespace && matchesSelector(podSelectorOf(object), each.labels);
    const workload = workloads.find(isFor);
    if (workload === undefined) continue;
    const policy = keyOf({ namespace: object.namespace ?? '', name: object.name });
    const parameters = { policy, workload: keyOf(workload) };
    const witness = `what either of the two lets out is let out, whatever the other says`;
    const notes = [{ message: 'the settings are here', ...(span && { span }) }];
    const at = spanIn(object, ['metadata', 'name']);
    context.report(diagnostic('egress-network-policy', parameters, at, { witness, notes }));
  }
  checkClusters(context, cluster, span);
}

/** Pods of other clusters are mere addresses, and would be cut off where nobody says which. */
function checkClusters({ ir, report }: PlaceContext, cluster: Cluster, span: Span | null): void {
  const unknown = ir.topology.clusters.find((each) => each !== cluster && each.settings.ipBlocks === undefined);
  if (unknown === undefined) return;
  const { name: other } = unknown;
  const witness = `a connection from cluster ${cluster.name} to a pod of cluster ${other} is stopped`;
  report(diagnostic('egress-between-clusters', { cluster: cluster.name, other }, span, { witness }));
}

/** Said once for settings, of however many parts of the mesh they are. */
export function tellHowItIsClosed({ report }: PlaceContext, scopes: readonly ClosedScope[]): void {
  for (const { label, isOfMesh, origins } of scopes) {
    const scope = isOfMesh ? 'anybody in the mesh' : label;
    const notes = isOfMesh
      ? [{ message: 'namespaces that come later are open until the project is compiled again' }]
      : [];
    report(diagnostic('egress-by-network-policy', { scope }, origins[0]?.span ?? null, { notes }));
  }
}
