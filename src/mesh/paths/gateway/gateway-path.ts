import type { Gateway, Listener } from '../../../topology/model.js';
import type { Mesh, MeshCluster } from '../../mesh.js';
import { admissionsTo } from '../../network-policies/admission.js';
import { podsOfGateway, stoppedBetween } from '../../network-policies/connection.js';
import type { Destination, Payload } from '../../request.js';
import { type Known, known, unknown } from '../../truth.js';
import { type Caller, senderOf } from '../caller.js';
import { type Hop, noPath, type Path } from '../hops.js';
import { addressesAt } from './addresses.js';
import { arrivalAt, describeListener } from './arrival.js';
import { leadsConnectionsOn } from './bound-routes.js';
import { obstacleOf } from './obstacle.js';
import { type AtListener, type Led, nameByProxy, peerAt } from './peer.js';

type ToGateway = Extract<Destination, { kind: 'gateway' }>;

/**
 * The way to a listener of a gateway, which decides what is read and as whom the caller is seen (§2.10).
 */
export function gatewayPath(mesh: Mesh, caller: Caller, destination: ToGateway, payload: Payload, led?: Led): Path {
  const at = mesh.clusters.get(destination.cluster);
  const gateway = at?.cluster.gateways.get(destination.gateway);
  if (at === undefined || gateway === undefined) return noPath(`there is no gateway \`${destination.gateway}\``);
  const obstacle = obstacleOf(caller, at, gateway);
  if (obstacle !== undefined) return obstacle;
  const serverName = serverNameOf(destination, payload);
  const arrival = arrivalAt(gateway, destination.port, serverName);
  switch (arrival.kind) {
    case 'listener':
      return toListener(at, caller, gateway, { ...arrival, led }, payload.kind, serverName);
    case 'proxy':
      return {
        kind: 'path',
        hops: [],
        because: `the proxy answers on port ${arrival.port} beside all policies (§2.10)`,
      };
    default:
      return arrival;
  }
}

function toListener(
  mesh: MeshCluster,
  caller: Caller,
  gateway: Gateway,
  arrival: AtListener,
  payload: Payload['kind'],
  serverName: string | undefined,
): Path {
  const { listener, front } = arrival;
  const leads = front !== undefined && front.port !== listener.podPort;
  const because = [
    `${describeListener(listener)} reads ${listener.reads} on port ${listener.podPort}`,
    ...(leads ? [`to which port ${front.port} of \`${front.host}\` leads`] : []),
  ].join(', ');
  if (listener.reads === 'requests' && payload === 'tcp') {
    return noPath(`${describeListener(listener)} takes requests, and these bytes are none`);
  }
  if (isWithoutRoute(mesh, gateway, listener)) {
    return noPath(`no route leads on what comes to ${describeListener(listener)}, so that it is not there (§2.10)`);
  }
  const peer = peerAt(mesh, caller, gateway, arrival, payload);
  if ('because' in peer) return peer;
  const hop: Hop = {
    mesh,
    point: { kind: 'gateway', gateway },
    chain: chainOf(listener),
    peer,
    tunnelled: false,
    addresses: addressesAt(gateway, caller, chainOf(listener)),
    serverName: seenName(listener, nameByProxy(mesh, caller, gateway, arrival) ?? serverName),
    port: listener.podPort,
    because: `${because} (§2.10)`,
  };
  const pods = podsOfGateway(gateway);
  const network = stoppedBetween(mesh, senderOf(caller), pods, listener.podPort);
  return { kind: 'path', hops: [hop], because: hop.because, network, admissions: admissionsTo(mesh, pods) };
}

function isWithoutRoute(mesh: MeshCluster, gateway: Gateway, listener: Listener): boolean {
  const { reads, tls } = listener;
  return reads === 'connections' && tls !== 'AUTO_PASSTHROUGH' && !leadsConnectionsOn(mesh, gateway, listener);
}

/** Where nothing is encrypted nobody asks for a name. Envoy reads names in lower case (§8.2). */
function seenName({ tls }: Listener, serverName: string | undefined): Known<string | undefined> {
  if (tls === undefined) return known(undefined);
  return serverName === undefined
    ? unknown('the server name of the TLS handshake')
    : known(serverName.toLowerCase() || undefined);
}

function chainOf({ reads }: Listener): Hop['chain'] {
  return reads === 'requests' ? 'http' : 'tcp';
}

/** The name for which a client asks in its TLS handshake: that of its request, unless another is said. */
export function serverNameOf({ serverName }: ToGateway, payload: Payload): string | undefined {
  if (serverName !== undefined) return serverName;
  if (payload.kind === 'tcp') return payload.serverName;
  return payload.host === '' ? undefined : payload.host.replace(/:\d*$/, '');
}
