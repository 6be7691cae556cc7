import type { Mesh } from '../../mesh/mesh.js';
import { resolveEndpoint } from '../../mesh/paths/endpoint.js';
import { arrivalAt } from '../../mesh/paths/gateway/arrival.js';
import { layerAtPod } from '../../mesh/paths/inbound-layer.js';
import { type Destination, type Payload, type Token, usualHost } from '../../mesh/request.js';
import type { PortLayer } from '../../topology/model.js';

/** What a person says of the request itself; whatever is left out gets the plainest value. */
export interface RequestWords {
  /** Whether bytes are sent that no proxy can read as a request. */
  readonly tcp: boolean;
  /** The name for which those bytes ask in TLS, where it is said. */
  readonly serverName?: string;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly host: string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly token: Token | undefined;
}

type ToGateway = Extract<Destination, { kind: 'gateway' }>;

interface Sent {
  readonly payload: Payload;
  readonly assumedHost: string | undefined;
}

/** `GET /` where nothing is said; a connection where the port carries no requests that a proxy reads. */
export function payloadOf(mesh: Mesh, words: RequestWords, destination: Destination): Sent {
  const { method, path, host, headers, token } = words;
  const saysNothing =
    [method, path, host, token].every((word) => word === undefined) && Object.keys(headers).length === 0;
  if (words.tcp || (saysNothing && layerOf(mesh, destination) === 'tcp')) {
    const { serverName } = words;
    return { payload: { kind: 'tcp', ...(serverName !== undefined && { serverName }) }, assumedHost: undefined };
  }
  const assumedHost = host === undefined ? hostOf(mesh, destination) : undefined;
  return {
    payload: {
      kind: 'http',
      method: method ?? 'GET',
      path: path ?? '/',
      host: host ?? hostOf(mesh, destination),
      headers,
      ...(token !== undefined && { token }),
    },
    assumedHost,
  };
}

/** What a port is declared to carry; `undefined` where nobody knows the port. */
export function layerOf(mesh: Mesh, destination: Destination): PortLayer | undefined {
  if (destination.kind === 'gateway') return layerAtGateway(mesh, destination);
  if (destination.kind === 'external') return layerOutside(mesh, destination);
  const endpoint = resolveEndpoint(mesh, destination);
  if (endpoint.kind !== 'endpoint') return undefined;
  const layer = endpoint.service?.port.layer ?? layerAtPod(endpoint);
  return typeof layer === 'string' ? layer : undefined;
}

/** `undefined` where the port has several listeners that read otherwise, or none that is known. */
function layerAtGateway({ clusters }: Mesh, { cluster, gateway: key, port }: ToGateway): PortLayer | undefined {
  const gateway = clusters.get(cluster)?.cluster.gateways.get(key);
  const arrival = gateway && arrivalAt(gateway, port, undefined);
  if (arrival?.kind !== 'listener') return undefined;
  return arrival.listener.reads === 'requests' ? 'http' : 'tcp';
}

/** The first host that the listener of a port serves by its full name. */
function hostAtGateway({ clusters }: Mesh, { cluster, gateway: key, port }: ToGateway): string | undefined {
  const gateway = clusters.get(cluster)?.cluster.gateways.get(key);
  const arrival = gateway && arrivalAt(gateway, port, undefined);
  const hosts = arrival?.kind === 'listener' ? arrival.listener.hosts : [];
  return hosts.map(({ host }) => host).find((host) => !host.startsWith('*'));
}

function layerOutside(
  { clusters }: Mesh,
  { cluster, entry, port }: Extract<Destination, { kind: 'external' }>,
): PortLayer | undefined {
  const ports = clusters.get(cluster)?.cluster.serviceEntries.get(entry)?.ports ?? [];
  return ports.find(({ number }) => number === port)?.layer;
}

/** What a client usually writes; at a gateway a host that it serves. */
function hostOf(mesh: Mesh, destination: Destination): string {
  const served = destination.kind === 'gateway' ? hostAtGateway(mesh, destination) : undefined;
  return served ?? usualHost(destination);
}
