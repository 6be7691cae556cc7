import type { MeshCluster } from '../mesh.js';
import { connectionDestinations, requestDestinations } from '../routes/destinations.js';
import { meshRoutesOf } from '../routes/owner/mesh-routes.js';
import { visibilityOf } from '../routes/owner/visible.js';
import type { Caller } from './caller.js';
import { allHosts, type NamedHost } from './host-names.js';
import { outboundTo } from './outbound.js';
import { imported } from './routed-names.js';

/**
 * The hosts and ports for which the sidecar of a caller is configured: those that it imports, and those to which the routes
 * lead that it imports (istio-traffic-topology F-56).
 */
export function knownHosts(mesh: MeshCluster, caller: Caller): readonly NamedHost[] {
  const ledTo = hostsLedTo(mesh, caller);
  return [...allHosts(mesh).values()].flatMap((named) =>
    named.filter((each) => isForTcp(each) && (ledTo.has(each.host) || outboundTo(caller, each) === 'known')),
  );
}

function isForTcp({ port: { transport } }: NamedHost): boolean {
  return transport === 'TCP';
}

/** A listener for every port is the last one; what others import is of their ports alone. */
const anyPort = 0;

function hostsLedTo(mesh: MeshCluster, caller: Caller): ReadonlySet<string> {
  const isImported = imported(caller, anyPort);
  const routes = meshRoutesOf(mesh).all.filter(
    (route) => isImported(route) && visibilityOf(route, caller.namespace ?? '') !== undefined,
  );
  const ends = routes.flatMap((route) => [...requestDestinations(route), ...connectionDestinations(route)]);
  return new Set(ends.map(({ host }) => host));
}
