import type { Decision } from '../mesh/decide/decision.js';
import { principalOf } from '../mesh/identity.js';
import type { Mesh } from '../mesh/mesh.js';
import { resolveEndpoint } from '../mesh/paths/endpoint.js';
import type { Hop } from '../mesh/paths/hops.js';
import type { OutsideHost } from '../mesh/paths/host-names.js';
import type { Way } from '../mesh/paths/ways.js';
import type { Point } from '../mesh/policies/attach.js';
import type { HopTrace, PolicyTrace } from '../mesh/policies/decide-hop.js';
import { type Destination, describeDestination } from '../mesh/request.js';
import type { View } from '../mesh/view.js';
import { spanIn } from '../parse/document.js';
import { coversName } from '../topology/listeners/admitted.js';
import { keyOf, targetPortOf } from '../topology/model.js';
import { assertNever } from '../util/assert.js';
import { passedOnHop, routeHop } from './route-hops.js';
import type { Seen, TracedHop, TracedPolicy } from './traced-hop.js';

/** The proxies on the way that enforce or route, those behind the one that stopped it included. */
export function tracedHops({ path, trace, way, onward }: Decision): readonly TracedHop[] {
  const hops = path.kind === 'path' ? path.hops.map((hop, index) => tracedHop(hop, trace[index])) : [];
  if (way === undefined) return hops;
  const isStopped = trace.some(({ outcome }) => outcome.kind === 'denied');
  const arrived = onward === undefined ? 0 : 1;
  return [...hops.slice(0, arrived), ...alongWay(way, hops.slice(arrived), isStopped)];
}

/** What the caller's proxy decides, then what a waypoint sees and decides, then the same from a gateway on. */
function alongWay(
  { client, behind, end, through }: Way,
  hops: readonly TracedHop[],
  isStopped: boolean,
): readonly TracedHop[] {
  const first = client.step === undefined ? [] : [routeHop(client, undefined)];
  const passedOn = end.kind === 'passed on' && through === undefined ? [passedOnHop(end.because)] : [];
  const seen = behind === undefined ? 0 : 1;
  const ofWaypoint =
    behind?.leg.step === undefined ? [] : [routeHop(behind.leg, isStopped ? 'not reached' : undefined)];
  const rest = hops.slice(seen);
  const further =
    through?.onward === undefined
      ? rest
      : [...rest.slice(0, 1), ...alongWay(through.onward.way, rest.slice(1), isStopped)];
  return [...first, ...passedOn, ...hops.slice(0, seen), ...ofWaypoint, ...further];
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
export function destinationHop(mesh: Mesh, decision: Decision): readonly TracedHop[] {
  const { request, verdict, path, way, onward } = decision;
  const { destination } = onward ?? request;
  if (way?.end.kind === 'answer') return [];
  const last = path.kind === 'path' ? path.hops.at(-1) : undefined;
  const isStillAtGateway = onward === undefined && last?.point.kind === 'gateway';
  if (destination.kind === 'gateway' || (destination.kind !== 'external' && isStillAtGateway)) return [];
  const nothing = { decision: undefined, reads: undefined, sees: [], policies: [] };
  const outcome = outcomeAtEnd[verdict.kind];
  const because = path.kind === 'path' && path.hops.length === 0 ? 'nothing stands before it' : '';
  const end = { because, outcome, ...nothing };
  if (destination.kind === 'external') return [{ ...placeOf(mesh, decision, destination), ...end }];
  const endpoint = resolveEndpoint(mesh, addressedOn(way, destination));
  if (endpoint.kind !== 'endpoint') return [];
  const { workload, podPort } = endpoint;
  return [{ kind: 'pod', name: `${keyOf(workload)}:${podPort}`, ...end }];
}

/** The host that is asked for, or where routes lead what is for it. */
function placeOf(
  { clusters }: Mesh,
  { way, endsAt = '' }: Decision,
  destination: Extract<Destination, { kind: 'external' }>,
): Pick<TracedHop, 'kind' | 'name'> {
  if (way?.end.kind === 'external')
    return { kind: 'host', name: `${hostIn(way.end.named, destination)}:${way.end.named.port.number}` };
  const workload = clusters.get(destination.cluster)?.cluster.workloads.get(endsAt);
  const port = way?.end.kind === 'pods' && workload !== undefined ? targetPortOf(way.end.port, workload) : undefined;
  if (port === undefined) return { kind: 'host', name: describeDestination(destination) };
  return { kind: 'pod', name: `${endsAt}:${port}` };
}

/** An entry with a wildcard stands for the name that is asked for. */
function hostIn(named: OutsideHost, { host }: Extract<Destination, { kind: 'external' }>): string {
  return coversName(named.host, host.toLowerCase()) ? host : named.host;
}

/** The Service to which routes lead, where they lead to another. */
function addressedOn(way: Way | undefined, destination: PodDestination): PodDestination {
  if (way?.end.kind !== 'pods') return destination;
  const { cluster, workload } = destination;
  const { service, port } = way.end;
  return { kind: 'service', cluster, workload, service: keyOf(service), port: port.number };
}

type PodDestination = Extract<Destination, { kind: 'service' | 'pod' }>;

const outcomeAtEnd = { allowed: 'passes', denied: 'not reached', 'not-modelled': 'unknown' } as const;
