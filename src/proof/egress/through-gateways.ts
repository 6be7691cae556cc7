import { callersAmong } from '../../algebra/callers.js';
import { decideThrough } from '../../mesh/decide.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { allOnwardFrom, type ToGateway } from '../../mesh/paths/onward.js';
import type { Way } from '../../mesh/paths/ways.js';
import type { Payload, Request } from '../../mesh/request.js';
import { keyOf } from '../../topology/model.js';
import type { HostPort } from '../traffic/asked-hosts.js';
import type { EgressFinding } from './finding.js';
import { lettingThrough } from './letting-through.js';
import type { EgressSubject } from './subjects.js';

/** Hosts to which a gateway leads whoever addresses it, though no rule opens them. */
export function openThroughGateways(
  mesh: Mesh,
  at: MeshCluster,
  subjects: readonly EgressSubject[],
  hosts: readonly HostPort[],
): readonly EgressFinding[] {
  const { name: cluster, gateways } = at.cluster;
  const names = [...new Set(hosts.map(({ service }) => service.host))];
  const listeners = [...gateways.values()].flatMap((gateway) =>
    gateway.listeners.map(({ port }) => ({ kind: 'gateway', cluster, gateway: keyOf(gateway), port }) as const),
  );
  return listeners.flatMap((destination) => {
    const shown = subjects.flatMap((subject) =>
      names.flatMap((host) =>
        payloadsFor(host).flatMap((payload) =>
          through(mesh, subject, { source: subject.class.source, destination, payload }),
        ),
      ),
    );
    const isShown = ({ subject, what }: EgressFinding) =>
      shown.some((each) => each.subject === subject && each.what === what);
    return [...shown, ...perhapsThrough(mesh, subjects, destination).filter((each) => !isShown(each))];
  });
}

function payloadsFor(host: string): readonly Payload[] {
  return [
    { kind: 'http', method: 'GET', path: '/', host, headers: {} },
    { kind: 'tcp', serverName: host },
  ];
}

function through(mesh: Mesh, subject: EgressSubject, request: Request): readonly EgressFinding[] {
  return decideThrough(mesh, request).flatMap((decision): readonly EgressFinding[] => {
    const what = decision.way && closedEnd(decision.way, subject);
    if (what === undefined || decision.verdict.kind === 'denied') return [];
    const kind = decision.verdict.kind === 'allowed' ? 'too-much' : 'unknown';
    return [{ kind, subject, what: `${what} ${byGateway}`, decision }];
  });
}

const byGateway = 'through a gateway';

/** The host at which a way ends, if no rule opens it. */
export function closedEnd({ end }: Pick<Way, 'end'>, subject: EgressSubject): string | undefined {
  if (end.kind !== 'external') return undefined;
  const { host, port } = end.named;
  return subject.opens(host, port.number) ? undefined : `\`${host}:${port.number}\``;
}

/** By which of its rules a gateway leads out what it lets through is not told apart. */
function perhapsThrough(
  mesh: Mesh,
  subjects: readonly EgressSubject[],
  destination: ToGateway,
): readonly EgressFinding[] {
  const onward = allOnwardFrom(mesh)(destination);
  if (onward === 'nothing') return [];
  const ways = onward.named.flatMap((each) => each.ways);
  const closed = subjects.filter((subject) => ways.some((way) => closedEnd(way, subject) !== undefined));
  if (closed.length === 0) return [];
  const callers = callersAmong(closed.map((subject) => subject.class));
  const isLetThrough = lettingThrough(mesh, callers, { destination, payload: 'http' });
  return closed
    .filter((_, index) => isLetThrough(index))
    .flatMap((subject) => {
      const ends = new Set(ways.flatMap((way) => closedEnd(way, subject) ?? []));
      return [...ends].map((end) => ({ kind: 'unknown', subject, what: `${end} ${byGateway}` }) as const);
    });
}
