import { type Gateway, selects } from '../../topology/model.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import type { Destination, Payload } from '../request.js';
import type { Caller } from './caller.js';
import { type Hop, noPath, notModelled, type Path, type Stop } from './hops.js';

/** A gateway's own listener, which sees no certificate of the mesh unless one is sent to it (§2.1). */
export function gatewayPath(
  mesh: Mesh,
  caller: Caller,
  { cluster, gateway: key, port }: Extract<Destination, { kind: 'gateway' }>,
  payload: Payload,
): Path {
  const at = mesh.clusters.get(cluster);
  const gateway = at?.cluster.gateways.get(key);
  if (at === undefined || gateway === undefined) return noPath(`there is no gateway \`${key}\``);
  const obstacle = obstacleOf(caller, at, gateway);
  if (obstacle !== undefined) return obstacle;
  const because = 'the gateway stands before what it exposes (§2.1)';
  const point = { kind: 'gateway', gateway } as const;
  const peer = { kind: 'nobody' } as const;
  const hop: Hop = { mesh: at, point, chain: payload.kind, peer, tunnelled: false, port, because };
  return { kind: 'path', hops: [hop], because };
}

/** ztunnel calls in plaintext what does not listen on HBONE, and gateways do not (E-25). What proxies send is not told. */
function obstacleOf({ speaks, cluster }: Caller, mesh: MeshCluster, gateway: Gateway): Stop | undefined {
  if (speaks === 'plaintext') return undefined;
  if (speaks !== 'ambient' || cluster !== mesh.cluster.name)
    return notModelled(`traffic from a ${speaks} to a gateway`);
  if (gateway.podLabels['istio.io/dataplane-mode'] === 'ambient')
    return notModelled('a gateway that is ambient itself');
  return isBehindWaypoint(mesh, gateway) ? notModelled('a waypoint in front of a gateway') : undefined;
}

function isBehindWaypoint({ cluster }: MeshCluster, { namespace, podLabels }: Gateway): boolean {
  const isLabelled = cluster.namespaces.get(namespace)?.labels['istio.io/use-waypoint'] !== undefined;
  const leads = [...cluster.services.values()].filter(
    (service) =>
      service.namespace === namespace && service.selector !== undefined && selects(service.selector, podLabels),
  );
  return isLabelled || leads.some(({ binding }) => binding.kind === 'bound');
}
