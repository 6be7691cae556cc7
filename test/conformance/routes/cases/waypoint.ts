import type { JsonObject } from '../../../../src/parse/document.js';
import type { RouteMaking } from './routed-world.js';

/** What enrols a namespace in the ambient mesh, and its waypoint: an own one, that of `shop`, or none. */
export function waypointFor(
  namespace: string,
  { proxy, dice }: RouteMaking,
): { readonly labels: JsonObject; readonly objects: readonly JsonObject[] } {
  const ambient = { 'istio.io/dataplane-mode': 'ambient' };
  if (namespace === 'ops') return { labels: ambient, objects: [] };
  const labels = {
    ...ambient,
    'istio.io/use-waypoint': 'waypoint',
    ...(proxy === 'gateway' && dice.chance(0.7) && { 'istio.io/ingress-use-waypoint': 'true' }),
  };
  const isShared = namespace === 'pay' && proxy === 'waypoint' && dice.chance(0.4);
  if (isShared) return { labels: { ...labels, 'istio.io/use-waypoint-namespace': 'shop' }, objects: [] };
  return { labels, objects: [waypointIn(namespace)] };
}

function waypointIn(namespace: string): JsonObject {
  const allowedRoutes = { namespaces: { from: 'All' } };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'waypoint', namespace },
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes }],
    },
  };
}
