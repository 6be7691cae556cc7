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
  return `${asText(cluster)?.split('|').slice(1).join('|')} ${percentOf(asObject(runtimeFraction)?.defaultValue)}`;
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
    upgradesToHttp2: asObject(options.explicitHttpConfig)?.http2ProtocolOptions !== undefined,
    outliers: outliersOf(asObject(cluster.outlierDetection)),
    tls: tlsOf(cluster),
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

function outliersOf(outliers: JsonObject | undefined): string {
  if (outliers === undefined) return 'none';
  const counted = (name: string, enforcing: string) =>
    outliers[name] === undefined || outliers[enforcing] === 0 ? '-' : String(outliers[name]);
  return JSON.stringify({
    consecutive5xx: counted('consecutive5xx', 'enforcingConsecutive5xx'),
    gateway: counted('consecutiveGatewayFailure', 'enforcingConsecutiveGatewayFailure'),
    local: counted('consecutiveLocalOriginFailure', 'enforcingConsecutiveLocalOriginFailure'),
    interval: millisecondsOf(outliers.interval),
    baseEjectionTime: millisecondsOf(outliers.baseEjectionTime),
    maxEjectionPercent: outliers.maxEjectionPercent,
  });
}

/** Of several sockets the one for pods that take mutual TLS: it is what is spoken where it can be. */
function tlsOf({ transportSocket, transportSocketMatches }: JsonObject): string {
  const matched = asArray(transportSocketMatches).map((each) => String(nameOf(asObject(each)?.transportSocket)));
  const isAutomatic = matched.some((name) => name.startsWith('mutual TLS')) && matched.length > 1;
  if (isAutomatic) return 'automatic';
  const [spoken = 'plaintext'] = [nameOf(transportSocket), ...matched].filter((name) => name !== undefined);
  return spoken.trim();
}

function nameOf(socket: JsonValue | undefined): string | undefined {
  return asText(asObject(socket)?.name);
}

function millisecondsOf(duration: JsonValue | undefined): number | undefined {
  const text = asText(duration);
  return text === undefined ? undefined : Math.round(Number.parseFloat(text) * 1000);
}
