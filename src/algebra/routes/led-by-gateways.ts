import type { MeshCluster } from '../../mesh/mesh.js';
import { boundTogether } from '../../mesh/paths/gateway/bound-routes.js';
import { namesLedOn } from '../../mesh/paths/gateway/connection-legs.js';
import type { Gateway, Listener } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { type GatewayLane, lanesToGateway } from '../gateway-lanes.js';
import type { Lane } from '../lane.js';
import type { End } from './led-from.js';
import { distinctEnds, endsOfRoute } from './route-ends.js';

/** A listener of a gateway whose routes may lead on to a port of some pods. */
export interface LedByGateway extends Pick<GatewayLane, 'listener'> {
  readonly gateway: Gateway;
  readonly podPort: number;
  /** The name of TLS by which the lane is chosen, where no request names one. */
  readonly name: string | undefined;
  /** To the listener, and on to the pods. */
  readonly lane: Lane;
}

/** By the key of the workload: the listeners at which requests may come in that routes lead on to its pods. */
export const ledByGateways = oncePerObject((mesh: MeshCluster): ReadonlyMap<string, readonly LedByGateway[]> => {
  const found = [...mesh.cluster.gateways.values()].flatMap((gateway) =>
    lanesToGateway(gateway).flatMap(({ lane, listener }) =>
      namedLanes(mesh, gateway, listener, lane).flatMap(({ name, lane: own }) =>
        endsOfListener(mesh, gateway, listener).map(({ workload, podPort }) => ({
          workload,
          led: { gateway, listener, podPort, name, lane: onwardLane(own, workload, podPort) },
        })),
      ),
    ),
  );
  return new Map([...groupBy(found, ({ workload }) => workload)].map(([key, all]) => [key, all.map(({ led }) => led)]));
});

/** A listener that passes TLS through leads on by the server name: each for which it has rules is a way of its own. */
function namedLanes(
  mesh: MeshCluster,
  gateway: Gateway,
  listener: Listener,
  { destination, payload }: Lane,
): ReadonlyArray<Pick<LedByGateway, 'name' | 'lane'>> {
  if (destination.kind !== 'gateway' || listener.tls !== 'PASSTHROUGH') {
    return [{ name: undefined, lane: { destination, payload } }];
  }
  return namesLedOn(mesh, gateway, listener).map((name) => ({
    name,
    lane: { destination: { ...destination, serverName: name.replace(/^\*/, 'any') }, payload },
  }));
}

function onwardLane({ destination, payload }: Lane, workload: string, port: number): Lane {
  if (destination.kind !== 'gateway') return { destination, payload };
  return { destination: { ...destination, onward: { workload, port } }, payload };
}

function endsOfListener(mesh: MeshCluster, gateway: Gateway, listener: Listener): readonly End[] {
  const ends = boundTogether(mesh, gateway, listener).flatMap(({ routes }) =>
    routes.flatMap(({ route }) => endsOfRoute(mesh, route)),
  );
  return distinctEnds(ends);
}
