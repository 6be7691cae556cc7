import { type Cluster, keyOf, type Listener, type Topology } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy, sortBy } from '../../util/order.js';
import type { GatewayObject } from '../resolved-traffic.js';

/** Every Gateway that a proxy serves, by `namespace/name`, one for each cluster. */
export const gatewayObjects: (topology: Topology) => ReadonlyMap<string, readonly GatewayObject[]> = oncePerObject(
  ({ clusters }) => groupBy(clusters.flatMap(objectsIn), keyOf),
);

function objectsIn(cluster: Cluster): GatewayObject[] {
  const listeners = [...cluster.gateways.values()].flatMap((gateway) => gateway.listeners);
  const byObject = groupBy(
    listeners.filter(({ object }) => object.kind === 'Gateway'),
    ({ object }) => object,
  );
  const objects = [...byObject].map(
    ([object, declared]): GatewayObject => ({
      cluster: cluster.name,
      namespace: object.namespace ?? 'default',
      name: object.name,
      api: object.apiVersion.startsWith('networking.istio.io/') ? 'istio' : 'gateway-api',
      listeners: sortBy(declared, ({ port }: Listener) => port),
    }),
  );
  return sortBy(objects, keyOf);
}
