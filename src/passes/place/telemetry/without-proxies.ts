import { diagnostic } from '../../../diagnostics/create.js';
import type { ResolvedTelemetry } from '../../../resolve/resolved-telemetry.js';
import { scopeLabel } from '../../../resolve/scopes.js';
import type { Cluster } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';

/** Reports settings of a namespace in which nobody records: no pod takes part in the mesh, and no gateway or waypoint stands there. */
export function reportWithoutProxies(context: PlaceContext, { scope, origin }: ResolvedTelemetry): void {
  if (scope.kind !== 'namespace' || hasProxies(context, scope.namespace)) return;
  // What is said of the root namespace alone cannot be kept, whoever stands there.
  if (scope.namespace === context.ir.topology.mesh.rootNamespace) return;
  const why = 'none of its pods takes part in the mesh, and it has no gateway and no waypoint';
  const help = 'give the manifests of its workloads, enrol them, or drop it';
  const parameters = { field: 'telemetry', scope: scopeLabel(scope), why };
  context.report(diagnostic('not-of-scope', parameters, origin.span, { help }));
}

function hasProxies({ ir }: PlaceContext, namespace: string): boolean {
  const isPlanned = ir.destinations.some(({ waypoint }) => waypoint?.namespace === namespace);
  return isPlanned || ir.topology.clusters.some((cluster) => hasProxiesIn(cluster, namespace));
}

function hasProxiesIn({ workloads, gateways, waypoints }: Cluster, namespace: string): boolean {
  const members = [...workloads.values()].filter(({ mode }) => mode.plane !== 'none');
  return [...members, ...gateways.values(), ...waypoints.values()].some((each) => each.namespace === namespace);
}
