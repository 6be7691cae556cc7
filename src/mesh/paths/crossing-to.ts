import { doubtAboutWorkload } from '../doubts/doubts.js';
import type { Mesh } from '../mesh.js';
import type { Caller } from './caller.js';
import { stopBetween } from './crossing.js';
import type { Endpoint } from './endpoint.js';
import { notModelled, type Stop } from './hops.js';

/** Why the model does not know the way between two places of the mesh, or why there is none. */
export function crossingTo(mesh: Mesh, caller: Caller, endpoint: Endpoint): Stop | undefined {
  return crossesClusters(mesh, caller, endpoint) ?? arrivesInDoubt(caller, endpoint);
}

/** Callers outside every cluster are on no network of the mesh, and cross none. */
function crossesClusters({ clusters }: Mesh, { cluster, speaks }: Caller, endpoint: Endpoint): Stop | undefined {
  const from = cluster === undefined ? undefined : clusters.get(cluster);
  if (from === undefined || cluster === endpoint.mesh.cluster.name) return undefined;
  const { plane } = endpoint.workload.mode;
  const addressing = endpoint.service === undefined ? 'pod' : 'service';
  return stopBetween({ from, to: endpoint.mesh, speaks, plane, addressing });
}

/** Within one cluster a pod may be on a network of its own; whoever has no proxy goes there straight, or nowhere. */
function arrivesInDoubt({ speaks }: Caller, { mesh, workload }: Endpoint): Stop | undefined {
  const doubt = speaks === 'plaintext' ? undefined : doubtAboutWorkload(workload, mesh);
  return doubt === undefined ? undefined : notModelled(doubt);
}
