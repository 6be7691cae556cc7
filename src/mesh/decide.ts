import { sortBy } from '../util/order.js';
import { decidePath } from './decide/decide-path.js';
import type { Decision } from './decide/decision.js';
import { agreed, behindGateway, describeElsewhere, drawn, isNoCopy, type OnWay, onItsWay } from './decide/on-way.js';
import type { Mesh } from './mesh.js';
import { type Caller, callerOf } from './paths/caller.js';
import { noPath } from './paths/hops.js';
import { onwardFrom, type ToGateway } from './paths/onward.js';
import { pathOf } from './paths/paths.js';
import { waysFollowed, waysThrough } from './paths/through-gateways.js';
import { isRoutedWay, type Way, waysByGateway, waysToPod } from './paths/ways.js';
import { askingFor, type ToHost, waysOutFor } from './paths/ways-out.js';
import type { HopTrace } from './policies/decide-hop.js';
import type { PodPort, Request } from './request.js';

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
function decideFromGateway(mesh: Mesh, request: Request): Decision {
  const { source, destination, payload } = request;
  const caller = callerOf(mesh, source);
  if (source.kind !== 'gateway' || caller.kind !== 'caller') return decide(mesh, request);
  if (destination.kind !== 'service' || payload.kind === 'tcp') return decide(mesh, request);
  const ways = waysByGateway(mesh, caller, destination, payload);
  return drawn(ways, onItsWay(mesh, request, destination.workload)) ?? decide(mesh, request);
}

/**
 * What becomes of a request in the end, also behind a gateway that is addressed: one decision for each pod to which its
 * routes lead, the most likely first, or for each answer; what is let through where nothing is routed, or nobody follows it,
 * stays there.
 */
export function decideThrough(mesh: Mesh, request: Request): readonly Decision[] {
  const arrived = decideFromGateway(mesh, request);
  const { destination, payload } = request;
  if (destination.kind !== 'gateway' || destination.onward !== undefined || destination.isEnd) return [arrived];
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
  if (destination.kind === 'pod' && payload.kind === 'http') {
    const ways = waysThrough(mesh, waysToPod(mesh, caller, destination, payload), payload);
    return decideLed(caller, request, ways, onItsWay(mesh, request, destination.workload));
  }
  if (destination.kind !== 'service') return undefined;
  const ways = waysFollowed(mesh, caller, destination, payload);
  return ways.some(isRoutedWay) ? drawn(ways, onItsWay(mesh, request, destination.workload)) : undefined;
}

/** Of what is addressed to a pod and led by its Host header: what is led elsewhere meets nothing that stands at that pod. */
function decideLed(caller: Caller, request: Request, ways: readonly Way[], asked: OnWay): Decision | undefined {
  const decided = drawn(ways, asked);
  const end = decided?.way?.end;
  if (decided?.way === undefined || (end?.kind !== 'pods' && end?.kind !== 'external')) return decided;
  if (asked.leads(decided.way)) return decided;
  return { ...decided, ...decidePath(request, caller, noPath(describeElsewhere(end))) };
}

function workloadsOf({ end }: Way): readonly string[] {
  return end.kind === 'pods' ? end.workloads : [''];
}
