import { asObject, asText } from '../../json.js';
import { asNumber, type Node, nodeOf } from '../read/fields.js';
import { durationIn } from '../read/route-settings.js';
import type { Limits, Outliers, RetryBudget } from './effective.js';

/** What is kept where no `connectionPool` says otherwise: the mesh's own ten seconds to connect, and no bounds. */
export const noLimits: Limits = {
  maxConnections: undefined,
  maxPendingRequests: undefined,
  maxRequests: undefined,
  maxRetries: undefined,
  maxRequestsPerConnection: undefined,
  maxConcurrentStreams: undefined,
  connectTimeout: 10_000,
  idleTimeout: undefined,
  maxConnectionDuration: undefined,
  keepAlive: undefined,
  upgradesToHttp2: false,
  usesClientProtocol: false,
};

/** A number of 0 is none. The time after which idle connections end is that for requests, else that for connections. */
export function limitsIn(pool: Node): Limits {
  const none: Node = { value: {}, place: [] };
  const http = nodeOf(pool, 'http') ?? none;
  const tcp = nodeOf(pool, 'tcp') ?? none;
  const number = ({ value }: Node, field: string) => asNumber(value[field]) || undefined;
  const keepAlive = asObject(tcp.value.tcpKeepalive);
  return {
    maxConnections: number(tcp, 'maxConnections'),
    maxPendingRequests: number(http, 'http1MaxPendingRequests'),
    maxRequests: number(http, 'http2MaxRequests'),
    maxRetries: number(http, 'maxRetries'),
    maxRequestsPerConnection: number(http, 'maxRequestsPerConnection'),
    maxConcurrentStreams: number(http, 'maxConcurrentStreams'),
    connectTimeout: durationIn(tcp, 'connectTimeout')?.value ?? noLimits.connectTimeout,
    idleTimeout: (durationIn(http, 'idleTimeout') ?? durationIn(tcp, 'idleTimeout'))?.value,
    maxConnectionDuration: durationIn(tcp, 'maxConnectionDuration')?.value,
    keepAlive: keepAlive && JSON.stringify(keepAlive),
    upgradesToHttp2: asText(http.value.h2UpgradePolicy) === 'UPGRADE' && http.value.useClientProtocol !== true,
    usesClientProtocol: http.value.useClientProtocol === true,
  };
}

/** What `outlierDetection` leaves out is as Envoy has it by itself; Istio counts local failures only where they are told apart. */
export function outliersIn(detection: Node): Outliers {
  const number = (field: string) => asNumber(detection.value[field]);
  const tellsApart = detection.value.splitExternalLocalOriginErrors === true;
  return {
    consecutive5xx: (number('consecutive5xxErrors') ?? 5) || undefined,
    consecutiveGatewayErrors: number('consecutiveGatewayErrors') || undefined,
    consecutiveLocalFailures: tellsApart ? number('consecutiveLocalOriginFailures') || 5 : undefined,
    interval: durationIn(detection, 'interval')?.value ?? 10_000,
    baseEjectionTime: durationIn(detection, 'baseEjectionTime')?.value ?? 30_000,
    maxEjectionPercent: number('maxEjectionPercent') || 10,
    minHealthPercent: number('minHealthPercent') ?? 0,
  };
}

export function retryBudgetIn(budget: Node): RetryBudget {
  return {
    percent: asNumber(budget.value.percent) ?? 20,
    minConcurrency: asNumber(budget.value.minRetryConcurrency) || 3,
  };
}
