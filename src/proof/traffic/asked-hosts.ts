import type { Lane } from '../../algebra/lane.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { Caller } from '../../mesh/paths/caller.js';
import { hostsNamed } from '../../mesh/paths/host-names.js';
import type { LegEnd } from '../../mesh/paths/legs.js';
import { waysThrough } from '../../mesh/paths/through-gateways.js';
import type { Way } from '../../mesh/paths/ways.js';
import { waysOut } from '../../mesh/paths/ways-out.js';
import type { HttpRequest } from '../../mesh/request.js';
import { allNaming, asSent } from '../../mesh/routes/follow/matching.js';
import type { Destination } from '../../resolve/resolved.js';
import { isHostOfEntry } from '../../topology/entry-host.js';
import { keyOf, type Service, type ServicePort } from '../../topology/model.js';
import { allThroughGateways } from './through-gateways.js';

/** A host outside the mesh at one of its ports, as the ServiceEntry makes it known that is there in the end. */
export interface HostPort {
  readonly at: MeshCluster;
  readonly service: Service;
  readonly port: ServicePort;
}

/** Each port of a host that settings are about; none where the destination is no such host, or nothing makes it known. */
export function hostPorts({ clusters }: Mesh, { cluster, service: meant }: Destination): readonly HostPort[] {
  const at = clusters.get(cluster);
  if (at === undefined || meant === undefined || !isHostOfEntry(meant)) return [];
  return hostsNamed(at, meant.host).flatMap((named) =>
    named.service === undefined ? [{ at, service: named.outside, port: named.port }] : [],
  );
}

/** A name that a host with a wildcard means. */
function exampleOf(host: string): string {
  return host.replace(/^\*/, 'any');
}

interface ToHost extends Lane {
  readonly destination: Extract<Lane['destination'], { kind: 'external' }>;
}

/** What carries connections alone carries bytes. */
export function laneToHost({ at, service, port }: HostPort): ToHost {
  const { object, namespace, host } = service;
  const entry = keyOf({ namespace, name: object.name });
  return {
    destination: { kind: 'external', cluster: at.cluster.name, entry, host: exampleOf(host), port: port.number },
    payload: port.layer === 'tcp' ? 'tcp' : 'http',
  };
}

/** The ways of all requests or connections of a caller, or of one request, through gateways as well; what is not modelled is one. */
export function waysToHost(mesh: Mesh, caller: Caller, asked: HostPort, request?: HttpRequest): readonly Way[] {
  const { destination, payload } = laneToHost(asked);
  const { host } = destination;
  const { pathNormalization } = asked.at.cluster.settings.istio;
  const all = payload === 'tcp' ? undefined : allNaming(host, pathNormalization);
  // A client that addresses a host by its name asks for it in TLS as well.
  const ways = waysOut(
    mesh,
    caller,
    destination,
    request ? asSent(request, pathNormalization) : all,
    host.toLowerCase(),
  );
  if ('because' in ways) return ways.kind === 'no-path' ? [] : [stopped(caller, ways)];
  if (payload === 'tcp') return waysThrough(mesh, ways, { kind: 'tcp', serverName: host });
  return request ? waysThrough(mesh, ways, request) : allThroughGateways(mesh, ways, host);
}

function stopped(caller: Caller, to: LegEnd): Way {
  const client = { share: 1, step: undefined, sent: undefined, applied: [], to };
  return { share: 1, caller, addressed: undefined, client, behind: undefined, end: to, copy: undefined };
}
