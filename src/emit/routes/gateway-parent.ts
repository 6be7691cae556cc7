import type { JsonObject } from '../../parse/document.js';

/** How a route of a namespace names the Gateway that it belongs to. */
export function gatewayParent(
  gateway: { readonly namespace: string; readonly name: string },
  namespace: string,
  port: number | undefined,
): JsonObject {
  return {
    group: 'gateway.networking.k8s.io',
    kind: 'Gateway',
    name: gateway.name,
    ...(gateway.namespace === namespace ? {} : { namespace: gateway.namespace }),
    ...(port === undefined ? {} : { port }),
  };
}
