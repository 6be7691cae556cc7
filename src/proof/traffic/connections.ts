import type { CallerKind } from '../../algebra/callers.js';
import type { Lane } from '../../algebra/lane.js';
import type { Caller } from '../../mesh/paths/caller.js';
import { type Way, waysOf } from '../../mesh/paths/ways.js';
import { describeRequest } from '../../mesh/request.js';
import { isManaged } from '../../parse/document.js';
import type { ResolvedRoute, ResolvedTraffic, RouteMatch } from '../../resolve/resolved-traffic.js';
import { portsLedBy } from '../../topology/led-ports.js';
import type { VersionsByService } from './asked.js';
import { laneToHost, waysToHost } from './asked-hosts.js';
import { askedHosts } from './at-hosts.js';
import { type AskedService, askedPorts, laneTo, mayCall } from './at-services.js';
import { type CallerContext, routedCallers } from './callers.js';
import type { Compared } from './compare.js';
import { isCalled } from './intended-entries.js';
import { intendedConnections } from './intended-outcome.js';
import { treatmentOfConnections } from './mesh-outcome.js';
import { deviations } from './outcome.js';

/** Compares where the connections to the TCP ports of Services go, which nothing tells apart. */
export function compareConnections(
  context: CallerContext,
  traffic: ResolvedTraffic,
  versions: VersionsByService,
): readonly Compared[] {
  const isOfConnections = ({ port }: AskedService) => port.layer === 'tcp';
  const services = askedPorts(context.mesh, traffic, versions).filter(isOfConnections);
  const hosts = askedHosts(context, traffic, versions).filter(isOfConnections);
  const asked = [...services.map(toService(context)), ...hosts.map(toHost(context))];
  return asked.flatMap((each) => {
    const { kinds } = routedCallers(context, each.lane, traffic.readers);
    return kinds.map((kind) => compareKind(each, kind));
  });
}

/** Connections to one port, and the ways that they take for a caller. */
interface Connections {
  readonly asked: AskedService;
  readonly lane: Lane;
  waysOf(caller: Caller): readonly Way[];
  isUsed(ways: readonly Way[], kind: CallerKind): boolean;
}

function toService(context: CallerContext): (asked: AskedService) => Connections {
  return (asked) => {
    const lane = laneTo(asked, asked.service.workloads[0] ?? '');
    return {
      asked,
      lane,
      waysOf: (caller) => waysOf(context.mesh, caller, lane.destination, undefined),
      isUsed: (ways, kind) => mayCall(context, asked, ways, kind),
    };
  };
}

function toHost({ mesh }: CallerContext): (asked: AskedService) => Connections {
  return (asked) => ({
    asked,
    lane: laneToHost(asked),
    waysOf: (caller) => waysToHost(mesh, caller, asked),
    isUsed: () => true,
  });
}

const nothing: Compared = { classes: 0, deviating: [], open: [] };

function compareKind({ asked, lane, ...connections }: Connections, kind: CallerKind): Compared {
  const { caller, source } = kind.representative;
  const ways = connections.waysOf(caller);
  const isPast = caller.speaks === 'gateway' && ways.every(({ behind }) => behind === undefined);
  if (ways.length === 0 || isPast) return nothing;
  const route = routeOf(asked);
  if (isLeftToOthers(asked, route)) return nothing;
  const treatment = treatmentOfConnections(asked.at, ways);
  const found = deviations(intendedConnections(asked, route), treatment.outcome);
  const isRight = found.length === 0 && treatment.doubt === undefined;
  if (isRight || !connections.isUsed(ways, kind)) return { ...nothing, classes: 1 };
  if (treatment.doubt !== undefined) return { ...nothing, classes: 1, open: [{ asked, fact: treatment.doubt }] };
  const witness = describeRequest({ source, destination: lane.destination, payload: { kind: 'tcp' } });
  const entry = { route, tests: [], path: undefined };
  return { ...nothing, classes: 1, deviating: [{ asked, entry, witness, treatment, deviations: found }] };
}

/** The first route that asks for nothing but the port, if connections can go by it. */
function routeOf({ routes, port }: AskedService): ResolvedRoute | undefined {
  const isFor = (match: RouteMatch) =>
    asksNothingElse(match) && (match.port === undefined || isCalled(port, match.port));
  const route = routes.find(({ matches }) => matches.length === 0 || matches.some(isFor));
  return route?.action.kind === 'forward' ? route : undefined;
}

function asksNothingElse({ paths, methods, headers, query, except }: RouteMatch): boolean {
  return paths.length + methods.length + headers.length + query.length + except.length === 0;
}

/** Settings that lead nothing elsewhere say nothing of a port that a TCPRoute or TLSRoute of others leads. */
function isLeftToOthers({ at, service, port }: AskedService, route: ResolvedRoute | undefined): boolean {
  const isElsewhere =
    route?.action.kind === 'forward' && route.action.backends.some(({ place }) => place.kind !== 'self');
  if (isElsewhere) return false;
  return at.cluster.routes.some((each) => !isManaged(each) && portsLedBy(each, service)?.includes(port.number));
}
