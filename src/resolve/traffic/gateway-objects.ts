import { diagnostic } from '../../diagnostics/create.js';
import type { TrafficSettings } from '../../parse/traffic/settings.js';
import { type Cluster, keyOf, type Listener, type Topology } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy, sortBy } from '../../util/order.js';
import type { ResolveContext } from '../context.js';
import { clusterNames, nearNames, wholeName } from '../names.js';
import type { GatewayObject } from '../resolved-traffic.js';

/** Every Gateway that a proxy serves, by `namespace/name`, one for each cluster. */
export const gatewayObjects: (topology: Topology) => ReadonlyMap<string, readonly GatewayObject[]> = oncePerObject(
  ({ clusters }) => groupBy(clusters.flatMap(objectsIn), keyOf),
);

/** The Gateway that settings name, in each cluster; an unknown one is reported. */
export function gatewaysOf(
  context: ResolveContext,
  { scope, listeners }: TrafficSettings,
): readonly GatewayObject[] | undefined {
  const name = wholeName(context, scope.reference, undefined, scope.span);
  if (name === undefined) return undefined;
  const known = gatewayObjects(context.topology);
  const found = known.get(name);
  // Why a Gateway that settings describe is not there was said where it was planned.
  if (found !== undefined || listeners.length > 0) return found;
  const where = clusterNames(context.topology);
  const near = nearNames(name, known.keys());
  const help =
    near.help ??
    'correct the name, give the manifest of the gateway, or describe it by `listeners`: Ambit then writes it';
  context.report(diagnostic('unknown-gateway', { name, where }, scope.span, { help }));
  return undefined;
}

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
