import { type Gateway, keyOf, type Workload } from '../../../topology/model.js';
import type { MeshCluster } from '../../mesh.js';

/** The gateway that the pods of a workload are part of. */
export function gatewayOf({ cluster }: MeshCluster, workload: Workload): Gateway | undefined {
  const served = workload.labels['gateway.networking.k8s.io/gateway-name'];
  const name = served === undefined ? workload.name : served;
  return cluster.gateways.get(keyOf({ namespace: workload.namespace, name }));
}
