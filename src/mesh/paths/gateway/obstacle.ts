import { type Gateway, selects } from '../../../topology/model.js';
import type { MeshCluster } from '../../mesh.js';
import type { Caller } from '../caller.js';
import { noPath, notModelled, type Stop } from '../hops.js';
import { isCaptured } from './captured.js';

/** What keeps a caller from a gateway, or from being judged there, whatever its listeners are. */
export function obstacleOf({ speaks, cluster }: Caller, mesh: MeshCluster, gateway: Gateway): Stop | undefined {
  if (gateway.className === 'istio-agentgateway') {
    return notModelled(`what a gateway of class \`${gateway.className}\` enforces (W-04)`);
  }
  if (gateway.topology.proxyProtocol === true && cluster !== undefined) {
    return noPath(
      'the gateway takes connections that begin with the PROXY protocol, and clients in the cluster send none (§1.3)',
    );
  }
  if (isCaptured(mesh, gateway)) return notModelled('a gateway that is ambient itself');
  if (speaks === 'plaintext') return undefined;
  if (cluster !== mesh.cluster.name) return notModelled(`traffic from a ${speaks} to a gateway of another cluster`);
  const usesWaypoint = speaks === 'ambient' && isBehindWaypoint(mesh, gateway);
  return usesWaypoint ? notModelled('a waypoint in front of a gateway') : undefined;
}

function isBehindWaypoint({ cluster }: MeshCluster, { namespace, podLabels }: Gateway): boolean {
  const isLabelled = cluster.namespaces.get(namespace)?.labels['istio.io/use-waypoint'] !== undefined;
  const leads = [...cluster.services.values()].filter(
    (service) =>
      service.namespace === namespace && service.selector !== undefined && selects(service.selector, podLabels),
  );
  return isLabelled || leads.some(({ binding }) => binding.kind === 'bound');
}
