import type { Span } from '../diagnostics/diagnostic.js';
import type { Decision } from '../mesh/decide.js';
import { principalOf } from '../mesh/identity.js';
import type { Mesh } from '../mesh/mesh.js';
import { resolveEndpoint } from '../mesh/paths/endpoint.js';
import type { Hop } from '../mesh/paths/hops.js';
import type { Point } from '../mesh/policies/attach.js';
import type { HopTrace, PolicyTrace } from '../mesh/policies/decide-hop.js';
import { describeDestination } from '../mesh/request.js';
import type { Truth } from '../mesh/truth.js';
import type { View } from '../mesh/view.js';
import { spanIn } from '../parse/document.js';
import { keyOf } from '../topology/model.js';
import { assertNever } from '../util/assert.js';

/** One place that a request passes, or would have passed. */
export interface TracedHop {
  readonly kind: Point['kind'] | 'pod' | 'host';
  readonly name: string;
  readonly because: string;
  readonly outcome: 'passes' | 'denied' | 'unknown' | 'not reached';
  /** The sentence that decides here. */
  readonly decision: string | undefined;
  /** Whether it reads requests, or connections only. */
  readonly reads: 'requests' | 'connections' | undefined;
  readonly sees: readonly Seen[];
  readonly policies: readonly TracedPolicy[];
}

export interface Seen {
  readonly name: string;
  readonly value: string;
}

export interface TracedPolicy {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly action: string;
  readonly matched: Truth;
  readonly span: Span;
  readonly rules: readonly TracedRule[];
  /** What of the policy as written is not enforced here. */
  readonly lost: readonly Place[];
}

export interface TracedRule extends Place {
  readonly matched: Truth;
}

interface Place {
  readonly because: string;
  readonly span: Span;
}

/** The enforcement points on the way, those behind the one that stopped it included. */
export function tracedHops({ path, trace }: Decision): readonly TracedHop[] {
  if (path.kind !== 'path') return [];
  return path.hops.map((hop, index) => tracedHop(hop, trace[index]));
}

function tracedHop(hop: Hop, done: HopTrace | undefined): TracedHop {
  const base = { kind: hop.point.kind, name: nameOf(hop.point), because: hop.because };
  if (done === undefined) {
    return { ...base, outcome: 'not reached', decision: undefined, reads: undefined, sees: [], policies: [] };
  }
  return {
    ...base,
    outcome: done.outcome.kind,
    decision: done.outcome.because,
    reads: hop.chain === 'http' ? 'requests' : 'connections',
    sees: seenBy(done.sees),
    policies: done.policies.map(tracedPolicy),
  };
}

function nameOf(point: Point): string {
  switch (point.kind) {
    case 'sidecar':
    case 'ztunnel':
      return keyOf(point.workload);
    case 'waypoint':
      return keyOf(point.waypoint);
    case 'gateway':
      return keyOf(point.gateway);
    default:
      return assertNever(point);
  }
}

function seenBy({ principal, sourceIp, destinationPort, http }: View): readonly Seen[] {
  const identity = identityIn(principal);
  const request = http === undefined ? [] : [`${http.method} ${http.path}`, `host ${http.host}`];
  const headers = Object.entries(http?.headers ?? {}).map(([name, value]) => ({ name: `header ${name}`, value }));
  const token = http?.token;
  return [
    { name: 'caller', value: identity },
    ...(sourceIp.known ? [{ name: 'address', value: sourceIp.value ?? 'none, behind HBONE' }] : []),
    { name: 'port', value: String(destinationPort) },
    ...(http === undefined ? [] : [{ name: 'request', value: request.join(', ') }]),
    ...headers,
    ...(token === undefined ? [] : [{ name: 'token', value: `${token.issuer}/${token.subject ?? ''}` }]),
  ];
}

function identityIn(principal: View['principal']): string {
  if (!principal.known) return 'a certificate that is not known';
  return principal.value === null ? 'no certificate' : principalOf(principal.value);
}

function tracedPolicy({ policy, action, matched, rules, lost }: PolicyTrace): TracedPolicy {
  const { kind, namespace, name, object } = policy;
  return {
    kind,
    namespace,
    name,
    action,
    matched,
    span: spanIn(object, ['metadata', 'name']),
    rules: rules.map((rule) => ({ matched: rule.matched, because: rule.because, span: spanIn(object, rule.place) })),
    lost: lost.map(({ why, place }) => ({ because: why, span: spanIn(object, place) })),
  };
}

/** Where the way ends, if it does: the pod itself, or the host outside the mesh. */
export function destinationHop(mesh: Mesh, { request, verdict, path }: Decision): readonly TracedHop[] {
  const { destination } = request;
  const last = path.kind === 'path' ? path.hops.at(-1) : undefined;
  if (destination.kind === 'gateway' || last?.point.kind === 'gateway') return [];
  const nothing = { decision: undefined, reads: undefined, sees: [], policies: [] };
  const outcome = outcomeAtEnd[verdict.kind];
  const because = path.kind === 'path' && path.hops.length === 0 ? 'nothing stands before it' : '';
  const end = { because, outcome, ...nothing };
  if (destination.kind === 'external') return [{ kind: 'host', name: describeDestination(destination), ...end }];
  const endpoint = resolveEndpoint(mesh, destination);
  if (endpoint.kind !== 'endpoint') return [];
  const { workload, podPort } = endpoint;
  return [{ kind: 'pod', name: `${keyOf(workload)}:${podPort}`, ...end }];
}

const outcomeAtEnd = { allowed: 'passes', denied: 'not reached', 'not-modelled': 'unknown' } as const;
