import type { Waypoint, Workload } from '../../topology/model.js';
import { sortedUnique } from '../../util/order.js';
import { principalOf } from '../identity.js';
import { flag, type MeshCluster } from '../mesh.js';
import type { CompiledPolicy } from './compiled.js';
import type { AuthorizationPolicy } from './policy.js';
import { compileForZtunnel } from './ztunnel.js';

/**
 * The ALLOW policies that istiod adds at ztunnel, one for each waypoint of a workload and of its services, if it is told
 * to. By existing they deny everybody else (§4.3, W-34).
 */
export function waypointAllowances(workload: Workload, mesh: MeshCluster): readonly CompiledPolicy[] {
  if (!flag(mesh, 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY')) return [];
  const { services, waypoints } = mesh.cluster;
  const bindings = [workload.binding, ...workload.services.map((key) => services.get(key)?.binding)];
  const bound = bindings.flatMap((binding) => (binding?.kind === 'bound' ? [binding.waypoint] : []));
  return sortedUnique(bound).flatMap((key) => {
    const waypoint = waypoints.get(key);
    return waypoint === undefined ? [] : (compileForZtunnel(implicitAllowOf(waypoint, mesh)) ?? []);
  });
}

function implicitAllowOf(
  { namespace, name, serviceAccount, object }: Waypoint,
  mesh: MeshCluster,
): AuthorizationPolicy {
  const { trustDomain } = mesh.cluster.settings;
  const principal = principalOf({ trustDomain, namespace, serviceAccount });
  const place = ['metadata', 'name'];
  const tests = [
    { field: 'principals', attribute: 'source.principal', values: [principal], notValues: [], place } as const,
  ];
  return {
    kind: 'AuthorizationPolicy',
    namespace,
    name: `istio_allow_waypoint_${namespace}_${name}`,
    action: 'ALLOW',
    provider: undefined,
    dryRun: false,
    scope: { kind: 'namespace' },
    rules: [{ from: [{ tests, place }], to: [], when: [], place }],
    object,
  };
}
