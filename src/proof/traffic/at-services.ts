import type { CallerKind, Callers } from '../../algebra/callers.js';
import { type Lane, withHostNames } from '../../algebra/lane.js';
import type { Mesh } from '../../mesh/mesh.js';
import { hostChoice } from '../../mesh/paths/host-choice.js';
import { type Way, waysFor, waysOf } from '../../mesh/paths/ways.js';
import { usualHost } from '../../mesh/request.js';
import { allNaming } from '../../mesh/routes/follow/matching.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import { keyOf, type Service, type ServicePort } from '../../topology/model.js';
import type { Asked, VersionsByService } from './asked.js';
import { type CallerContext, knowsWhatItMayCall, leadsTo, letsThrough, routedCallers } from './callers.js';
import type { Entrance } from './entrance.js';

/** Each port of each Service on which proxies may read requests, for each kind of caller that some proxy routes for. */
export function serviceEntrances(
  context: CallerContext,
  traffic: ResolvedTraffic,
  versions: VersionsByService,
): readonly Entrance[] {
  const asked = askedPorts(context.mesh, traffic, versions);
  return asked
    .filter(({ port }) => port.layer !== 'tcp')
    .flatMap((each) => entrancesAt(context, each, traffic.readers));
}

/** Each port of each Service of whose routes settings say anything. */
export function askedPorts(
  { clusters }: Mesh,
  { origin, routes, destinations }: ResolvedTraffic,
  versions: VersionsByService,
): readonly AskedService[] {
  if (routes.length === 0) return [];
  return destinations.flatMap((destination) => {
    const at = clusters.get(destination.cluster);
    const name = keyOf(destination);
    const service = at?.cluster.services.get(name);
    if (at === undefined || service === undefined) return [];
    const ports = service.ports.filter(({ transport }) => transport === 'TCP');
    return ports.map((port) => ({ origin, routes, versions, at, name, service, host: undefined, port }));
  });
}

export interface AskedService extends Asked {
  readonly service: Service;
  readonly port: ServicePort;
}

function entrancesAt(
  context: CallerContext,
  asked: AskedService,
  readers: ResolvedTraffic['readers'],
): readonly Entrance[] {
  const lane = laneTo(asked, asked.service.workloads[0] ?? '');
  const { all, kinds } = routedCallers(context, lane, readers);
  return kinds.flatMap((kind) => entranceOf(context, asked, lane, all, kind) ?? []);
}

interface ToPort extends Lane {
  readonly destination: Extract<Lane['destination'], { kind: 'service' }>;
}

/** What carries connections alone carries bytes. */
export function laneTo({ at: { cluster }, service, port }: AskedService, workload: string): ToPort {
  return {
    destination: { kind: 'service', cluster: cluster.name, service: keyOf(service), port: port.number, workload },
    payload: port.layer === 'tcp' ? 'tcp' : 'http',
  };
}

function entranceOf(
  context: CallerContext,
  asked: AskedService,
  lane: ToPort,
  all: Callers,
  kind: CallerKind,
): Entrance | undefined {
  const { mesh } = context;
  const { at, service, port } = asked;
  const { caller, source } = kind.representative;
  const { destination } = lane;
  const sent = allNaming(usualHost(destination), at.cluster.settings.istio.pathNormalization);
  const ways = waysOf(mesh, caller, destination, sent);
  // What a gateway sends past the waypoint follows its own routes alone.
  const isPast = caller.speaks === 'gateway' && ways.every(({ behind }) => behind === undefined);
  const isUnknown =
    ways.every(({ end }) => end.kind === 'passed on') && knowsWhatItMayCall(context, all, kind, service);
  if (ways.length === 0 || isPast || isUnknown) return undefined;
  const goesByHost = caller.speaks === 'sidecar' && port.layer === 'http';
  return {
    asked,
    lane,
    all,
    kind,
    sender: source,
    ways,
    waysOf: (request) => waysFor(mesh, caller, destination, request),
    host: undefined,
    withHosts: (constants) => withHostNames(mesh, { lane, ways: [{ ...kind, stop: undefined, gates: [] }] }, constants),
    // What names another host is no request to the Service where the caller's sidecar goes by that (T-92).
    isMeant: (host) => !goesByHost || hostChoice(at, caller, { service, port }, host) === 'the Service',
    isUsed: () => mayCall(context, asked, ways, kind),
  };
}

/** Whether policies let any of the callers through to some pods at which ways end; what is only answered needs none. */
export function mayCall(context: CallerContext, asked: AskedService, ways: readonly Way[], kind: CallerKind): boolean {
  const pods = new Set(ways.flatMap(workloadsAt));
  const lanes = [...pods].map((workload) => laneTo(asked, workload)).filter((lane) => leadsTo(context, lane, kind));
  return lanes.length === 0 || lanes.some((lane) => letsThrough(context, lane, kind));
}

/** What a sidecar passes on comes to the pods of the Service that is addressed (T-92). */
function workloadsAt({ end, addressed }: Way): readonly string[] {
  if (end.kind === 'passed on') return addressed?.service.workloads ?? [];
  return end.kind === 'pods' ? end.workloads : [];
}
