import { decide } from '../../../src/mesh/decide.js';
import type { Mesh } from '../../../src/mesh/mesh.js';
import {
  type Destination,
  type HttpRequest,
  type Request,
  type Source,
  type Token,
  usualHost,
} from '../../../src/mesh/request.js';

/** `amb/client`, `gateway ingress/public`, or `outside`: who sends. */
export function sourceOf(text: string): Source {
  if (text === 'outside') return { kind: 'outside', name: 'office', ip: '203.0.113.9' };
  const gateway = /^gateway (.*)$/.exec(text)?.[1];
  if (gateway !== undefined) return { kind: 'gateway', cluster: 'east', gateway };
  return { kind: 'workload', cluster: 'east', workload: text, ip: '10.0.0.7' };
}

/** `amb/server:80` by the service; `pod amb/server:8080` by the pod's own address. */
export function destinationOf(text: string): Destination {
  const [, kind, name = '', port] = /^(pod |gateway )?(.*):(\d+)$/.exec(text) ?? [];
  const common = { cluster: 'east', port: Number(port) };
  if (kind === 'gateway ') return { kind: 'gateway', gateway: name, ...common };
  if (kind === 'pod ') return { kind: 'pod', workload: name, ...common };
  return { kind: 'service', service: name, workload: name, ...common };
}

export function get(path = '/', more: Partial<HttpRequest> = {}): HttpRequest {
  return { kind: 'http', method: 'GET', path, host: '', headers: {}, ...more };
}

export const bytes = { kind: 'tcp' } as const;

/** Without a host of its own a request names its destination as clients usually do. */
export function requestOf(from: string, to: string, payload: Request['payload'] = get()): Request {
  const destination = destinationOf(to);
  const isNamed = payload.kind === 'tcp' || payload.host !== '';
  return {
    source: sourceOf(from),
    destination,
    payload: isNamed ? payload : { ...payload, host: usualHost(destination) },
  };
}

/** The verdict in one word: `allowed`, `not-modelled`, or how it is denied. */
export function verdictOf(mesh: Mesh, from: string, to: string, payload: Request['payload'] = get()): string {
  const { verdict } = decide(mesh, requestOf(from, to, payload));
  return verdict.kind === 'denied' ? verdict.response : verdict.kind;
}

export function tokenOf(issuer: string, subject: string, more: Partial<Token> = {}): Token {
  return { issuer, subject, audiences: [], claims: {}, valid: true, ...more };
}
