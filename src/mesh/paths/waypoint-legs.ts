import { coversName } from '../../topology/listeners/admitted.js';
import { keyOf, type Waypoint } from '../../topology/model.js';
import { asObject } from '../json.js';
import { flag, type MeshCluster } from '../mesh.js';
import { followWithoutNames } from '../routes/follow/connections.js';
import type { RoutedRequest } from '../routes/follow/matching.js';
import { ordersAtWaypoint, tablesAtWaypoint } from '../routes/owner/at-waypoint.js';
import { meshRoutesOf } from '../routes/owner/mesh-routes.js';
import type { RoutingProxy } from '../routes/table.js';
import { asRouted } from './as-routed.js';
import type { Caller } from './caller.js';
import { noPath } from './hops.js';
import { nameIn } from './host-names.js';
import { unlessKept } from './kept-addresses.js';
import { knownAtWaypoint } from './known-at-waypoint.js';
import { type Leg, type LegEnd, type ServiceAt, unrouted } from './legs.js';
import { connectionLegs, requestLegs } from './routed-legs.js';
import type { Router } from './router.js';
import { waypointHop } from './waypoint-hop.js';

/** What a waypoint does with what its policies let through to a Service, or to a host outside the mesh (T-01 to T-23, F-33). */
export function waypointLegs(
  mesh: MeshCluster,
  waypoint: Waypoint,
  caller: Caller,
  addressed: ServiceAt,
  sent: RoutedRequest | undefined,
): readonly Leg[] {
  const known = knownAtWaypoint(mesh, waypoint);
  const admit = (to: LegEnd, statusIfMissing: number) => unlessKept(mesh, known(to, statusIfMissing));
  const straight = unrouted(addressed, sent);
  const asIs = [{ ...straight, to: admit(straight.to, 503) }];
  const refused = refusedByWildcard(mesh, addressed, sent);
  if (refused !== undefined) return [{ share: 1, step: undefined, sent: undefined, applied: [], to: refused }];
  if (meshRoutesOf(mesh).all.length === 0) return asIs;
  const { service, port } = addressed;
  const { namespace } = waypoint;
  const router: Router = {
    mesh,
    at: 'waypoint',
    name: keyOf(waypoint),
    obeying: { namespace, labels: 'none' },
    port: port.number,
    admit,
  };
  if (sent !== undefined && port.layer !== 'tcp') {
    const tables = tablesAtWaypoint(mesh, waypoint, service, port.number);
    if (tables.tables.length === 0) return asIs;
    const hop = waypointHop(waypoint, caller, mesh, addressed, sent.request);
    return requestLegs(router, tables, 'chain' in hop ? asRouted(hop, tables, sent) : sent);
  }
  const proxy: RoutingProxy = { gateway: 'mesh', namespace, labels: undefined, port: port.number };
  const outcome = followWithoutNames(ordersAtWaypoint(mesh, waypoint, service), proxy, service.host);
  if (outcome.kind === 'as addressed' || outcome.kind === 'unmatched') return asIs;
  if (outcome.kind === 'forward') return connectionLegs(router, outcome.rule);
  return [{ share: 1, step: undefined, sent: undefined, applied: [], to: outcome }];
}

/** Before a wildcard whose names are resolved one by one only HTTP within the wildcard is sent on, and TLS with a flag (F-33). */
function refusedByWildcard(
  mesh: MeshCluster,
  { outside, port }: ServiceAt,
  sent: RoutedRequest | undefined,
): LegEnd | undefined {
  if (outside === undefined || !outside.host.startsWith('*')) return undefined;
  if (asObject(outside.outside.object.value.spec)?.resolution !== 'DYNAMIC_DNS') return undefined;
  const sendsTls = port.protocol === 'tls' && flag(mesh, 'ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS');
  if (sendsTls) return undefined;
  if (port.protocol !== 'http' || sent === undefined) {
    return noPath(`the waypoint sends no ${port.protocol} on to \`${outside.host}\`, of resolution DYNAMIC_DNS (F-33)`);
  }
  const host = nameIn(sent.request.host);
  if (sent.standsForAll === true || coversName(outside.host, host)) return undefined;
  return { kind: 'answer', status: 404, because: `the Host is not within \`${outside.host}\` (F-33)` };
}
