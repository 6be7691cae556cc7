import type { JsonObject } from '../../parse/document.js';
import type { LimitService, ResolvedRateLimit } from '../../resolve/resolved-traffic.js';
import { actionsOf } from './descriptor.js';

/** One call asks the service about all of its limits that a request counts for; how many there may be it knows itself. */
export function sharedFilter(service: LimitService, limits: readonly ResolvedRateLimit[]): JsonObject {
  const { name, host, port, domain, timeout, refuses } = service;
  return {
    name: 'envoy.filters.http.ratelimit',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit',
      stat_prefix: name,
      domain,
      failure_mode_deny: refuses,
      ...(timeout !== undefined && { timeout: `${timeout / 1000}s` }),
      rate_limit_service: {
        transport_api_version: 'V3',
        grpc_service: { envoy_grpc: { cluster_name: `outbound|${port}||${host}`, authority: host } },
      },
      rate_limits: limits.map((limit) => ({ actions: actionsOf(limit) })),
    },
  };
}
