import { type GatewayLane, lanesToGateway, namesComparedAt } from '../algebra/gateway-lanes.js';
import { allOnwardFrom, type ToGateway } from '../mesh/paths/onward.js';
import type { Gateway, Listener } from '../topology/model.js';
import { sortedUnique } from '../util/order.js';
import type { Access, AccessOnWay } from './access.js';
import { accessOn, type Scene } from './on-lane.js';

/** One listener of a gateway, with whoever gets anything through it; what becomes of that behind it is another question. */
export interface WayToGateway extends AccessOnWay {
  readonly gateway: Gateway;
  readonly listener: Listener;
  /** Of the Service in front, or else of its pods. */
  readonly port: number;
  /** The name for which TLS has to ask, where policies tell such names apart. */
  readonly serverName: string | undefined;
  /** The hosts outside the mesh to which its routes lead requests, with their ports; sorted. */
  readonly leadsOut: readonly string[];
}

export function waysToGateway(scene: Scene, gateway: Gateway): readonly WayToGateway[] {
  const compared = namesComparedAt(scene.at, gateway);
  return lanesToGateway(gateway, compared).map(({ lane, listener }) => {
    const { payload, points, access } = accessOn(scene, lane);
    const destination = lane.destination as ToGateway;
    return {
      gateway,
      listener,
      port: destination.port,
      serverName: compared.length === 0 ? undefined : destination.serverName,
      leadsOut: leadsOut(scene, destination),
      payload,
      points,
      access: access.map((each) => asListened(each, listener)),
    };
  });
}

/** A listener that asks for TLS takes nothing else. */
function asListened(access: Access, { tls }: GatewayLane['listener']): Access {
  if (tls === undefined || access.kind === 'none') return access;
  return { ...access, encryption: tls === 'ISTIO_MUTUAL' ? 'mutual-tls' : 'tls' };
}

function leadsOut({ mesh }: Scene, destination: ToGateway): readonly string[] {
  const onward = allOnwardFrom(mesh)(destination);
  if (onward === 'nothing') return [];
  const ends = onward.named.flatMap(({ ways }) => ways.map(({ end }) => end));
  return sortedUnique(
    ends.flatMap((end) => (end.kind === 'external' ? [`${end.named.host}:${end.named.port.number}`] : [])),
  );
}
