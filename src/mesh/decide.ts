import type { PathNormalization } from '../parse/mesh.js';
import { keyOf } from '../topology/model.js';
import { sortBy, sortedUnique } from '../util/order.js';
import { asObject, asTexts } from './json.js';
import type { Mesh, MeshCluster } from './mesh.js';
import { normalizePath, rejectedPath } from './normalize-path.js';
import { type Caller, callerOf } from './paths/caller.js';
import { type Hop, type Path, type Stop, seesAddress } from './paths/hops.js';
import { pathOf } from './paths/paths.js';
import { endsAt, isRoutedWay, pathOfWay, type Way, waysByGateway, waysFor, waysFromListener } from './paths/ways.js';
import { decideHop, type HopTrace } from './policies/decide-hop.js';
import type { Payload, Request } from './request.js';
import { changedView } from './routes/follow/changed-view.js';
import type { AppliedChanges } from './routes/follow/changes.js';
import { type Known, known, unknown } from './truth.js';
import type { HttpView, View } from './view.js';

/** What the mesh does with one request, and why. */
export interface Decision {
  readonly request: Request;
  readonly verdict: Verdict;
  /** The sentence that decides. */
  readonly because: string;
  readonly path: Path;
  /** The enforcement points it reached, in order; the last is where it was stopped, if it was. */
  readonly trace: readonly HopTrace[];
  /** The way that it took through proxies that route, and all that it might have taken; none where nobody routes. */
  readonly way?: Way;
  readonly ways?: readonly Way[];
  /** What a gateway that was addressed sends on: then the way begins at the gateway. */
  readonly onward?: Request;
}

export type Verdict =
  | {
      readonly kind: 'allowed';
      /** External authorizers that are asked on the way: it is allowed if each of them agrees. */
      readonly asks: readonly string[];
    }
  | {
      readonly kind: 'denied';
      readonly response: Response;
      /** What a route answers with, or an authorizer's settings make the caller see instead. */
      readonly status?: number;
    }
  | { readonly kind: 'not-modelled' };

/**
 * What the caller sees: 403, 401, 400, a closed connection, 503 from a proxy behind which it was closed, the status with
 * which a route answers, or no way at all.
 */
type Response = 'forbidden' | 'unauthenticated' | 'bad-request' | 'closed' | 'unavailable' | 'answered' | 'no-path';

/** Decides one request hop by hop. Where the model lacks a fact that matters it says `not-modelled`, and which fact. */
export function decide(mesh: Mesh, request: Request): Decision {
  const caller = callerOf(mesh, request.source);
  if (caller.kind !== 'caller') return decidePath(request, caller, caller);
  return (
    decideRouted(mesh, caller, request) ??
    decidePath(request, caller, pathOf(mesh, caller, request.destination, request.payload))
  );
}

/** The same for what a gateway sends as its own routes say, where one of them leads to the Service. */
export function decideFromGateway(mesh: Mesh, request: Request): Decision {
  const { source, destination, payload } = request;
  const caller = callerOf(mesh, source);
  if (source.kind !== 'gateway' || caller.kind !== 'caller') return decide(mesh, request);
  if (destination.kind !== 'service' || payload.kind === 'tcp') return decide(mesh, request);
  const ways = waysByGateway(mesh, caller, destination, payload);
  return drawn(mesh, request, destination.workload, ways) ?? decide(mesh, request);
}

/**
 * What becomes of a request in the end, also behind a gateway that is addressed: one decision for each pod to which its
 * routes lead, the most likely first, or for each answer; what is let through where nothing is routed stays there.
 */
export function decideThrough(mesh: Mesh, request: Request): readonly Decision[] {
  const arrived = decideFromGateway(mesh, request);
  if (request.destination.kind !== 'gateway' || arrived.verdict.kind !== 'allowed') return [arrived];
  const onward = sortBy(decideOnward(mesh, request), ({ way }) => -(way?.share ?? 0));
  return onward.length === 0 ? [arrived] : onward.map((next) => joined(arrived, next));
}

/**
 * What becomes of the copies of a request that proxies on its way make: one decision for each pod to which one goes. Nobody
 * makes any of what is refused before (T-94).
 */
export function copiesOf(mesh: Mesh, { request, onward, ways = [], trace }: Decision): readonly Decision[] {
  const { source, destination, payload } = onward ?? request;
  const isRefusedBefore = (way: Way) => way.client.copy === undefined && trace.some(refusesAtWaypoint);
  return ways
    .filter((way) => way.copy !== undefined && !isRefusedBefore(way))
    .flatMap((way) =>
      workloadsOf(way).map((workload) => {
        const to = destination.kind === 'service' ? { ...destination, workload } : destination;
        return { ...decideWay(mesh, { source, destination: to, payload }, way), way, ways };
      }),
    );
}

function refusesAtWaypoint({ hop, outcome }: HopTrace): boolean {
  return hop.point.kind === 'waypoint' && outcome.kind === 'denied';
}

function isNoCopy({ copy }: Way): boolean {
  return copy === undefined;
}

function joined(arrived: Decision, next: Decision): Decision {
  const [before, after] = [arrived.path, next.path].map((path) => (path.kind === 'path' ? path.hops : []));
  const path: Path = { kind: 'path', hops: [...(before ?? []), ...(after ?? [])], because: arrived.because };
  return { ...next, request: arrived.request, onward: next.request, path, trace: [...arrived.trace, ...next.trace] };
}

/** What a gateway makes of a request that a listener has let through; nothing where nothing is routed there. */
function decideOnward(mesh: Mesh, { destination, payload, source }: Request): readonly Decision[] {
  if (destination.kind !== 'gateway' || payload.kind === 'tcp') return [];
  const { cluster, gateway } = destination;
  const sender = { kind: 'gateway', cluster, gateway, ...(source.ip !== undefined && { ip: source.ip }) } as const;
  const caller = callerOf(mesh, sender);
  const ways = caller.kind === 'caller' ? (waysFromListener(mesh, caller, destination, payload) ?? []) : [];
  return ways.filter(isNoCopy).flatMap((way) =>
    workloadsOf(way).map((workload) => {
      const to = serviceDestination(way, cluster, workload) ?? destination;
      return { ...decideWay(mesh, { source: sender, destination: to, payload }, way), way, ways };
    }),
  );
}

function workloadsOf({ end }: Way): readonly string[] {
  return end.kind === 'pods' ? end.workloads : [''];
}

function serviceDestination({ addressed }: Way, cluster: string, workload: string): Request['destination'] | undefined {
  if (addressed === undefined) return undefined;
  return { kind: 'service', cluster, service: keyOf(addressed.service), port: addressed.port.number, workload };
}

/** Where proxies route: by the ways that lead to the pod, of which each request takes one. */
function decideRouted(mesh: Mesh, caller: Caller, request: Request): Decision | undefined {
  const { destination, payload } = request;
  if (destination.kind !== 'service') return undefined;
  const ways = waysFor(mesh, caller, destination, payload);
  return ways.some(isRoutedWay) ? drawn(mesh, request, destination.workload, ways) : undefined;
}

/** Of several ways those that lead to the pod count, and must agree; of none, what becomes of the request instead. */
function drawn(mesh: Mesh, request: Request, workload: string, ways: readonly Way[]): Decision | undefined {
  const leading = ways.filter((way) => endsAt(way, workload));
  const [first, ...others] = (leading.length > 0 ? leading : ways.filter(isNoCopy)).map((way) => {
    const decided = decideWay(mesh, request, way);
    return { ...decided, way, ways };
  });
  if (first === undefined || others.every(({ verdict }) => verdict.kind === first.verdict.kind)) return first;
  const because = 'the ways that a route draws by weight are treated differently';
  return { ...first, verdict: { kind: 'not-modelled' }, because };
}

function decideWay(mesh: Mesh, request: Request, way: Way): Decision {
  const { destination, payload } = request;
  const workload = destination.kind === 'service' ? destination.workload : '';
  const decided = decidePath(request, way.caller, pathOfWay(mesh, way, workload, payload));
  const { end } = way;
  // Whatever is not known of what stands at other pods, it does not come to these.
  const isElsewhere = end.kind === 'pods' && !endsAt(way, workload);
  if (decided.verdict.kind === 'denied' || (decided.verdict.kind === 'not-modelled' && !isElsewhere)) return decided;
  if (end.kind === 'answer') {
    return { ...decided, verdict: { kind: 'denied', response: 'answered', status: end.status }, because: end.because };
  }
  if (endsAt(way, workload)) return decided;
  const because = `its way leads to ${end.kind === 'pods' ? `\`${keyOf(end.service)}\`` : 'another place'}`;
  return { ...decided, verdict: { kind: 'denied', response: 'no-path' }, because };
}

function decidePath(request: Request, caller: Caller | Stop, path: Path): Decision {
  if (caller.kind !== 'caller' || path.kind !== 'path') {
    const verdict: Verdict =
      path.kind === 'no-path' ? { kind: 'denied', response: 'no-path' } : { kind: 'not-modelled' };
    return { request, verdict, because: path.kind === 'path' ? '' : path.because, path, trace: [] };
  }
  if (path.hops.some((hop) => isRejected(hop, request.payload))) {
    const because = 'Envoy refuses the path, the method or the Host header itself (§8.1)';
    return { request, verdict: { kind: 'denied', response: 'bad-request' }, because, path, trace: [] };
  }
  return { request, path, ...follow(path.hops, caller, request.payload, path.because) };
}

/** Hop after hop until one stops it. A doubt at one hop is no doubt when a later one denies for certain. */
function follow(
  hops: readonly Hop[],
  caller: Caller,
  payload: Payload,
  because: string,
): Pick<Decision, 'verdict' | 'because' | 'trace'> {
  const trace: HopTrace[] = [];
  let token = payload.kind === 'http' ? payload.token : undefined;
  let sent: HttpView | undefined;
  for (const hop of hops) {
    const view = viewAt(hop, caller, payload);
    const http = view.http && changedOn(hop, sent ?? view.http);
    token = (hop.changes ?? []).some(replacesToken) ? undefined : token;
    const step = decideHop(hop, http === undefined ? view : { ...view, http }, token);
    trace.push(step);
    if (step.outcome.kind === 'denied') return denial(trace, payload);
    token = step.outcome.kind === 'passes' ? step.outcome.token : token;
    sent = step.sees.http ?? sent;
  }
  const doubt = trace.find(({ outcome }) => outcome.kind === 'unknown');
  if (doubt !== undefined) return { verdict: { kind: 'not-modelled' }, because: doubt.outcome.because, trace };
  const asks = sortedUnique(trace.flatMap(({ outcome }) => (outcome.kind === 'passes' ? outcome.asks : [])));
  const last = trace[trace.length - 1];
  return { verdict: { kind: 'allowed', asks }, because: last?.outcome.because ?? because, trace };
}

function changedOn({ changes = [], mesh }: Hop, http: HttpView): HttpView {
  return changes.reduce((view, applied) => changedView(view, applied, pathsAt(mesh)), http);
}

/** A token arrives in a header, which a route may write or take away. */
function replacesToken({ changes }: AppliedChanges): boolean {
  return changes.headers.some(({ remove, set }) => remove.includes('authorization') || 'authorization' in set);
}

function denial(trace: readonly HopTrace[], payload: Payload): Pick<Decision, 'verdict' | 'because' | 'trace'> {
  const outcome = trace[trace.length - 1]?.outcome;
  const response = outcome?.kind === 'denied' ? outcome.response : 'closed';
  const hidden = response === 'closed' && trace.length > 1 && payload.kind === 'http';
  const verdict: Verdict = { kind: 'denied', response: hidden ? 'unavailable' : response };
  return { verdict, because: outcome?.because ?? '', trace };
}

function isRejected({ chain, mesh }: Hop, payload: Payload): boolean {
  if (payload.kind !== 'http' || chain !== 'http') return false;
  const { path, method, host } = payload;
  return normalizePath(path, pathsAt(mesh)) === rejectedPath || /[a-z]/.test(method) || host.includes('://');
}

function pathsAt({ cluster }: MeshCluster): PathNormalization {
  return cluster.settings.istio.pathNormalization;
}

/** What a hop sees of a request (§4.1). */
export function viewAt(hop: Hop, caller: Caller, payload: Payload): View {
  return {
    principal: principalAt(hop, caller),
    sourceIp: sourceIpAt(hop, caller),
    remoteIp: remoteIpAt(hop, caller),
    destinationIp: destinationIpAt(hop),
    destinationPort: hop.port,
    http: hop.chain === 'http' && payload.kind === 'http' ? httpView(payload, pathsAt(hop.mesh)) : undefined,
  };
}

function sourceIpAt(hop: Hop, caller: Caller): View['sourceIp'] {
  const { addresses, peer } = hop;
  if (addresses !== undefined) return addresses.peer === 'caller' ? caller.ip : unknown(addresses.peer.why);
  if (!seesAddress(hop)) return known(undefined);
  return peer.kind === 'proxy' ? unknown('the address of the waypoint’s pod') : caller.ip;
}

function remoteIpAt({ addresses }: Hop, caller: Caller): View['remoteIp'] {
  if (addresses?.client === 'caller') return caller.ip;
  return unknown(
    addresses?.client.why ?? 'the address that a proxy derives from X-Forwarded-For or the PROXY protocol',
  );
}

function principalAt({ peer }: Hop, caller: Caller): View['principal'] {
  switch (peer.kind) {
    case 'caller':
      return known(caller.identity);
    case 'proxy':
      return known(peer.identity);
    case 'nobody':
      return known(null);
    default:
      return unknown(peer.why);
  }
}

/** Manifests seldom carry addresses: a Service's virtual IP is there when it was read from a cluster. */
function destinationIpAt({ point }: Hop): Known<string> {
  if (point.kind !== 'waypoint' || point.service === undefined) return unknown('the address of the destination’s pod');
  const { clusterIP, clusterIPs } = asObject(point.service.object.value.spec) ?? {};
  if (asTexts(clusterIPs).length > 1) return unknown('which virtual IP of the service is addressed');
  return typeof clusterIP === 'string' ? known(clusterIP) : unknown('the virtual IP of the service');
}

const undoubted = {
  token: undefined,
  carriesToken: false,
  tokenDoubt: undefined,
  headerDoubts: [],
  pathDoubt: undefined,
  requestDoubt: undefined,
};

function httpView(
  { method, path, host, headers }: Extract<Payload, { kind: 'http' }>,
  how: PathNormalization,
): HttpView {
  const normalized = normalizePath(path, how);
  const parameters = [...new URLSearchParams(/\?([^#]*)/.exec(path)?.[1] ?? '').keys()];
  const seen = normalized === rejectedPath ? path : normalized;
  return { method, path: seen, host, headers, parameters, ...undoubted };
}
