import { annotation, label } from '../../topology/labels.js';
import { keyOf, type Service, type Waypoint, type Workload } from '../../topology/model.js';
import { flag, type MeshCluster } from '../mesh.js';
import type { Payload } from '../request.js';
import type { Caller } from './caller.js';
import { chainOf } from './chain.js';
import { type Hop, noPath, notModelled, type Stop } from './hops.js';
import type { ServiceAt } from './legs.js';

/** Whether a service is addressed in a way that a waypoint can stand for it: by a virtual IP (W-13). */
export function addressedService<T extends Pick<ServiceAt, 'service'>>({
  service,
}: {
  readonly service: T | undefined;
}) {
  return service?.service.hasVip === true ? service : undefined;
}

type Bound = { readonly kind: 'bound'; readonly waypoint: Waypoint };

/** The waypoint that governs a caller's traffic: never for sidecars and plaintext, for ingress only by label (§4.5). */
export function waypointOf(
  { speaks }: Caller,
  mesh: MeshCluster,
  bearer: Service | Workload,
): Bound | Stop | undefined {
  const ingress =
    speaks === 'gateway' &&
    'ingressUsesWaypoint' in bearer &&
    bearer.ingressUsesWaypoint &&
    flag(mesh, 'ENABLE_INGRESS_WAYPOINT_ROUTING');
  if (speaks !== 'ambient' && !ingress) return undefined;
  if (hasCanary(mesh, bearer)) return notModelled('traffic split between a waypoint and its canary (W-20)');
  if (bearer.binding.kind !== 'bound') return undefined;
  const waypoint = mesh.cluster.waypoints.get(bearer.binding.waypoint);
  if (waypoint === undefined)
    return notModelled(`waypoint \`${bearer.binding.waypoint}\`, of which no Gateway is given`);
  if (waypoint.reachedOtherwise !== undefined) {
    return notModelled(
      `what annotation \`${annotation.inboundBinding}\` makes of the way to waypoint ${keyOf(waypoint)}`,
    );
  }
  if (waypoint.className === 'istio-waypoint') return { kind: 'bound', waypoint };
  return notModelled(`what a waypoint of class \`${waypoint.className}\` enforces (W-04)`);
}

function hasCanary({ cluster }: MeshCluster, { namespace: home, labels }: Service | Workload): boolean {
  if (cluster.settings.istio.version !== '1.31') return false;
  const namespace = cluster.namespaces.get(home)?.labels ?? {};
  return [labels, namespace].some((all) => all[label.waypointCanary] !== undefined);
}

/** The waypoint sees the caller. What is addressed is a Service, or a port of a pod. */
export function waypointHop(
  waypoint: Waypoint,
  caller: Caller,
  mesh: MeshCluster,
  addressed: ServiceAt | number,
  payload: Payload,
): Hop | Stop {
  if (flag(mesh, 'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES')) {
    return notModelled('layered waypoint authorization (§3.3)');
  }
  if (caller.identity === null || !mesh.trustDomains.includes(caller.identity.trustDomain)) {
    return noPath('the waypoint accepts no certificate of the trust domain of the caller (§8.3)');
  }
  const isPod = typeof addressed === 'number';
  const chain = chainOf(isPod ? 'detected' : addressed.port.layer, payload);
  if (typeof chain !== 'string') return chain;
  return {
    mesh,
    point: { kind: 'waypoint', waypoint, service: isPod ? undefined : addressed.service },
    chain,
    peer: { kind: 'caller' },
    tunnelled: true,
    port: isPod ? addressed : addressed.port.number,
    because: `waypoint ${keyOf(waypoint)} governs traffic addressed to the ${isPod ? 'pod' : 'service'} (W-13)`,
  };
}
