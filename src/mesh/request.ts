import type { TokenPlace } from '../parse/tokens/token-place.js';
import { placeText } from './policies/token-place-text.js';

/** One concrete request or connection: the thing that the mesh lets through or stops. */
export interface Request {
  readonly source: Source;
  readonly destination: Destination;
  readonly payload: Payload;
}

/**
 * Who sends it. A future workload is one that no manifest shows, enrolled like others and with an identity of its own.
 * An outsider has no certificate of this mesh: it can only speak plaintext.
 */
export type Source =
  | { readonly kind: 'workload'; readonly cluster: string; readonly workload: string; readonly ip?: string }
  | { readonly kind: 'gateway'; readonly cluster: string; readonly gateway: string; readonly ip?: string }
  | FutureWorkload
  | { readonly kind: 'outside'; readonly name: string; readonly ip?: string };

export interface FutureWorkload {
  readonly kind: 'future';
  readonly cluster: string;
  readonly speaks: 'ambient' | 'sidecar';
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly ip?: string;
}

/**
 * What it is sent to. A service is addressed by its name or virtual IP and its own port, and `workload` is the pod
 * that load balancing picks; a pod is addressed by the port it listens on, a gateway by that of the Service in front as
 * well. A host outside the mesh is addressed by its name.
 */
export type Destination =
  | {
      readonly kind: 'service';
      readonly cluster: string;
      readonly service: string;
      readonly port: number;
      readonly workload: string;
    }
  | { readonly kind: 'pod'; readonly cluster: string; readonly workload: string; readonly port: number }
  | {
      readonly kind: 'gateway';
      readonly cluster: string;
      readonly gateway: string;
      /** Of a Service in front of it, or else of its pods. */
      readonly port: number;
      /** The name that the client asks for in its TLS handshake, where it is not that of its request. */
      readonly serverName?: string;
      /** The pods to which its routes are to lead it; without them nothing is asked of what is behind the gateway. */
      readonly onward?: PodPort;
      /** Whether nobody is to follow it on from the gateway, wherever its routes lead. */
      readonly isEnd?: true;
    }
  | {
      readonly kind: 'external';
      readonly cluster: string;
      /** The ServiceEntry that makes the host known to the mesh. */
      readonly entry: string;
      readonly host: string;
      readonly port: number;
    };

/** The pods of a workload, and one of their ports. */
export interface PodPort {
  readonly workload: string;
  readonly port: number;
}

/** What it carries: a request that a proxy can read, or bytes that it cannot. */
export type Payload = HttpRequest | Connection;

export interface Connection {
  readonly kind: 'tcp';
  /** The name for which the client asks in a TLS handshake; absent where nothing is known of one. */
  readonly serverName?: string;
}

export interface HttpRequest {
  readonly kind: 'http';
  readonly method: string;
  /** As sent: proxies normalise it before they match (§8.1). */
  readonly path: string;
  /** The authority as sent, with its port where the client writes one. */
  readonly host: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly token?: Token;
}

/** A JSON web token. */
export interface Token {
  readonly issuer: string;
  readonly subject?: string;
  readonly audiences: readonly string[];
  readonly presenter?: string;
  /** Where it is; absent: in `Authorization: Bearer`. */
  readonly in?: TokenPlace;
  /** By path: nested names joined with `.`, e.g. `realm.role`. One value is that value, several are a list. */
  readonly claims: Readonly<Record<string, readonly ClaimValue[]>>;
  /** Whether its signature and lifetime hold against its issuer's keys. */
  readonly valid: boolean;
}

export type ClaimValue = string | number | boolean;

/**
 * What a client usually writes: the short name of the Service, or the host of a ServiceEntry, with the port unless it is
 * that of HTTP.
 */
export function usualHost(destination: Destination): string {
  if (destination.kind === 'external') return destination.host;
  if (destination.kind === 'gateway') return destination.serverName ?? withPort('gateway-ip', destination.port);
  if (destination.kind === 'pod') return `pod-ip:${destination.port}`;
  const [namespace = '', name = ''] = destination.service.split('/');
  return withPort(name.includes('.') ? name : `${name}.${namespace}`, destination.port);
}

function withPort(host: string, port: number): string {
  return port === 80 ? host : `${host}:${port}`;
}

/** Whether a Host header is one of the names by which a Service is usually called. */
export function isUsualHost(destination: Destination, host: string): boolean {
  if (destination.kind !== 'service') return host === usualHost(destination);
  const [namespace = '', name = ''] = destination.service.split('/');
  return [name, `${name}.${namespace}`, `${name}.${namespace}.svc`].includes(host.replace(/:\d*$/, ''));
}

/** The same request to another destination: a client that names the one it calls names that one then. */
export function readdressed({ source, destination: before, payload }: Request, destination: Destination): Request {
  if (payload.kind === 'tcp' || !isUsualHost(before, payload.host)) return { source, destination, payload };
  return { source, destination, payload: { ...payload, host: usualHost(destination) } };
}

/** `POST /v1/charges from shop/checkout to payments/ledger:80`: the short name of a request. */
export function describeRequest({ source, destination, payload }: Request): string {
  if (destination.kind === 'gateway' && destination.onward !== undefined && payload.kind === 'http') {
    const { gateway, onward } = destination;
    const through = `through gateway ${gateway} to pod of ${onward.workload}:${onward.port}`;
    return `${payload.method} ${describeUrl(destination, payload)} from ${describeSource(source)} ${through}`;
  }
  return `${describePayload(payload)} from ${describeSource(source)} to ${describeDestination(destination)}`;
}

/** `POST /charge`, or what is known of a connection. */
export function describePayload(payload: Payload): string {
  if (payload.kind === 'http') return `${payload.method} ${payload.path}`;
  return payload.serverName === undefined ? 'a TCP connection' : `a TLS connection for ${payload.serverName}`;
}

/** A token in words: what it claims, as `ambit trace` is asked about it. */
export function describeToken(token: Token): string {
  const place = token.in === undefined ? '' : ` in ${placeText(token.in)}`;
  return `${token.valid ? 'a' : 'an invalid'} token (${statedClaims(token).join(' ')})${place}`;
}

/** What a token claims, each as `claim=value`. */
export function statedClaims({ issuer, subject, audiences, presenter, claims }: Token): readonly string[] {
  return [
    `iss=${issuer}`,
    ...(subject === undefined ? [] : [`sub=${subject}`]),
    ...audiences.map((audience) => `aud=${audience}`),
    ...(presenter === undefined ? [] : [`azp=${presenter}`]),
    ...Object.entries(claims).flatMap(([name, values]) => values.map((value) => `${name}=${value}`)),
  ];
}

/** As a client writes it; what it cannot say of the Host and of the name in TLS is said beside it. */
export function describeUrl(
  { port, serverName }: Extract<Destination, { kind: 'gateway' }>,
  { host, path }: HttpRequest,
): string {
  const scheme = serverName === undefined ? 'http' : 'https';
  const [name = ''] = host.split(':');
  const address = port === (serverName === undefined ? 80 : 443) ? name : `${name}:${port}`;
  const isUsual = [name, `${name}:${port}`].includes(host);
  const asName = serverName === undefined || serverName === name ? '' : ` as ${serverName}`;
  return `${scheme}://${address}${path}${asName}${isUsual ? '' : ` with Host ${host}`}`;
}

/** Whoever calls from outside the mesh and is nobody in particular. */
export const unauthenticatedClient = 'an unauthenticated client';

export function describeSource(source: Source): string {
  if (source.kind === 'workload') return source.workload;
  if (source.kind === 'future')
    return `a new ${source.speaks} workload as ${source.namespace}/${source.serviceAccount}`;
  if (source.kind === 'gateway') return `gateway ${source.gateway}`;
  return source.name === 'anyone' ? unauthenticatedClient : `outside caller ${source.name}`;
}

export function describeDestination(destination: Destination): string {
  if (destination.kind === 'service') return `${destination.service}:${destination.port}`;
  if (destination.kind === 'pod') return `pod of ${destination.workload}:${destination.port}`;
  if (destination.kind === 'external') return `${destination.host}:${destination.port}`;
  const { gateway, port, serverName, onward } = destination;
  const asName = serverName === undefined ? '' : ` as ${serverName}`;
  const further = onward === undefined ? '' : ` and on to pod of ${onward.workload}:${onward.port}`;
  return `gateway ${gateway}:${port}${asName}${further}`;
}
