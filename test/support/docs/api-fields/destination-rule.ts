import { type ApiFields, notSaid, otherwise, written } from './fate.js';

const hash = notSaid('a ring of the usual size; the hash is what `affinity` is about');

/** The fields of a DestinationRule; settings of ports and of subsets are those of the whole (see `wholeOf`). */
export const destinationRuleFields: ApiFields = {
  host: written('`scope`'),
  exportTo: written('`exportTo`'),
  workloadSelector: notSaid('settings are the same for all callers'),
  'subsets.name': written('`versions`'),
  'subsets.labels': written('`versions: { …: { labels } }`'),
  'subsets.trafficPolicy.tls': otherwise('`tls`, which the versions of a Service share'),
  'subsets.trafficPolicy.loadBalancer.consistentHash': otherwise('`affinity`, which the versions of a Service share'),
  'subsets.trafficPolicy.loadBalancer.localityLbSetting': otherwise(
    '`locality`, which the versions of a Service share',
  ),
  'trafficPolicy.portLevelSettings.port': written('`ports`'),
  'trafficPolicy.portLevelSettings.loadBalancer.consistentHash': otherwise('`affinity`, which is for all ports'),
  'trafficPolicy.portLevelSettings.loadBalancer.localityLbSetting': otherwise('`locality`, which is for all ports'),
  'trafficPolicy.loadBalancer.simple': written('`balance: { algorithm }`'),
  'trafficPolicy.loadBalancer.warmup.duration': written('`balance: { warmup }`'),
  'trafficPolicy.loadBalancer.warmup.minimumPercent': notSaid('a share begins at a tenth, as Istio has it by default'),
  'trafficPolicy.loadBalancer.warmup.aggression': notSaid('a share grows evenly, as Istio has it by default'),
  'trafficPolicy.loadBalancer.warmupDurationSecs': otherwise('`balance: { warmup }`, by `warmup`'),
  'trafficPolicy.loadBalancer.consistentHash.httpHeaderName': written('`affinity: { header }`'),
  'trafficPolicy.loadBalancer.consistentHash.httpCookie': written('`affinity: { cookie }`'),
  'trafficPolicy.loadBalancer.consistentHash.httpCookie.attributes': notSaid(
    'a cookie has a name, a path and a lifetime',
  ),
  'trafficPolicy.loadBalancer.consistentHash.httpQueryParameterName': written('`affinity: { query }`'),
  'trafficPolicy.loadBalancer.consistentHash.useSourceIp': written('`affinity: { sourceIP }`'),
  'trafficPolicy.loadBalancer.consistentHash.maglev': hash,
  'trafficPolicy.loadBalancer.consistentHash.ringHash': hash,
  'trafficPolicy.loadBalancer.consistentHash.minimumRingSize': hash,
  'trafficPolicy.loadBalancer.localityLbSetting': written('`locality`'),
  'trafficPolicy.loadBalancer.zoneAwareLbSetting': notSaid(
    'it needs Istio 1.31 and proxies that discover themselves, which no manifest shows, and waypoints have none of it',
  ),
  'trafficPolicy.connectionPool.tcp.maxConnections': written('`connections: { maxConnections }`'),
  'trafficPolicy.connectionPool.tcp.connectTimeout': written('`connections: { connectTimeout }`'),
  'trafficPolicy.connectionPool.tcp.maxConnectionDuration': written('`connections: { maxDuration }`'),
  'trafficPolicy.connectionPool.tcp.idleTimeout': written('`connections: { idleTimeout }`'),
  'trafficPolicy.connectionPool.tcp.tcpKeepalive': written('`connections: { keepAlive }`'),
  'trafficPolicy.connectionPool.http.http1MaxPendingRequests': written('`connections: { maxPending }`'),
  'trafficPolicy.connectionPool.http.http2MaxRequests': written('`connections: { maxRequests }`'),
  'trafficPolicy.connectionPool.http.maxRequestsPerConnection': written('`connections: { maxRequestsPerConnection }`'),
  'trafficPolicy.connectionPool.http.maxConcurrentStreams': written('`connections: { maxStreams }`'),
  'trafficPolicy.connectionPool.http.maxRetries': written('`connections: { maxRetries }`'),
  'trafficPolicy.connectionPool.http.idleTimeout': written('`connections: { idleTimeout }`'),
  'trafficPolicy.connectionPool.http.h2UpgradePolicy': written('`connections: { http2 }`'),
  'trafficPolicy.connectionPool.http.http2KeepAlive': written('`connections: { http2KeepAlive }`'),
  'trafficPolicy.connectionPool.http.useClientProtocol': notSaid(
    'a port that declares no protocol keeps that of the client by itself',
  ),
  'trafficPolicy.outlierDetection.consecutive5xxErrors': written('`outliers: { consecutive5xx }`'),
  'trafficPolicy.outlierDetection.consecutiveErrors': otherwise('`outliers: { consecutiveGatewayErrors }`'),
  'trafficPolicy.outlierDetection.consecutiveGatewayErrors': written('`outliers: { consecutiveGatewayErrors }`'),
  'trafficPolicy.outlierDetection.splitExternalLocalOriginErrors': written('`outliers: { consecutiveLocalFailures }`'),
  'trafficPolicy.outlierDetection.consecutiveLocalOriginFailures': written('`outliers: { consecutiveLocalFailures }`'),
  'trafficPolicy.outlierDetection.interval': written('`outliers: { interval }`'),
  'trafficPolicy.outlierDetection.baseEjectionTime': written('`outliers: { ejectFor }`'),
  'trafficPolicy.outlierDetection.maxEjectionPercent': written('`outliers: { maxEjectedPercent }`'),
  'trafficPolicy.outlierDetection.minHealthPercent': written('`outliers: { minHealthPercent }`'),
  'trafficPolicy.outlierDetection.outlierDetectionHttpErrorCodes': notSaid(
    'the CRD of Istio 1.31 has it, and istiod does not read it',
  ),
  'trafficPolicy.tls.mode': written('`tls: { mode }`'),
  'trafficPolicy.tls.credentialName': written('`tls: { credential }`'),
  'trafficPolicy.tls.clientCertificate': written('`tls: { clientCertificate }`'),
  'trafficPolicy.tls.privateKey': written('`tls: { privateKey }`'),
  'trafficPolicy.tls.caCertificates': written('`tls: { caCertificates }`'),
  'trafficPolicy.tls.sni': written('`tls: { serverName }`'),
  'trafficPolicy.tls.subjectAltNames': written('`tls: { subjectAltNames }`'),
  'trafficPolicy.tls.insecureSkipVerify': otherwise('`tls: { insecureSkipVerify }`'),
  'trafficPolicy.tls.caCrl': notSaid('a Secret that `credential` names holds a list of revoked certificates'),
  'trafficPolicy.retryBudget.percent': written('`connections: { retryBudget: { percent } }`'),
  'trafficPolicy.retryBudget.minRetryConcurrency': written('`connections: { retryBudget: { minConcurrent } }`'),
  'trafficPolicy.retryBudget.budgetInterval': notSaid(
    'Istio 1.31 has it, and counts the requests that are under way without it',
  ),
  'trafficPolicy.proxyProtocol': notSaid(
    'the sidecar of a pod takes mutual TLS first; what becomes of callers is not proved',
  ),
  'trafficPolicy.tunnel': notSaid(
    'a proxy beyond the mesh decides where its requests go; what becomes of callers is not proved',
  ),
};

/** A field of a port’s settings or of a subset’s as that of the whole. */
export function wholeOf(path: string): string {
  return path
    .replace(/^trafficPolicy\.portLevelSettings\./, 'trafficPolicy.')
    .replace(/^subsets\.trafficPolicy\./, 'trafficPolicy.');
}
