import { decideThrough } from '../../mesh/decide.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { Payload, Request } from '../../mesh/request.js';
import { keyOf } from '../../topology/model.js';
import type { HostPort } from '../traffic/asked-hosts.js';
import type { EgressFinding } from './finding.js';
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
  const asked = listeners.flatMap((destination) =>
    names.flatMap((host) => payloadsFor(host).map((payload) => ({ destination, payload, host }))),
  );
  return subjects.flatMap((subject) =>
    asked.flatMap(({ destination, payload }) =>
      through(mesh, subject, { source: subject.class.source, destination, payload }),
    ),
  );
}

function payloadsFor(host: string): readonly Payload[] {
  return [
    { kind: 'http', method: 'GET', path: '/', host, headers: {} },
    { kind: 'tcp', serverName: host },
  ];
}

function through(mesh: Mesh, subject: EgressSubject, request: Request): readonly EgressFinding[] {
  return decideThrough(mesh, request).flatMap((decision): readonly EgressFinding[] => {
    const end = decision.way?.end;
    if (end?.kind !== 'external' || decision.verdict.kind === 'denied') return [];
    const { host, port } = end.named;
    if (subject.opens(host, port.number)) return [];
    const kind = decision.verdict.kind === 'allowed' ? 'too-much' : 'unknown';
    return [{ kind, subject, what: `\`${host}:${port.number}\` through a gateway`, decision }];
  });
}
