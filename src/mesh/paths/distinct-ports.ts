import type { Workload } from '../../topology/model.js';
import type { MeshCluster } from '../mesh.js';
import { peerAuthenticationAt } from '../policies/attach.js';
import { listedInboundPorts } from './capture.js';
import { sidecarsOf } from './sidecar-scope.js';

/**
 * The ports of a pod that its sidecar treats in a way of their own, whatever Services and rules say of them: those of
 * its annotations, of its Sidecar's listeners and of PeerAuthentications. Any other port stands for all others.
 */
export function distinctPorts(mesh: MeshCluster, workload: Workload): readonly number[] {
  if (workload.mode.plane !== 'sidecar') return [];
  return [
    ...listedInboundPorts(workload),
    ...sidecarsOf(mesh, workload).flatMap(({ ingress }) => ingress.map(({ port }) => port)),
    ...peerAuthenticationAt('sidecar', workload, mesh).flatMap(({ ports }) => ports.map(({ port }) => port)),
  ];
}
