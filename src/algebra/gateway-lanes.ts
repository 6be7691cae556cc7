import { type Gateway, type GatewayFront, keyOf, type Listener } from '../topology/model.js';
import type { Lane } from './lane.js';

/** A way to one listener of a gateway. */
export interface GatewayLane {
  readonly lane: Lane;
  readonly listener: Listener;
  /** The port of a Service that leads there, if one does. */
  readonly front: GatewayFront | undefined;
}

/** A way to each listener that istiod serves, by the port of a Service in front where there is one. */
export function lanesToGateway(gateway: Gateway): readonly GatewayLane[] {
  const served = gateway.listeners.filter(({ standing }) => standing.kind !== 'left-out');
  const lanes = served.map((listener): GatewayLane => {
    const front = gateway.fronts.find(({ podPort }) => podPort === listener.podPort);
    const serverName = serverNameOf(listener);
    const destination = {
      kind: 'gateway',
      cluster: gateway.cluster,
      gateway: keyOf(gateway),
      port: front?.port ?? listener.podPort,
      ...(serverName !== undefined && { serverName }),
    } as const;
    return { lane: { destination, payload: listener.reads === 'requests' ? 'http' : 'tcp' }, listener, front };
  });
  return [...new Map(lanes.map((each) => [JSON.stringify(each.lane), each])).values()];
}

/** A name under which TLS reaches the listener; whatever is plain is asked for none. */
function serverNameOf({ tls, hosts }: Listener): string | undefined {
  if (tls === undefined) return undefined;
  const names = hosts.map(({ host }) => host);
  const exact = names.find((name) => !name.startsWith('*'));
  const [wildcard] = names;
  return exact ?? wildcard?.replace(/^\*/, 'any');
}
