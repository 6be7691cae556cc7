import type { DestinationPolicy, PolicyIr } from '../../../ir/policy-ir.js';
import type { ManifestObject } from '../../../parse/document.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { items, texts } from './route-objects.js';
import { routesByBackend } from './routes-by-backend.js';

/** Whether some gateway leads requests to a Service, by an existing route or by settings. */
export function isLedToByGateways(
  { gatewayTraffic }: PolicyIr,
  { destination }: DestinationPolicy,
  cluster: Cluster,
): boolean {
  const key = keyOf(destination);
  const bySettings = gatewayTraffic.some(
    ({ gateways, routes, connections }) =>
      gateways.some((gateway) => gateway.cluster === cluster.name) &&
      [...routes, ...connections.map(({ route }) => route)].some(
        ({ action }) =>
          action.kind === 'forward' &&
          action.backends.some(({ place }) => place.kind === 'service' && keyOf(place) === key),
      ),
  );
  return bySettings || (routesByBackend(cluster).get(key) ?? []).some(isOfGateway);
}

function isOfGateway({ kind, value }: ManifestObject): boolean {
  const { gateways, parentRefs } = Object(value.spec);
  if (kind === 'VirtualService') return texts(gateways).some((gateway) => gateway !== 'mesh');
  return items(parentRefs).some(({ kind: parent = 'Gateway' }) => parent === 'Gateway');
}
