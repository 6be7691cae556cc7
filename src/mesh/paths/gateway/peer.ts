import { label } from '../../../topology/labels.js';
import { type Gateway, type GatewayFront, keyOf, type Service, type ServicePort } from '../../../topology/model.js';
import type { MeshCluster } from '../../mesh.js';
import type { Payload } from '../../request.js';
import { obeyedRules } from '../../routes/obeyed-rules.js';
import { isRouted } from '../../routes/owner/mesh-routes.js';
import { policyFor, type TrafficPolicy } from '../../routes/settings/traffic-policy.js';
import type { Caller } from '../caller.js';
import { noPath, notModelled, type Peer, type Stop } from '../hops.js';
import { outboundTo, outboundToUnknownHost } from '../outbound.js';
import { type ClientTls, clientTlsIn, obeyedSetting, tlsOfPort } from '../tls-settings.js';
import type { Arrival } from './arrival.js';
import { deployedService } from './deployed-service.js';

export type AtListener = Extract<Arrival, { kind: 'listener' }> & {
  /** How a route led there; absent where the gateway was addressed itself. */
  readonly led: Led | undefined;
};

/** By which version of the Service in front of a gateway, if by one. */
export interface Led {
  readonly subset: string | undefined;
}

/** Whose certificate a listener sees, or why the connection is none for it (§2.10). */
export function peerAt(
  mesh: MeshCluster,
  caller: Caller,
  gateway: Gateway,
  arrival: AtListener,
  payload: Payload['kind'],
): Peer | Stop {
  const added = tlsOfProxy(mesh, caller, gateway, arrival.front, arrival.led);
  if ('kind' in added) return added;
  if (added.mode === 'ISTIO_MUTUAL') return withMeshCertificate(mesh, gateway, arrival, added);
  const { listener, front } = arrival;
  const isBare = caller.speaks === 'sidecar' && front?.layer === 'http' && payload === 'http';
  if (isBare && listener.tls !== undefined) {
    return noPath('the sidecar sends plain HTTP, as the port of the Service says, and the listener wants TLS (§2.10)');
  }
  switch (listener.tls) {
    case 'ISTIO_MUTUAL':
      return noPath('the listener takes connections with a certificate of the mesh alone (§2.10)');
    case 'MUTUAL':
      return { kind: 'unknown', why: certificateOf(listener.tls), mayFail: true };
    case 'OPTIONAL_MUTUAL':
      return { kind: 'unknown', why: certificateOf(listener.tls), mayFail: false };
    case 'AUTO_PASSTHROUGH':
      return notModelled('to which service of the mesh AUTO_PASSTHROUGH leads (§2.10)');
    default:
      return { kind: 'nobody' };
  }
}

function certificateOf(mode: string): string {
  return `which certificate the client shows at a listener of mode ${mode}`;
}

/** ztunnel sends plaintext (E-25), and so do proxies, unless a DestinationRule says otherwise: a gateway's pods are not said to take mutual TLS. */
function tlsOfProxy(
  mesh: MeshCluster,
  caller: Caller,
  gateway: Gateway,
  front: GatewayFront | undefined,
  led: Led | undefined,
): ClientTls | Stop {
  const isProxy = caller.speaks === 'sidecar' || caller.speaks === 'gateway';
  if (!isProxy) return none;
  if (front === undefined) {
    const passed = outboundToUnknownHost(caller);
    if (caller.speaks === 'gateway') return noPath('a gateway routes to services, not to pod addresses');
    return passed === 'passed on' ? none : passed;
  }
  const service = mesh.cluster.services.get(front.service ?? '') ?? deployedService(mesh, front.host);
  const { namespace } = gateway;
  const { host, port: number, layer } = front;
  const sent = outboundTo(caller, { host, namespace, exportTo: service?.exportTo, port: { number, layer } });
  if (sent !== 'known') return sent === 'passed on' ? none : sent;
  if (gateway.podLabels[label.tlsMode] === 'istio') {
    return notModelled(`what clients send to a gateway whose pods are labelled \`${label.tlsMode}: istio\``);
  }
  const tls = tlsByRules(mesh, caller, front, namespace, led);
  if (tls === undefined) {
    return notModelled(`which DestinationRule for \`${host}\` counts for clients of \`${keyOf(gateway)}\``);
  }
  if (tls.mode === 'DISABLE' || tls.mode === 'ISTIO_MUTUAL') return tls;
  return notModelled(`TLS of mode ${tls.mode} that a DestinationRule sets`);
}

/** What rules say of the port, or of a version there; `undefined` where it is not known. */
function tlsByRules(
  mesh: MeshCluster,
  { namespace: client, labels = {} }: Caller,
  { host, port }: GatewayFront,
  namespace: string,
  led: Led | undefined,
): ClientTls | undefined {
  if (led !== undefined) {
    const alternatives = obeyedRules(mesh, { namespace: client, labels }, { host, namespace });
    const [first = none, ...others] = alternatives.map((rules) => tlsOfPolicy(policyFor(rules, port, led.subset)));
    return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : undefined;
  }
  const lookup = { client, service: { namespace }, rootNamespace: mesh.rootNamespace };
  const setting = obeyedSetting(mesh.tlsSettings.get(host) ?? [], lookup, port);
  if (setting === undefined) return none;
  if (setting === 'undecided' || setting.isForSome || setting.open !== undefined) return undefined;
  if (setting.routedSubset !== undefined && isRouted(mesh, host)) return undefined;
  return tlsOfPort(setting, port).tls ?? none;
}

function tlsOfPolicy({ tls }: TrafficPolicy): ClientTls {
  return tls === undefined ? none : clientTlsIn(tls.node.value);
}

interface ToService {
  readonly service: Pick<Service, 'host'>;
  readonly port: Pick<ServicePort, 'number'>;
  readonly subset: string | undefined;
}

/** The server name that a proxy writes into the mutual TLS in which it brings connections to a gateway, where it does. */
export function mutualName(
  mesh: MeshCluster,
  caller: Caller,
  gateway: Gateway,
  { service, port, subset }: ToService,
): string | undefined {
  const front = gateway.fronts.find((each) => each.host === service.host && each.port === port.number);
  return nameByProxy(mesh, caller, gateway, { front, led: { subset } });
}

/** The same by the way that led to the gateway. */
export function nameByProxy(
  mesh: MeshCluster,
  caller: Caller,
  gateway: Gateway,
  { front, led }: Pick<AtListener, 'front' | 'led'>,
): string | undefined {
  const tls = tlsOfProxy(mesh, caller, gateway, front, led);
  return 'kind' in tls || tls.mode !== 'ISTIO_MUTUAL' ? undefined : nameIn(tls, front, led?.subset);
}

function nameIn({ sni }: ClientTls, front: GatewayFront | undefined, subset = ''): string {
  return sni ?? `outbound_.${front?.port}_.${subset}_.${front?.host}`;
}

const none: ClientTls = { mode: 'DISABLE', subjectAltNames: [], sni: undefined };

/** The mutual TLS of the mesh; a proxy sends the server name that its rule says, and else one that stands for the Service. */
function withMeshCertificate(
  { cluster }: MeshCluster,
  { namespace, serviceAccount }: Gateway,
  { listener, front, led }: AtListener,
  tls: ClientTls,
): Peer | Stop {
  if (listener.tls === undefined) return noPath('the client speaks mutual TLS, and the listener takes none (§2.10)');
  if (listener.tls === 'PASSTHROUGH' || listener.tls === 'AUTO_PASSTHROUGH') {
    return notModelled('where the mutual TLS of a client ends that a listener passes through (§2.10)');
  }
  if (listener.tls !== 'ISTIO_MUTUAL') {
    return noPath(
      `the client speaks mutual TLS, and a listener of mode ${listener.tls} shows no certificate of the mesh`,
    );
  }
  const { subjectAltNames } = tls;
  const own = `spiffe://${cluster.settings.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
  if (subjectAltNames.length > 0 && !subjectAltNames.includes(own)) {
    return noPath(`a DestinationRule expects the certificate of ${subjectAltNames.join(' or ')} (§4.5)`);
  }
  const name = nameIn(tls, front, led?.subset);
  const isServed = listener.hosts.some(({ host }) => covers(host, name));
  return isServed
    ? { kind: 'caller' }
    : noPath(`the client sends the server name \`${name}\`, which no listener serves`);
}

function covers(host: string, name: string): boolean {
  return host === name || (host.startsWith('*') && name.endsWith(host.slice(1)));
}
