import { diagnostic } from '../../../diagnostics/create.js';
import type { BoundScope } from '../../../resolve/resolved.js';
import type { ResolvedTelemetry } from '../../../resolve/resolved-telemetry.js';
import { scopeLabel } from '../../../resolve/scopes.js';
import { type Cluster, keyInMesh, type Workload } from '../../../topology/model.js';
import { featuresOf } from '../../recording-wishes.js';
import type { PlaceContext } from '../context.js';
import { reportZtunnel } from './report-ztunnel.js';
import type { TelemetryPlace } from './telemetry-place.js';

type WideScope = Extract<BoundScope, { kind: 'mesh' | 'namespace' }>;

/** One object without a selector for every proxy of a namespace, or of the mesh from the root namespace. */
export function widePlaces(
  context: PlaceContext,
  cluster: Cluster,
  resolved: ResolvedTelemetry,
  scope: WideScope,
): readonly TelemetryPlace[] {
  const { rootNamespace } = context.ir.topology.mesh;
  const namespace = scope.kind === 'mesh' ? rootNamespace : scope.namespace;
  if (scope.kind === 'namespace' && !cluster.namespaces.has(namespace)) return [];
  if (scope.kind === 'namespace' && namespace === rootNamespace) return refuseRoot(context, resolved, namespace);
  reportZtunnel(context, cluster, resolved, pastWaypoints(context, cluster, scope), featuresOf(resolved.telemetry));
  const name = scope.kind === 'mesh' ? 'mesh-default' : 'namespace-default';
  return [{ namespace, name, attachment: { kind: 'namespace' }, of: scopeLabel(scope).replaceAll('`', '') }];
}

function refuseRoot(context: PlaceContext, { origin }: ResolvedTelemetry, namespace: string): [] {
  const because = 'a Telemetry without a selector in the root namespace is for the whole mesh';
  const parameters = { settings: origin.id, subject: `namespace \`${namespace}\` alone`, because };
  const help = 'write `scope: mesh`, or name its gateways and workloads one by one';
  const notes = [{ message: 'istio-traffic-topology F-61' }];
  context.report(diagnostic('telemetry-not-kept', parameters, origin.span, { help, notes }));
  return [];
}

/** Ambient workloads of which no Service has a waypoint, so that ztunnel alone sees what comes to them. */
function pastWaypoints({ ir }: PlaceContext, cluster: Cluster, scope: WideScope): readonly Workload[] {
  const planned = ir.destinations.filter(({ waypoint, destination }) => {
    return waypoint !== undefined && destination.cluster === cluster.name;
  });
  const behind = new Set(planned.flatMap(({ destination }) => destination.workloads.map(keyInMesh)));
  const isBound = (key: string) => cluster.services.get(key)?.binding.kind === 'bound';
  return [...cluster.workloads.values()].filter((workload) => {
    const isMeant = scope.kind === 'mesh' || workload.namespace === scope.namespace;
    const isAlone = !behind.has(keyInMesh(workload)) && !workload.services.some(isBound);
    return isMeant && isAlone && workload.mode.plane === 'ambient';
  });
}
