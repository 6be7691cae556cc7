import { asArray, asObject, asText } from '../../../../src/mesh/json.js';
import type { JsonObject, JsonValue } from '../../../../src/parse/document.js';
import type { Configured } from './settings.js';

/** What istiod tells an Envoy of a route, by the names that both sides are compared under. */
export function ofRule(rule: JsonObject): Configured {
  const route = asObject(rule.route) ?? {};
  const policy = asObject(route.retryPolicy);
  const fault = asObject(asObject(rule.typedPerFilterConfig)?.['envoy.filters.http.fault']) ?? {};
  return {
    timeout: millisecondsOf(route.timeout) || 'none',
    retries: policy === undefined || policy.numRetries === 0 ? 'none' : retriesOf(policy),
    affinity: asArray(route.hashPolicy).map(keyOf).sort().join(' '),
    mirrors: asArray(route.requestMirrorPolicies).map(mirrorOf).sort().join(' '),
    delay: delayOf(asObject(fault.delay)),
    abort: abortOf(asObject(fault.abort)),
  };
}

function retriesOf(policy: JsonObject): string {
  const conditions = (asText(policy.retryOn) ?? '').split(',').filter((each) => each !== '');
  const predicates = asArray(policy.retryHostPredicate).map((each) => String(asObject(each)?.name));
  return JSON.stringify({
    attempts: policy.numRetries ?? 1,
    perTry: millisecondsOf(policy.perTryTimeout) || undefined,
    conditions: conditions.sort(),
    codes: asArray(policy.retriableStatusCodes).map(Number).sort(),
    backoff: millisecondsOf(asObject(policy.retryBackOff)?.baseInterval),
    avoidsTriedPods: predicates.some((name) => name.includes('previous_hosts')),
    triesOtherLocalities: policy.retryPriority !== undefined,
  });
}

function keyOf(policy: JsonValue): string {
  const { header, cookie, queryParameter, connectionProperties } = asObject(policy) ?? {};
  if (header !== undefined) return `header ${asObject(header)?.headerName}`;
  if (queryParameter !== undefined) return `query ${asObject(queryParameter)?.name}`;
  if (connectionProperties !== undefined) return 'source address';
  const { name, path = '', ttl } = asObject(cookie) ?? {};
  return `cookie ${name} ${path} ${millisecondsOf(ttl)}`;
}

function mirrorOf(mirror: JsonValue): string {
  const { cluster, runtimeFraction } = asObject(mirror) ?? {};
  const [, port, subset = '', host] = (asText(cluster) ?? '').split('|');
  return `${port}|${subset.replace(/^(?:http|tcp)\/?/, '')}|${host} ${percentOf(asObject(runtimeFraction)?.defaultValue)}`;
}

function delayOf(delay: JsonObject | undefined): string {
  const percent = percentOf(delay?.percentage);
  return delay === undefined || percent === 0 ? 'none' : `${millisecondsOf(delay.fixedDelay)} ${percent}`;
}

function abortOf(abort: JsonObject | undefined): string {
  const percent = percentOf(abort?.percentage);
  return abort === undefined || percent === 0 ? 'none' : `${abort.httpStatus ?? 'grpc'} ${percent}`;
}

const wholes: Readonly<Record<string, number>> = { TEN_THOUSAND: 10_000, MILLION: 1_000_000 };

function percentOf(fraction: JsonValue | undefined): number {
  const { numerator = 0, denominator } = asObject(fraction) ?? {};
  return (100 * Number(numerator)) / (wholes[String(denominator)] ?? 100);
}

/** The same of a cluster. */
export function ofCluster(cluster: JsonObject): Configured {
  const [threshold] = asArray(asObject(cluster.circuitBreakers)?.thresholds).map(asObject);
  const limit = (name: string) => {
    const value = Number(threshold?.[name] ?? Number.POSITIVE_INFINITY);
    return value >= 4_294_967_295 ? 'none' : value;
  };
  const options = asObject(asObject(cluster.typedExtensionProtocolOptions)?.[httpOptions]) ?? {};
  const common = asObject(options.commonHttpProtocolOptions) ?? {};
  const keepAlive = asObject(asObject(cluster.upstreamConnectionOptions)?.tcpKeepalive);
  return {
    algorithm: algorithmOf(cluster),
    connectTimeout: millisecondsOf(cluster.connectTimeout),
    maxConnections: limit('maxConnections'),
    maxPendingRequests: limit('maxPendingRequests'),
    maxRequests: limit('maxRequests'),
    maxRetries: limit('maxRetries'),
    maxRequestsPerConnection: Number(common.maxRequestsPerConnection ?? 0) || 'none',
    idleTimeout: millisecondsOf(common.idleTimeout) ?? 'none',
    keepAlive: keepAlive === undefined ? 'none' : keepAliveOf(keepAlive),
    outliers: outliersOf(asObject(cluster.outlierDetection)),
    // To the address that a client chose the same is spoken, by what all pods take.
    ...(cluster.type !== 'ORIGINAL_DST' && { tls: tlsOf(cluster) }),
  };
}

const httpOptions = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** Of a Service without a virtual IP the address counts that the client chose. */
function algorithmOf({ lbPolicy, type }: JsonObject): string {
  if (lbPolicy === 'CLUSTER_PROVIDED' || type === 'ORIGINAL_DST') return 'PASSTHROUGH';
  return asText(lbPolicy) ?? 'ROUND_ROBIN';
}

function keepAliveOf({ keepaliveProbes, keepaliveTime, keepaliveInterval }: JsonObject): string {
  return [keepaliveProbes, keepaliveTime, keepaliveInterval].map((each) => each ?? '-').join(' ');
}

/** With what Envoy takes where nothing is said. */
function outliersOf(outliers: JsonObject | undefined): string {
  if (outliers === undefined) return 'none';
  const { consecutive5xx = 5, enforcingConsecutive5xx = 100, consecutiveGatewayFailure } = outliers;
  const { enforcingConsecutiveGatewayFailure = 0, consecutiveLocalOriginFailure = 5 } = outliers;
  const isSplit = outliers.splitExternalLocalOriginErrors === true;
  return JSON.stringify({
    consecutive5xx: enforcingConsecutive5xx === 0 ? '-' : String(consecutive5xx),
    gateway: enforcingConsecutiveGatewayFailure === 0 ? '-' : String(consecutiveGatewayFailure),
    local: isSplit ? String(consecutiveLocalOriginFailure) : '-',
    interval: millisecondsOf(outliers.interval) ?? 10_000,
    baseEjectionTime: millisecondsOf(outliers.baseEjectionTime) ?? 30_000,
    maxEjectionPercent: outliers.maxEjectionPercent ?? 10,
  });
}

/** Sockets for pods with and without mutual TLS are what is chosen from; else all pods get the same. */
function tlsOf({ transportSocket, transportSocketMatches }: JsonObject): string {
  const matches = asArray(transportSocketMatches).map((each) => asObject(each) ?? {});
  const has = (name: string) => matches.some((each) => each.name === name);
  if (has('tlsMode-istio') && has('tlsMode-disabled')) return 'automatic';
  const others = matches.filter(({ name }) => name !== 'hbone').map((each) => nameOf(each.transportSocket));
  const [spoken = 'plaintext'] = [...others, nameOf(transportSocket)].filter((name) => name !== undefined);
  return spoken
    .trim()
    .replace(/ outbound_.*/, '')
    .replace('mutual TLS', 'ISTIO_MUTUAL');
}

function nameOf(socket: JsonValue | undefined): string | undefined {
  return asText(asObject(socket)?.name);
}

function millisecondsOf(duration: JsonValue | undefined): number | undefined {
  const text = asText(duration);
  return text === undefined ? undefined : Math.round(Number.parseFloat(text) * 1000);
}
