import { waysOfAll } from '../../algebra/routes/routed-ways.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { pathThrough } from '../../mesh/paths/through-gateways.js';
import type { Payload } from '../../mesh/request.js';
import { keyOf } from '../../topology/model.js';
import type { EgressFinding } from './finding.js';
import type { EgressSubject } from './subjects.js';
import { closedEnd } from './through-gateways.js';

/** Hosts to which routes of a Service of the mesh lead, though no rule opens them: by which requests is not told apart. */
export function openThroughServices(
  mesh: Mesh,
  at: MeshCluster,
  subjects: readonly EgressSubject[],
): readonly EgressFinding[] {
  const { name: cluster, services } = at.cluster;
  const lanes = [...services.values()].flatMap((service) =>
    service.ports.flatMap(({ number, layer }) =>
      (layer === 'tcp' ? [bytes] : [anyRequest, bytes]).map((payload) => ({
        destination: { kind: 'service', cluster, service: keyOf(service), port: number, workload: '' } as const,
        payload,
      })),
    ),
  );
  return subjects.flatMap((subject) =>
    lanes.flatMap(({ destination, payload }) =>
      waysOfAll(mesh, subject.class.caller, destination, payload).flatMap((way): readonly EgressFinding[] => {
        const end = closedEnd(way, subject);
        if (end === undefined || pathThrough(mesh, way, '', payload).kind === 'no-path') return [];
        return [{ kind: 'unknown', subject, what: `${end} by routes of \`${destination.service}\`` }];
      }),
    ),
  );
}

const bytes: Payload = { kind: 'tcp' };
const anyRequest: Payload = { kind: 'http', method: 'GET', path: '/', host: '', headers: {} };
