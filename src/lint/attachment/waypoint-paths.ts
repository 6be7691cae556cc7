import { type LanePlan, planLane } from '../../algebra/lane.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { keyOf, type ServiceEntry, type ServicePort, type Waypoint } from '../../topology/model.js';
import type { LintContext } from '../context.js';
import type { PodSite } from '../sites.js';
import type { Post } from './imaginary-gate.js';

/** A way in, and the waypoint that all who come that way would pass if nobody could go around it. */
export interface WaypointPath extends Post {
  readonly plan: LanePlan;
}

const because = 'the waypoint that the policy is meant for';

/** It sees the port of the Service (§4.1); a pod without a Service has no waypoint to go around. */
export function waypointPathsTo(sites: readonly PodSite[]): readonly WaypointPath[] {
  return sites.flatMap(({ at, workload, behind, plan }) => {
    if (behind === undefined) return [];
    const point = { kind: 'sidecar', workload } as const;
    const chain = behind.port.layer === 'tcp' ? 'tcp' : plan.lane.payload;
    return [{ at, point, chain, port: behind.port.number, because, plan }];
  });
}

/** The ways to the hosts of a ServiceEntry. A wildcard is no host that anybody can call. */
export function waypointPathsOut(
  { mesh, callers }: LintContext,
  entry: ServiceEntry,
  at: MeshCluster,
): readonly WaypointPath[] {
  const point = { kind: 'waypoint', waypoint: waypointFor(entry), service: undefined } as const;
  const hosts = entry.hosts.filter((host) => !host.startsWith('*'));
  return hosts.flatMap((host) =>
    entry.ports.map((port): WaypointPath => {
      const payload = payloadOf(port);
      const destination = {
        kind: 'external',
        cluster: entry.cluster,
        entry: keyOf(entry),
        host,
        port: port.number,
      } as const;
      const plan = planLane(mesh, callers, { destination, payload });
      return { at, point, chain: payload, port: port.number, because, plan };
    }),
  );
}

function payloadOf({ layer }: ServicePort): Post['chain'] {
  return layer === 'tcp' ? 'tcp' : 'http';
}

/** As one would be named if there were one. */
function waypointFor({ cluster, namespace, object }: ServiceEntry): Waypoint {
  return {
    cluster,
    namespace,
    name: 'waypoint',
    className: 'istio-waypoint',
    serviceAccount: 'waypoint',
    waypointFor: 'service',
    allowedRoutes: { from: 'Same', selector: undefined },
    ready: true,
    unserved: undefined,
    object,
  };
}
