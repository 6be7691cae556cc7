import type { Callers } from '../algebra/callers.js';
import { type GatewayLane, lanesToGateway, namesComparedAt } from '../algebra/gateway-lanes.js';
import { planLane } from '../algebra/lane.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { type Gateway, keyOf } from '../topology/model.js';
import type { Served, Site } from './sites.js';

export interface GatewaySite extends Site {
  readonly gateway: Gateway;
}

/** Every listener at which a gateway takes requests or connections. */
export function gatewaySitesOf(mesh: Mesh, callers: Callers): readonly GatewaySite[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    [...at.cluster.gateways.values()].flatMap((gateway) =>
      lanesToGateway(gateway, namesComparedAt(at, gateway)).map((each): GatewaySite => {
        const { lane, listener } = each;
        const plan = planLane(mesh, callers, lane);
        const addressed = `gateway \`${keyOf(gateway)}\``;
        return { at, gateway, addressed, podPort: listener.podPort, behind: servedBy(at, each), plan };
      }),
    ),
  );
}

function servedBy({ cluster }: MeshCluster, { front }: GatewayLane): Served | undefined {
  const service = cluster.services.get(front?.service ?? '');
  const port = service?.ports.find(({ number }) => number === front?.port);
  return service && port && { service, port };
}
