import type { Decision } from '../mesh/decide/decision.js';
import type { Mesh } from '../mesh/mesh.js';
import { callerOf } from '../mesh/paths/caller.js';
import { resolveEndpoint } from '../mesh/paths/endpoint.js';
import type { Request } from '../mesh/request.js';
import { assertNever } from '../util/assert.js';
import type { Responsible } from './responsible.js';

/** What the caller gets back, in the words that it reads in its own log (§2.4, §2.6). */
export function callerSees(
  mesh: Mesh,
  { request, verdict, onward, way }: Decision,
  deciders: readonly Responsible[],
): string {
  if (verdict.kind === 'not-modelled') return 'undecided';
  if (verdict.kind === 'allowed') {
    const reaches = `reaches the ${destinationNouns[(onward ?? request).destination.kind]}`;
    return verdict.asks.length === 0 ? reaches : `${reaches} if ${verdict.asks.join(' and ')} agrees`;
  }
  if (verdict.status !== undefined) return `status ${verdict.status}`;
  switch (verdict.response) {
    case 'forbidden':
      return deciders.some(({ kind }) => kind === 'AuthorizationPolicy') ? '403 RBAC: access denied' : '403 Forbidden';
    case 'unauthenticated':
      return '401 Unauthorized';
    case 'bad-request':
      return '400 Bad Request';
    case 'unavailable':
      return '503 upstream connect error';
    case 'answered':
      return 'the answer of a route';
    case 'no-path':
      return 'no way there';
    case 'closed':
      return answersForItself(mesh, onward ?? request, way !== undefined)
        ? '503 upstream connect error, from its own proxy'
        : 'connection reset';
    default:
      return assertNever(verdict.response);
  }
}

/** The status of the answer that the mesh itself gives, where it gives one. */
export function statusSeen(mesh: Mesh, { request, verdict, onward, way }: Decision): number | undefined {
  if (verdict.kind !== 'denied') return undefined;
  const { response, status } = verdict;
  if (response === 'closed') return answersForItself(mesh, onward ?? request, way !== undefined) ? 503 : undefined;
  return status ?? statuses[response];
}

const statuses: Readonly<Partial<Record<string, number>>> = {
  forbidden: 403,
  unauthenticated: 401,
  'bad-request': 400,
  unavailable: 503,
};

const destinationNouns = { service: 'service', pod: 'pod', gateway: 'gateway', external: 'host' } as const;

/** A sidecar and a gateway answer HTTP themselves when the connection that they make is closed on them. */
function answersForItself(mesh: Mesh, { source, destination, payload }: Request, isLed: boolean): boolean {
  const caller = callerOf(mesh, source);
  if (caller.kind !== 'caller' || payload.kind !== 'http') return false;
  if (destination.kind === 'pod') return isLed;
  if (destination.kind !== 'service') return false;
  const endpoint = resolveEndpoint(mesh, destination);
  const layer = endpoint.kind === 'endpoint' ? endpoint.service?.port.layer : undefined;
  return (caller.speaks === 'sidecar' || caller.speaks === 'gateway') && layer !== 'tcp';
}
