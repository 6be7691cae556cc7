import type { CallerKind, Callers } from '../../algebra/callers.js';
import { mergeConstants } from '../../algebra/constants.js';
import type { TextMatcher } from '../../mesh/policies/matcher.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import { keyOf, type Listener } from '../../topology/model.js';
import type { VersionsByService } from './asked.js';
import { type HostPort, hostPorts, laneToHost, waysToHost } from './asked-hosts.js';
import type { AskedService } from './at-services.js';
import { type CallerContext, routedCallers } from './callers.js';
import type { Entrance } from './entrance.js';

/** Each port of each host outside the mesh of whose routes settings say anything. */
export function askedHosts(
  { mesh }: Pick<CallerContext, 'mesh'>,
  { origin, routes, destinations, through }: ResolvedTraffic,
  versions: VersionsByService,
): readonly AskedService[] {
  if (routes.length === 0) return [];
  return destinations.flatMap((destination) =>
    hostPorts(mesh, destination).map((found) => ({
      ...found,
      origin,
      routes,
      versions,
      name: found.service.host,
      host: undefined,
      through: proxiesOf(found, through),
    })),
  );
}

/** The proxies that serve the Gateway by which what is for a port leaves the mesh. */
function proxiesOf({ at, port }: HostPort, through: ResolvedTraffic['through']): readonly string[] {
  const hop = through?.hops.find(
    (each) => each.gateway.cluster === at.cluster.name && each.port.number === port.number,
  );
  if (hop === undefined) return [];
  const { gateway } = hop;
  const serves = ({ object: { kind, namespace = 'default', name } }: Listener) =>
    kind === 'Gateway' && keyOf(gateway) === `${namespace}/${name}`;
  const all = [...at.cluster.gateways].filter(([, { listeners }]) => listeners.some(serves));
  // A Gateway of Gateway API that names pods of others is served by these, and stands beside them.
  const given = all.filter(([, { kind }]) => kind === 'classic');
  return (given.length > 0 ? given : all).map(([key]) => key);
}

/** Those on which proxies may read requests, for each kind of caller that some proxy routes for. */
export function hostEntrances(
  context: CallerContext,
  traffic: ResolvedTraffic,
  versions: VersionsByService,
): readonly Entrance[] {
  const asked = askedHosts(context, traffic, versions).filter(({ port }) => port.layer !== 'tcp');
  return asked.flatMap((each) => {
    const { all, kinds } = routedCallers(context, laneToHost(each), traffic.readers);
    return kinds.flatMap((kind) => entranceOf(context, each, all, kind) ?? []);
  });
}

/** Clients ask a host by its name. Who may call it is not for traffic settings to say. */
function entranceOf(
  { mesh }: CallerContext,
  asked: AskedService,
  all: Callers,
  kind: CallerKind,
): Entrance | undefined {
  const { caller, source } = kind.representative;
  const lane = laneToHost(asked);
  const { host } = lane.destination;
  const ways = waysToHost(mesh, caller, asked);
  // What a gateway sends past the waypoint follows its own routes alone.
  const isPast = caller.speaks === 'gateway' && ways.every(({ behind }) => behind === undefined);
  if (ways.length === 0 || isPast) return undefined;
  const named: TextMatcher = { kind: 'exact', value: host, ignoreCase: true };
  return {
    asked,
    lane,
    all,
    kind,
    sender: source,
    ways,
    waysOf: (request) => waysToHost(mesh, caller, asked, request),
    host,
    withHosts: (constants) =>
      constants.has('request.host') ? mergeConstants([constants, new Map([['request.host', [named]]])]) : constants,
    isMeant: (each) => each === host,
    isUsed: () => true,
  };
}
