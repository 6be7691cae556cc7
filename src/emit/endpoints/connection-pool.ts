import type { PortSettings } from '../../ir/placed-traffic.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import type { Connections, KeepAlive } from '../../parse/traffic/endpoints.js';
import { defined } from './defined.js';

/** Limits in the fields of a DestinationRule, where idle connections stand beside requests and beside bytes (istio-traffic-topology F-10). */
export function connectionPool(connections: Connections, carries: PortSettings['carries']): JsonObject {
  const { idleTimeout, keepAlive } = connections;
  const tcp = defined({
    maxConnections: connections.maxConnections?.value,
    connectTimeout: connections.connectTimeout?.value,
    maxConnectionDuration: connections.maxDuration?.value,
    idleTimeout: carries.bytes ? idleTimeout?.value : undefined,
    tcpKeepalive: keepAlive && tcpKeepalive(keepAlive.value),
  });
  const http = defined({
    http1MaxPendingRequests: connections.maxPending?.value,
    ...(carries.requests ? requestLimits(connections) : {}),
  });
  return {
    ...(Object.keys(tcp).length > 0 && { tcp }),
    ...(Object.keys(http).length > 0 && { http }),
  };
}

/** What a proxy of TCP has no use for. */
function requestLimits({
  idleTimeout,
  http2,
  http2KeepAlive,
  ...connections
}: Connections): Readonly<Record<string, JsonValue | undefined>> {
  return {
    http2MaxRequests: connections.maxRequests?.value,
    maxRequestsPerConnection: connections.maxRequestsPerConnection?.value,
    maxConcurrentStreams: connections.maxStreams?.value,
    maxRetries: connections.maxRetries?.value,
    idleTimeout: idleTimeout?.value,
    http2KeepAlive: http2KeepAlive && { ...http2KeepAlive.value },
    h2UpgradePolicy: http2 && (http2.value ? 'UPGRADE' : 'DO_NOT_UPGRADE'),
  };
}

function tcpKeepalive({ idle, interval, probes }: KeepAlive): JsonObject {
  return defined({ time: idle, interval, probes });
}
