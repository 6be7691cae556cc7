import type { PathNormalization } from '../parse/mesh.js';
import { keyOf } from '../topology/model.js';
import { sortBy, sortedUnique } from '../util/order.js';
import { asObject, asTexts } from './json.js';
import type { Mesh, MeshCluster } from './mesh.js';
import { normalizePath, rejectedPath } from './normalize-path.js';
import { type Caller, callerOf } from './paths/caller.js';
import { type Hop, type NetworkStop, noPath, type Path, type Stop, seesAddress } from './paths/hops.js';
import { joinedPath, leadsToPort, type Onward, onwardFrom, type ToGateway } from './paths/onward.js';
import { pathOf } from './paths/paths.js';
import { pathThrough, waysFollowed, waysThrough } from './paths/through-gateways.js';
import { endsAt, isRoutedWay, type Way, waysByGateway } from './paths/ways.js';
import { askingFor, type ToHost, waysOutFor } from './paths/ways-out.js';
import { decideHop, type HopTrace } from './policies/decide-hop.js';
import type { Payload, PodPort, Request } from './request.js';
import { changedView } from './routes/follow/changed-view.js';
import { replacesToken } from './routes/follow/changes.js';
import { type Known, known, unknown } from './truth.js';
import { type HttpView, unchecked, type View } from './view.js';

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
  /** The workload at whose pods it ends, where it was for a host outside the mesh and routes lead there. */
  readonly endsAt?: string;
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
  const { destination, payload } = request;
  if (destination.kind === 'gateway' && destination.onward !== undefined) {
    return decideOnwardTo(mesh, caller, request, destination, destination.onward);
  }
  if (destination.kind === 'external') return decideOut(mesh, caller, request, destination);
  return decideRouted(mesh, caller, request) ?? decidePath(request, caller, pathOf(mesh, caller, destination, payload));
}

/** The same for what a gateway sends as its own routes say, where one of them leads to the Service. */
export function decideFromGateway(mesh: Mesh, request: Request): Decision {
  const { source, destination, payload } = request;
  const caller = callerOf(mesh, source);
  if (source.kind !== 'gateway' || caller.kind !== 'caller') return decide(mesh, request);
  if (destination.kind !== 'service' || payload.kind === 'tcp') return decide(mesh, request);
  const ways = waysByGateway(mesh, caller, destination, payload);
  return drawn(ways, onItsWay(mesh, request, destination.workload)) ?? decide(mesh, request);
}

/**
 * What becomes of a request in the end, also behind a gateway that is addressed: one decision for each pod to which its
 * routes lead, the most likely first, or for each answer; what is let through where nothing is routed stays there.
 */
export function decideThrough(mesh: Mesh, request: Request): readonly Decision[] {
  const arrived = decideFromGateway(mesh, request);
  const { destination, payload } = request;
  if (destination.kind !== 'gateway' || destination.onward !== undefined) return [arrived];
  const onward = arrived.verdict.kind === 'denied' ? undefined : onwardFrom(mesh, destination, payload);
  if (onward === undefined || arrived.path.kind !== 'path') return [arrived];
  const ways = waysThrough(mesh, onward.ways, payload);
  const found = sortBy(ways.filter(isNoCopy), ({ share }) => -share).flatMap((way) =>
    workloadsOf(way).map((workload) => {
      const behind = behindGateway(mesh, request, { ...onward, arrived: arrived.path, workload });
      return { ...behind.decide(way), way, ways };
    }),
  );
  return found.length === 0 ? [arrived] : found;
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
        return { ...onItsWay(mesh, { source, destination: to, payload }, workload).decide(way), way, ways };
      }),
    );
}

function refusesAtWaypoint({ hop, outcome }: HopTrace): boolean {
  return hop.point.kind === 'waypoint' && outcome.kind === 'denied';
}

function isNoCopy({ copy }: Way): boolean {
  return copy === undefined;
}

/**
 * Everything that may become of a request: one decision for each pod or answer to which its ways lead, whatever pod of a
 * Service was asked about.
 */
export function decideEach(mesh: Mesh, request: Request): readonly Decision[] {
  const { source, destination, payload } = request;
  const caller = callerOf(mesh, source);
  if (destination.kind !== 'service' || caller.kind !== 'caller') return decideThrough(mesh, request);
  const ways = waysFollowed(mesh, caller, destination, payload);
  if (ways.length === 0) return [decide(mesh, request)];
  return ways.filter(isNoCopy).flatMap((way) =>
    workloadsOf(way).map((workload) => {
      const to = { ...request, destination: workload === '' ? destination : { ...destination, workload } };
      return isRoutedWay(way) ? { ...onItsWay(mesh, to, workload).decide(way), way, ways } : decide(mesh, to);
    }),
  );
}

function workloadsOf({ end }: Way): readonly string[] {
  return end.kind === 'pods' ? end.workloads : [''];
}

/** What becomes of a request that a gateway is to lead to the pods of a workload, by all that stands before them. */
function decideOnwardTo(
  mesh: Mesh,
  caller: Caller,
  request: Request,
  destination: ToGateway,
  { workload, port }: PodPort,
): Decision {
  const arrived = pathOf(mesh, caller, destination, request.payload);
  const onward = onwardFrom(mesh, destination, request.payload);
  const behind = onward && behindGateway(mesh, request, { ...onward, arrived, workload, port });
  const there = onward && behind && drawn(onward.ways, behind);
  if (there !== undefined) return there;
  const atGateway = decidePath(request, caller, arrived);
  if (atGateway.verdict.kind === 'denied') return atGateway;
  return decidePath(request, caller, noPath('no route of the gateway leads there'));
}

/** Of a host outside the mesh: wherever routes lead what is for it, to other hosts and to pods as well. */
function decideOut(mesh: Mesh, caller: Caller, request: Request, destination: ToHost): Decision {
  const payload = askingFor(destination, request.payload);
  const ways = waysOutFor(mesh, caller, destination, payload);
  if ('because' in ways) return decidePath(request, caller, ways);
  const all = waysThrough(mesh, ways, payload);
  const ends = all.flatMap((way) => workloadsOf(way).map((workload) => ({ way, workload })));
  const decided = ends
    .filter(({ way }) => isNoCopy(way))
    .map(({ way, workload }) => {
      const decision = onItsWay(mesh, { ...request, payload }, workload).decide(way);
      return { ...decision, request, way, ways: all, ...(workload !== '' && { endsAt: workload }) };
    });
  return agreed(decided) ?? decidePath(request, caller, noPath('nothing leads there'));
}

/** Where proxies route: by the ways that lead to the pod, of which each request takes one. */
function decideRouted(mesh: Mesh, caller: Caller, request: Request): Decision | undefined {
  const { destination, payload } = request;
  if (destination.kind !== 'service') return undefined;
  const ways = waysFollowed(mesh, caller, destination, payload);
  return ways.some(isRoutedWay) ? drawn(ways, onItsWay(mesh, request, destination.workload)) : undefined;
}

/** Whether a way leads to the pods that are asked about, and what becomes of a request on it. */
interface OnWay {
  leads(way: Way): boolean;
  decide(way: Way): Decision;
}

/** On the ways from its caller. */
function onItsWay(mesh: Mesh, request: Request, workload: string): OnWay {
  const isOutside = request.destination.kind === 'external';
  const leads = (way: Way) => endsAt(way, workload) || (isOutside && leavesMesh(way));
  return {
    leads,
    decide: (way) => decideWay(request, way, way.caller, pathThrough(mesh, way, workload, request.payload), leads(way)),
  };
}

function leavesMesh({ end }: Way): boolean {
  return end.kind === 'external' || end.kind === 'passed on';
}

/** What becomes of a request on one of its ways, at the pods of a workload: those that it names, where none is said. */
export function decideOnWay(mesh: Mesh, request: Request, way: Way, workload?: string): Decision {
  const { destination } = request;
  const named = destination.kind === 'service' ? destination.workload : '';
  return onItsWay(mesh, request, workload ?? named).decide(way);
}

interface BehindGateway extends Onward {
  /** To the gateway. */
  readonly arrived: Path;
  readonly workload: string;
  /** Where one port of the pods is asked about. */
  readonly port?: number;
}

/** On the ways from a gateway. */
function behindGateway(mesh: Mesh, request: Request, asked: BehindGateway): OnWay {
  const { arrived, sender, source, workload, port } = asked;
  const { destination, payload } = request;
  const caller = callerOf(mesh, request.source);
  const leadsOut = ({ end }: Way) => workload === '' && end.kind === 'external';
  const leads = (way: Way) =>
    port === undefined ? endsAt(way, workload) || leadsOut(way) : leadsToPort(mesh, way, { workload, port });
  return {
    leads,
    decide: (way) => {
      const next = pathThrough(mesh, way, workload, payload);
      const path = joinedPath(arrived, next, sender);
      const decided = decideWay(request, way, caller, path, leads(way));
      const onward = { source, destination: serviceAddressed(way, workload) ?? destination, payload };
      if (arrived.kind !== 'path' || next.kind === 'path') return { ...decided, onward };
      const atGateway = decidePath(request, caller, arrived);
      const { trace } = atGateway;
      return atGateway.verdict.kind === 'denied' ? atGateway : { ...decided, path: arrived, trace, onward };
    },
  };
}

function serviceAddressed({ addressed }: Way, workload: string): Request['destination'] | undefined {
  if (addressed === undefined) return undefined;
  const { service, port } = addressed;
  return { kind: 'service', cluster: service.cluster, service: keyOf(service), port: port.number, workload };
}

/** Of several ways those that lead to the pods count, and must agree; of none, what becomes of the request instead. */
function drawn(ways: readonly Way[], { leads, decide: decideOn }: OnWay): Decision | undefined {
  const leading = ways.filter(leads);
  return agreed((leading.length > 0 ? leading : ways.filter(isNoCopy)).map((way) => ({ ...decideOn(way), way, ways })));
}

function agreed([first, ...others]: readonly Decision[]): Decision | undefined {
  if (first === undefined || others.every(({ verdict }) => verdict.kind === first.verdict.kind)) return first;
  const because = 'the ways that a route draws by weight are treated differently';
  return { ...first, verdict: { kind: 'not-modelled' }, because };
}

function decideWay(request: Request, { end }: Way, caller: Caller | Stop, path: Path, leads: boolean): Decision {
  const decided = decidePath(request, caller, path);
  // Whatever is not known of what stands at other pods, it does not come to these.
  const isElsewhere = (end.kind === 'pods' || end.kind === 'external') && !leads;
  if (decided.verdict.kind === 'denied') return decided;
  if (end.kind === 'answer') return answered(decided, end);
  if (decided.verdict.kind === 'not-modelled' && !isElsewhere) return decided;
  if (leads) return decided;
  const because = `its way leads to ${placeOf(end)}`;
  return { ...decided, verdict: { kind: 'denied', response: 'no-path' }, because };
}

function placeOf(end: Way['end']): string {
  if (end.kind === 'pods') return `\`${keyOf(end.service)}\``;
  return end.kind === 'external' ? `\`${end.named.host}\`` : 'another place';
}

/** Nobody answers bytes. Where it is not known what a policy says before, only the status is not known. */
function answered(decided: Decision, { status, because }: Extract<Way['end'], { kind: 'answer' }>): Decision {
  if (decided.request.payload.kind === 'tcp') {
    return { ...decided, verdict: { kind: 'denied', response: 'closed' }, because };
  }
  const isKnown = decided.verdict.kind === 'allowed';
  return { ...decided, verdict: { kind: 'denied', response: 'answered', ...(isKnown && { status }) }, because };
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
  const { network } = path;
  const followed = follow(path.hops, caller, request.payload, path.because);
  if (network === undefined || network.isOnlyTold) return { request, path, ...followed };
  return { request, path, ...stoppedInNetwork(followed, network) };
}

/** What NetworkPolicies stop has no way; where that is not known, what is refused on the way is refused nonetheless. */
function stoppedInNetwork(followed: Followed, { kind, because }: NetworkStop): Followed {
  if (kind === 'no-path') return { verdict: { kind: 'denied', response: 'no-path' }, because, trace: [] };
  return followed.verdict.kind === 'denied' ? followed : { ...followed, verdict: { kind: 'not-modelled' }, because };
}

type Followed = Pick<Decision, 'verdict' | 'because' | 'trace'>;

/** Hop after hop until one stops it. A doubt at one hop is no doubt when a later one denies for certain. */
function follow(hops: readonly Hop[], caller: Caller, payload: Payload, because: string): Followed {
  const trace: HopTrace[] = [];
  let token = payload.kind === 'http' ? payload.token : undefined;
  let sent: HttpView | undefined;
  for (const hop of hops) {
    const view = viewAt(hop, caller, payload);
    const http = view.http && changedOn(hop, sent ?? view.http);
    const arriving = token;
    const isReplaced = arriving && (hop.changes ?? []).some(({ changes }) => replacesToken(changes, arriving));
    token = isReplaced === true ? undefined : token;
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

function denial(trace: readonly HopTrace[], payload: Payload): Followed {
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
    serverName: hop.serverName ?? unknown('the server name of the TLS handshake'),
    http: hop.chain === 'http' && payload.kind === 'http' ? httpView(payload, pathsAt(hop.mesh)) : undefined,
  };
}

function sourceIpAt(hop: Hop, caller: Caller): View['sourceIp'] {
  const { addresses, peer } = hop;
  if (addresses !== undefined) return addresses.peer === 'caller' ? caller.ip : unknown(addresses.peer.why);
  if (!seesAddress(hop)) return known(undefined);
  return peer.kind === 'proxy' ? unknown('the address of the proxy’s pod') : caller.ip;
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

function httpView(
  { method, path, host, headers }: Extract<Payload, { kind: 'http' }>,
  how: PathNormalization,
): HttpView {
  const normalized = normalizePath(path, how);
  const parameters = [...new URLSearchParams(/\?([^#]*)/.exec(path)?.[1] ?? '').keys()];
  const seen = normalized === rejectedPath ? path : normalized;
  return { method, path: seen, host, headers, parameters, ...unchecked };
}
