import { lanesToGateway } from '../algebra/gateway-lanes.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { arrivalAt } from '../mesh/paths/gateway/arrival.js';
import { namesLedOn } from '../mesh/paths/gateway/connection-legs.js';
import { allOnwardFrom, type ToGateway } from '../mesh/paths/onward.js';
import { describeUrl, type Payload, usualHost } from '../mesh/request.js';
import type { Gateway, Listener } from '../topology/model.js';
import { sortedUnique } from '../util/order.js';

/** A gateway in one state of a mesh. */
export interface GatewayIn {
  readonly mesh: Mesh;
  readonly at: MeshCluster;
  readonly gateway: Gateway;
}

/** How something comes to a listener of a gateway. */
export interface Entrance {
  readonly destination: ToGateway;
  /** The host that requests are for; absent of connections. */
  readonly host: string | undefined;
}

/** Of the listeners that a gateway has in all of some states, one for each host or server name for which any has rules. */
export function entrancesOf(states: readonly GatewayIn[]): readonly Entrance[] {
  const all = states.flatMap(({ gateway }) =>
    lanesToGateway(gateway).flatMap(({ lane: { destination }, listener }) =>
      destination.kind === 'gateway' ? entrancesAt(states, destination, listener) : [],
    ),
  );
  const distinct = new Map(all.map((each) => [JSON.stringify(each), each]));
  return [...distinct.values()].filter(({ destination, host }) => {
    const reads = host === undefined ? 'connections' : 'requests';
    return states.every(({ gateway }) => isListening(gateway, destination, reads));
  });
}

function entrancesAt(states: readonly GatewayIn[], destination: ToGateway, listener: Listener): readonly Entrance[] {
  if (listener.reads === 'connections') return connectionsTo(states, destination, listener);
  const { serverName: _, ...plain } = destination;
  const names = states.flatMap(({ mesh }) => namesAt(mesh, destination));
  const hosts = names.map((name) => (name === '*' ? usualHost(destination) : exampleOf(name)));
  return sortedUnique(hosts).map((host) => ({
    destination: listener.tls === undefined ? plain : { ...plain, serverName: host },
    host,
  }));
}

function namesAt(mesh: Mesh, destination: ToGateway): readonly string[] {
  const onward = allOnwardFrom(mesh)(destination);
  return onward === 'nothing' ? [] : onward.named.map(({ name }) => name);
}

/** A host that a name means. */
function exampleOf(name: string): string {
  return name.replace(/^\*/, 'any');
}

function connectionsTo(
  states: readonly GatewayIn[],
  destination: ToGateway,
  { port, tls }: Listener,
): readonly Entrance[] {
  if (tls === 'AUTO_PASSTHROUGH') return [];
  if (tls !== 'PASSTHROUGH') return [{ destination, host: undefined }];
  const names = states.flatMap(({ at, gateway }) =>
    gateway.listeners
      .filter((each) => each.port === port && each.tls === 'PASSTHROUGH')
      .flatMap((each) => namesLedOn(at, gateway, each)),
  );
  return sortedUnique(names.map(exampleOf)).map((serverName) => ({
    destination: { ...destination, serverName },
    host: undefined,
  }));
}

function isListening(gateway: Gateway, { port, serverName }: ToGateway, reads: Listener['reads']): boolean {
  const arrival = arrivalAt(gateway, port, serverName);
  return arrival.kind === 'listener' && arrival.listener.reads === reads;
}

/** What comes to a gateway: `GET http://shop.example.com/`. */
export function inWords(destination: ToGateway, payload: Payload): string {
  if (payload.kind === 'http') return `${payload.method} ${describeUrl(destination, payload)}`;
  const { serverName, port } = destination;
  return serverName === undefined ? `connections to port ${port}` : `TLS connections for ${serverName}`;
}
