import { callersOf } from '../../algebra/callers.js';
import type { Decision } from '../../mesh/decide/decision.js';
import { decide } from '../../mesh/decide.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { Payload } from '../../mesh/request.js';
import type { Origin } from '../../resolve/resolved.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import { type HostPort, hostPorts, laneToHost } from '../traffic/asked-hosts.js';

/** A caller whom policies at the waypoint of a host refuse: without a waypoint nothing did. */
export interface RefusedCaller {
  readonly origin: Origin;
  readonly host: string;
  readonly decision: Decision;
}

/** For each host that settings are for, one of those whom its waypoint refuses. */
export function refusedCallers(mesh: Mesh, all: readonly ResolvedTraffic[]): readonly RefusedCaller[] {
  const asked = all.flatMap(({ origin, destinations }) =>
    destinations.flatMap((destination) => hostPorts(mesh, destination).map((port) => ({ origin, port }))),
  );
  const behind = asked.filter(({ port }) => port.service.binding.kind === 'bound');
  if (behind.length === 0) return [];
  const { classes } = callersOf(mesh);
  return behind.flatMap(({ origin, port }) => {
    const ambient = classes.filter(
      ({ caller }) => caller.speaks === 'ambient' && caller.cluster === port.at.cluster.name,
    );
    const refused = ambient.map(({ source }) => decide(mesh, { source, ...requestTo(port) })).find(isDenied);
    return refused === undefined ? [] : [{ origin, host: port.service.host, decision: refused }];
  });
}

function requestTo(port: HostPort) {
  const { destination, payload: kind } = laneToHost(port);
  const { host } = destination;
  const payload: Payload =
    kind === 'tcp' ? { kind, serverName: host } : { kind, method: 'GET', path: '/', host, headers: {} };
  return { destination, payload };
}

/** By a policy, and not by a route that answers itself. */
function isDenied({ verdict }: Decision): boolean {
  return verdict.kind === 'denied' && ['forbidden', 'unauthenticated', 'closed'].includes(verdict.response);
}
