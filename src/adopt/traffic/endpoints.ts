import { asObject, asText } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import { objectsIn } from '../objects-in.js';
import { type Refuse, refuseOthers, renamed, type Words, where } from './lifting.js';

const sections = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls', 'retryBudget'];

const connections: Words = [
  ['tcp.maxConnections', 'maxConnections'],
  ['tcp.connectTimeout', 'connectTimeout'],
  ['tcp.maxConnectionDuration', 'maxDuration'],
  ['http.http1MaxPendingRequests', 'maxPending'],
  ['http.http2MaxRequests', 'maxRequests'],
  ['http.maxRequestsPerConnection', 'maxRequestsPerConnection'],
  ['http.maxConcurrentStreams', 'maxStreams'],
  ['http.maxRetries', 'maxRetries'],
];

const outliers: Words = [
  ['consecutive5xxErrors', 'consecutive5xx'],
  ['consecutiveGatewayErrors', 'consecutiveGatewayErrors'],
  ['interval', 'interval'],
  ['baseEjectionTime', 'ejectFor'],
  ['maxEjectionPercent', 'maxEjectedPercent'],
  ['minHealthPercent', 'minHealthPercent'],
];

const tls: Words = [
  ['credentialName', 'credential'],
  ['clientCertificate', 'clientCertificate'],
  ['privateKey', 'privateKey'],
  ['caCertificates', 'caCertificates'],
  ['sni', 'serverName'],
  ['subjectAltNames', 'subjectAltNames'],
  ['insecureSkipVerify', 'insecureSkipVerify'],
];

const keepAlive: Words = [
  ['time', 'idle'],
  ['interval', 'interval'],
  ['probes', 'probes'],
];

/** Traffic policy of a DestinationRule, or of one of its subsets, in the words of the language. */
export function liftPolicy(
  policy: JsonValue | undefined,
  portName: (number: JsonValue) => JsonValue,
  refuse: Refuse,
): JsonObject {
  refuseOthers(policy, [...sections, 'portLevelSettings'], 'a traffic policy', refuse);
  const { portLevelSettings, ...whole } = asObject(policy) ?? {};
  const settings = liftSections(whole, refuse);
  const ports = objectsIn(portLevelSettings).map(({ port, ...rest }): [string, JsonObject] => {
    refuseOthers(rest, sections, 'a port', refuse);
    const own = withoutShared(liftSections(rest, refuse), settings, refuse);
    return [String(portName(asObject(port)?.number ?? 0)), own];
  });
  return { ...settings, ...where('ports', Object.fromEntries(ports)) };
}

/** Which pods are near, and who stays at which, is for the whole: a port or a version says it again, as it stands for itself in Istio. */
export function withoutShared(
  { affinity, locality, ...own }: JsonObject,
  settings: JsonObject,
  refuse: Refuse,
): JsonObject {
  const isAgain = (value: JsonValue | undefined, whole: JsonValue | undefined) =>
    value === undefined || JSON.stringify(value) === JSON.stringify(whole);
  if (!isAgain(affinity, settings.affinity)) refuse('`consistentHash` of one port or version is not imported');
  if (!isAgain(locality, settings.locality)) refuse('`localityLbSetting` of one port or version is not imported');
  return own;
}

function liftSections(
  { loadBalancer, connectionPool, outlierDetection, tls: ofPods, retryBudget }: JsonObject,
  refuse: Refuse,
): JsonObject {
  return {
    ...liftBalancer(loadBalancer, refuse),
    ...where('connections', liftConnections(connectionPool, retryBudget, refuse)),
    ...where('outliers', renamed(outlierDetection, outliers, '`outlierDetection`', refuse)),
    ...where('tls', liftTls(ofPods, refuse)),
  };
}

const algorithms: Readonly<Record<string, string>> = {
  LEAST_REQUEST: 'LeastRequest',
  LEAST_CONN: 'LeastRequest',
  ROUND_ROBIN: 'RoundRobin',
  RANDOM: 'Random',
  PASSTHROUGH: 'PassThrough',
};

function liftBalancer(value: JsonValue | undefined, refuse: Refuse): JsonObject {
  const { simple, warmupDurationSecs, warmup, consistentHash, localityLbSetting, ...rest } = asObject(value) ?? {};
  refuseOthers(rest, [], '`loadBalancer`', refuse);
  refuseOthers(warmup, ['duration'], '`warmup`', refuse);
  const name = asText(simple);
  const algorithm = name === undefined || name === 'UNSPECIFIED' ? undefined : algorithms[name];
  if (name !== undefined && algorithm === undefined && name !== 'UNSPECIFIED') refuse(`\`${name}\` is no algorithm`);
  const time = asObject(warmup)?.duration ?? warmupDurationSecs;
  return {
    ...where('balance', {
      ...(algorithm !== undefined && { algorithm }),
      ...(time !== undefined && { warmup: time }),
    }),
    ...(consistentHash !== undefined && { affinity: liftHash(consistentHash, refuse) }),
    ...(localityLbSetting !== undefined && { locality: liftLocality(localityLbSetting, refuse) }),
  };
}

function liftHash(value: JsonValue, refuse: Refuse): JsonObject {
  const { httpHeaderName, httpCookie, httpQueryParameterName, useSourceIp, ...rest } = asObject(value) ?? {};
  refuseOthers(rest, [], '`consistentHash`', refuse);
  refuseOthers(httpCookie, ['name', 'path', 'ttl'], '`httpCookie`', refuse);
  const keys: readonly JsonObject[] = [
    ...(httpHeaderName === undefined ? [] : [{ header: httpHeaderName }]),
    ...(httpCookie === undefined ? [] : [{ cookie: httpCookie }]),
    ...(httpQueryParameterName === undefined ? [] : [{ query: httpQueryParameterName }]),
    ...(useSourceIp === true ? [{ sourceIP: true }] : []),
  ];
  const [key, ...others] = keys;
  return key === undefined || others.length > 0
    ? (refuse('`consistentHash` by nothing, or by several things, is not imported') ?? {})
    : key;
}

function liftLocality(value: JsonValue, refuse: Refuse): JsonValue {
  const { enabled, failover, failoverPriority, distribute, ...rest } = asObject(value) ?? {};
  refuseOthers(rest, [], '`localityLbSetting`', refuse);
  if (enabled === false) return 'Disabled';
  const pairs = (list: JsonValue | undefined) =>
    Object.fromEntries(objectsIn(list).map(({ from, to }) => [asText(from) ?? '', to ?? '']));
  const ways: readonly JsonObject[] = [
    ...(failover === undefined ? [] : [{ failover: pairs(failover) }]),
    ...(failoverPriority === undefined ? [] : [{ failoverBy: failoverPriority }]),
    ...(distribute === undefined ? [] : [{ distribute: pairs(distribute) }]),
  ];
  const [way, ...others] = ways;
  return way === undefined || others.length > 0
    ? (refuse('`localityLbSetting` with none of its lists, or with several, is not imported') ?? {})
    : way;
}

/** `idleTimeout` is said once for requests and connections, and so has to be the same of both. */
function liftConnections(pool: JsonValue | undefined, retryBudget: JsonValue | undefined, refuse: Refuse): JsonObject {
  const { tcp, http, ...rest } = asObject(pool) ?? {};
  refuseOthers(rest, [], '`connectionPool`', refuse);
  const { tcpKeepalive, idleTimeout: ofConnections, ...bytes } = asObject(tcp) ?? {};
  const { http2KeepAlive, h2UpgradePolicy, idleTimeout, ...requests } = asObject(http) ?? {};
  const isOne = [ofConnections, undefined].includes(idleTimeout) || ofConnections === undefined;
  if (!isOne) refuse('an `idleTimeout` for requests and another one for connections are not imported');
  const isUpgraded = h2UpgradePolicy === 'UPGRADE';
  if (h2UpgradePolicy !== undefined && !isUpgraded && h2UpgradePolicy !== 'DO_NOT_UPGRADE')
    refuse('`h2UpgradePolicy` that says nothing is not imported');
  const budget: Words = [
    ['percent', 'percent'],
    ['minRetryConcurrency', 'minConcurrent'],
  ];
  const pings: Words = [
    ['interval', 'interval'],
    ['timeout', 'timeout'],
  ];
  return {
    ...renamed({ tcp: bytes, http: requests }, connections, '`connectionPool`', refuse),
    ...((idleTimeout ?? ofConnections) !== undefined && { idleTimeout: idleTimeout ?? ofConnections ?? '' }),
    ...where('keepAlive', renamed(tcpKeepalive, keepAlive, '`tcpKeepalive`', refuse)),
    ...where('http2KeepAlive', renamed(http2KeepAlive, pings, '`http2KeepAlive`', refuse)),
    ...(h2UpgradePolicy !== undefined && { http2: isUpgraded }),
    ...where('retryBudget', renamed(retryBudget, budget, '`retryBudget`', refuse)),
  };
}

/** Sidecars speak mutual TLS with each other by themselves. */
function liftTls(value: JsonValue | undefined, refuse: Refuse): JsonObject {
  const { mode, ...rest } = asObject(value) ?? {};
  if (value === undefined || (mode === 'ISTIO_MUTUAL' && Object.keys(rest).length === 0)) return {};
  const own = mode === 'SIMPLE' ? 'Simple' : mode === 'MUTUAL' ? 'Mutual' : undefined;
  if (own === undefined) refuse(`\`tls\` with mode ${asText(mode) ?? 'DISABLE'} is not imported`);
  return { mode: own ?? '', ...renamed(rest, tls, '`tls`', refuse) };
}
