import type { Gateway } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import type { MeshCluster } from '../../mesh.js';
import { routesBoundTo } from './bound-routes.js';

/**
 * The hosts to which a gateway sends on bytes that are no request: those to which its rules for connections lead (§2.10).
 * `undefined` where nobody says: of a gateway without listeners, and where a server name leads to any Service.
 */
export function hostsOfConnections(mesh: MeshCluster, gateway: Gateway): readonly string[] | undefined {
  const { listeners } = gateway;
  if (listeners.length === 0 || listeners.some(({ tls }) => tls === 'AUTO_PASSTHROUGH')) return undefined;
  const bound = listeners
    .filter(({ reads }) => reads === 'connections')
    .flatMap((listener) => routesBoundTo(mesh, gateway, listener));
  const rules = bound.flatMap(({ route: { tls, tcp } }) => [...tls, ...tcp]);
  return sortedUnique(rules.flatMap(({ destinations }) => destinations.map(({ host }) => host.toLowerCase())));
}
