import type { CallerKind } from '../../algebra/callers.js';
import { waysOf } from '../../mesh/paths/ways.js';
import { describeRequest } from '../../mesh/request.js';
import type { ResolvedRoute, ResolvedTraffic, RouteMatch } from '../../resolve/resolved-traffic.js';
import type { VersionsByService } from './asked.js';
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
  const asked = askedPorts(context.mesh, traffic, versions).filter(({ port }) => port.layer === 'tcp');
  return asked.flatMap((each) => {
    const { kinds } = routedCallers(context, laneTo(each, each.service.workloads[0] ?? ''));
    return kinds.map((kind) => compareKind(context, each, kind));
  });
}

const nothing: Compared = { classes: 0, deviating: [], open: [] };

function compareKind(context: CallerContext, asked: AskedService, kind: CallerKind): Compared {
  const { mesh } = context;
  const { caller, source } = kind.representative;
  const { destination } = laneTo(asked, asked.service.workloads[0] ?? '');
  const ways = waysOf(mesh, caller, destination, undefined);
  const isPast = caller.speaks === 'gateway' && ways.every(({ behind }) => behind === undefined);
  if (ways.length === 0 || isPast) return nothing;
  const route = routeOf(asked);
  const treatment = treatmentOfConnections(asked.at, ways);
  const found = deviations(intendedConnections(asked, route), treatment.outcome);
  const isRight = found.length === 0 && treatment.doubt === undefined;
  if (isRight || !mayCall(context, asked, ways, kind)) return { ...nothing, classes: 1 };
  if (treatment.doubt !== undefined) return { ...nothing, classes: 1, open: [{ asked, fact: treatment.doubt }] };
  const witness = describeRequest({ source, destination, payload: { kind: 'tcp' } });
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
