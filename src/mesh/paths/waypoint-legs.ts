import { keyOf, type Waypoint } from '../../topology/model.js';
import type { MeshCluster } from '../mesh.js';
import { followConnection } from '../routes/follow/connections.js';
import type { RoutedRequest } from '../routes/follow/matching.js';
import { ordersAtWaypoint, tablesAtWaypoint } from '../routes/owner/at-waypoint.js';
import { meshRoutesOf } from '../routes/owner/mesh-routes.js';
import type { RoutingProxy } from '../routes/table.js';
import { asRouted } from './as-routed.js';
import type { Caller } from './caller.js';
import { type Leg, type ServiceAt, unrouted } from './legs.js';
import { connectionLegs, requestLegs } from './routed-legs.js';
import type { Router } from './router.js';
import { waypointHop } from './waypoint-hop.js';

/** What a waypoint does with what its policies let through to a Service (T-01 to T-23). */
export function waypointLegs(
  mesh: MeshCluster,
  waypoint: Waypoint,
  caller: Caller,
  addressed: ServiceAt,
  sent: RoutedRequest | undefined,
): readonly Leg[] {
  const asIs = [unrouted(addressed, sent)];
  if (meshRoutesOf(mesh).all.length === 0) return asIs;
  const { service, port } = addressed;
  const { namespace } = waypoint;
  const router: Router = {
    mesh,
    at: 'waypoint',
    name: keyOf(waypoint),
    obeying: { namespace, labels: 'none' },
    port: port.number,
    admit: (target) => target,
  };
  if (sent !== undefined && port.layer !== 'tcp') {
    const tables = tablesAtWaypoint(mesh, waypoint, service, port.number);
    if (tables.tables.length === 0) return asIs;
    const hop = waypointHop(waypoint, caller, mesh, addressed, sent.request);
    return requestLegs(router, tables, 'chain' in hop ? asRouted(hop, tables, sent) : sent);
  }
  const proxy: RoutingProxy = { gateway: 'mesh', namespace, labels: undefined, port: port.number };
  const outcome = followConnection(ordersAtWaypoint(mesh, waypoint, service), proxy, service.host, false);
  if (outcome.kind === 'as addressed') return asIs;
  if (outcome.kind === 'forward') return connectionLegs(router, outcome.rule);
  return [{ share: 1, step: undefined, sent: undefined, applied: [], to: outcome }];
}
