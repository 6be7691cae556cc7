import type { JsonObject } from '../../../../src/parse/document.js';
import type { Dice } from '../../cases/dice.js';

/** What a DestinationRule says of connections: for all pods, for a port, or for a subset. */
export function trafficPolicy(dice: Dice): JsonObject {
  return {
    ...settings(dice),
    ...(dice.chance(0.15) && { portLevelSettings: [{ port: { number: 80 }, ...settings(dice) }] }),
  };
}

function settings(dice: Dice): JsonObject {
  return {
    ...(dice.chance(0.5) && { loadBalancer: dice.pick(loadBalancers) }),
    ...(dice.chance(0.4) && { connectionPool: dice.pick(connectionPools) }),
    ...(dice.chance(0.3) && { outlierDetection: dice.pick(outliers) }),
    ...(dice.chance(0.2) && { tls: dice.pick(encryptions) }),
  };
}

const loadBalancers: readonly JsonObject[] = [
  { simple: 'ROUND_ROBIN' },
  { simple: 'LEAST_REQUEST', warmup: { duration: '30s' } },
  { simple: 'RANDOM' },
  { simple: 'PASSTHROUGH' },
  { consistentHash: { httpHeaderName: 'x-user' } },
  { consistentHash: { httpQueryParameterName: 'v', maglev: { tableSize: 101 } } },
  { consistentHash: { useSourceIp: true } },
  { consistentHash: { httpCookie: { name: 'session', path: '/', ttl: '60s' } } },
  { localityLbSetting: { enabled: true, failoverPriority: ['topology.kubernetes.io/zone'] } },
];

const connectionPools: readonly JsonObject[] = [
  { tcp: { maxConnections: 10, connectTimeout: '2s' } },
  { http: { http1MaxPendingRequests: 5, maxRequestsPerConnection: 3 } },
  { http: { http2MaxRequests: 20, maxRetries: 4, idleTimeout: '30s' } },
  { tcp: { tcpKeepalive: { time: '60s', interval: '10s', probes: 3 } }, http: { h2UpgradePolicy: 'UPGRADE' } },
];

const outliers: readonly JsonObject[] = [
  { consecutive5xxErrors: 3, interval: '5s' },
  { consecutiveGatewayErrors: 2, consecutive5xxErrors: 0, baseEjectionTime: '10s', maxEjectionPercent: 50 },
  { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 4, minHealthPercent: 30 },
  {},
];

const encryptions: readonly JsonObject[] = [{ mode: 'ISTIO_MUTUAL' }, { mode: 'ISTIO_MUTUAL' }, { mode: 'DISABLE' }];
