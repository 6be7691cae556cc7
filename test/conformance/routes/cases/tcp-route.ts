import type { JsonObject } from '../../../../src/parse/document.js';
import type { RouteMaking } from './routed-world.js';

/** A TCPRoute for a Service or a listener. */
export function tcpRoute({ proxy, dice, created }: RouteMaking, index: number): JsonObject {
  const parent =
    proxy === 'gateway'
      ? { name: 'public', namespace: 'edge', ...(dice.chance(0.5) && { sectionName: 'bytes' }) }
      : {
          group: '',
          kind: 'Service',
          name: 'web',
          namespace: 'shop',
          ...(dice.chance(0.7) && { port: dice.pick([7070, 81]) }),
        };
  const backend = dice.pick([
    { name: 'web-v1', port: 80 },
    { name: 'cart', port: 80 },
    { name: 'web', port: 7070 },
    { name: 'missing', port: 80 },
  ]);
  return {
    apiVersion: 'gateway.networking.k8s.io/v1alpha2',
    kind: 'TCPRoute',
    metadata: { name: `tcp-${index}`, namespace: 'shop', ...created() },
    spec: { parentRefs: [parent], rules: [{ backendRefs: [backend] }] },
  };
}
