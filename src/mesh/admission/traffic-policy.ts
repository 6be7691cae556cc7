import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asArray, asObject, asText } from '../json.js';
import { checkClientTls } from './client-tls.js';
import { checkDuration } from './durations.js';
import { isListed } from './http-actions.js';
import { checkPort, faultOfHost, isAddress } from './names.js';
import { by, each, isWritten, type Refusal, writtenOf } from './refusal.js';

const ofPorts = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];
const ofWhole = [...ofPorts, 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'];

/** What a DestinationRule says of traffic to a host or to a subset of it. */
export function checkTrafficPolicy(value: JsonValue | undefined, place: Path, namespace: string): readonly Refusal[] {
  const policy = asObject(value);
  if (policy === undefined) return [];
  const isBoth = isWritten(policy.tunnel) && isWritten(policy.proxyProtocol);
  return [
    ...by(
      'L-30',
      complaintWhen(writtenOf(policy, ofWhole).length === 0, place, 'a traffic policy needs at least one field'),
    ),
    ...by(
      'L-31',
      complaintWhen(isBoth, place, '`tunnel` and `proxyProtocol` exclude each other'),
      checkTunnel(policy.tunnel, [...place, 'tunnel']),
    ),
    ...checkSettings(policy, place, namespace),
    ...each(policy.portLevelSettings, [...place, 'portLevelSettings'], (item, here) =>
      checkPortSettings(item, here, namespace),
    ),
  ];
}

function checkPortSettings(value: JsonValue, place: Path, namespace: string): readonly Refusal[] {
  const settings = asObject(value) ?? {};
  return [
    ...by(
      'L-30',
      complaintWhen(!isWritten(settings.port), place, 'settings of a port need a `port`'),
      complaintWhen(
        writtenOf(settings, ofPorts).length === 0,
        place,
        'settings of a port need at least one field beside it',
      ),
    ),
    ...checkSettings(settings, place, namespace),
  ];
}

function checkSettings(settings: JsonObject, place: Path, namespace: string): readonly Refusal[] {
  const outlier = asObject(settings.outlierDetection);
  return [
    ...by('L-32', checkConnectionPool(settings.connectionPool, [...place, 'connectionPool'])),
    ...by('L-33', checkOutliers(outlier, [...place, 'outlierDetection'])),
    ...checkLoadBalancer(settings.loadBalancer, [...place, 'loadBalancer']),
    ...by('L-36', checkClientTls(settings.tls, [...place, 'tls'], namespace)),
  ];
}

function checkTunnel(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const tunnel = asObject(value);
  if (tunnel === undefined) return [];
  const { protocol, targetHost, targetPort } = tunnel;
  const host = asText(targetHost) ?? '';
  const why = isAddress(host) ? undefined : faultOfHost(host, 'whole names');
  return [
    ...complaintWhen(
      !['', 'CONNECT', 'POST'].includes(asText(protocol) ?? ''),
      [...place, 'protocol'],
      `\`${String(protocol)}\` is neither \`CONNECT\` nor \`POST\``,
    ),
    ...(why === undefined ? [] : [{ place: [...place, 'targetHost'], why }]),
    ...checkPort(targetPort, [...place, 'targetPort']),
  ];
}

const counts: Readonly<Record<string, readonly string[]>> = {
  http: [
    'http1MaxPendingRequests',
    'http2MaxRequests',
    'maxRequestsPerConnection',
    'maxRetries',
    'maxConcurrentStreams',
  ],
  tcp: ['maxConnections'],
};

/** Limits of connections (L-32). */
export function checkConnectionPool(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const pool = asObject(value);
  if (pool === undefined) return [];
  const [http, tcp] = [asObject(pool.http) ?? {}, asObject(pool.tcp) ?? {}];
  const [ofTcp, ofHttp] = [asObject(tcp.tcpKeepalive) ?? {}, asObject(http.http2KeepAlive) ?? {}];
  const isZero = /^0*(\.0*)?[a-zµ]*$/.test(asText(tcp.idleTimeout) ?? '0');
  const negative = Object.entries({ http, tcp }).flatMap(([part, fields]) =>
    (counts[part] ?? [])
      .filter((field) => typeof fields[field] === 'number' && Number(fields[field]) < 0)
      .map((field) => ({ place: [...place, part, field], why: `\`${field}\` is less than 0` })),
  );
  return [
    ...complaintWhen(writtenOf(pool, ['http', 'tcp']).length === 0, place, 'a connection pool needs `http` or `tcp`'),
    ...negative,
    ...complaintWhen(
      http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol === true,
      [...place, 'http'],
      '`useClientProtocol` excludes `h2UpgradePolicy: UPGRADE`',
    ),
    ...checkDuration(http.idleTimeout, [...place, 'http', 'idleTimeout']),
    ...['connectTimeout', 'maxConnectionDuration'].flatMap((field) =>
      checkDuration(tcp[field], [...place, 'tcp', field]),
    ),
    ...(isZero ? [] : checkDuration(tcp.idleTimeout, [...place, 'tcp', 'idleTimeout'])),
    ...['time', 'interval'].flatMap((field) => checkDuration(ofTcp[field], [...place, 'tcp', 'tcpKeepalive', field])),
    ...['interval', 'timeout'].flatMap((field) =>
      checkDuration(ofHttp[field], [...place, 'http', 'http2KeepAlive', field]),
    ),
  ];
}

function checkOutliers(outlier: JsonObject | undefined, place: Path): readonly Complaint[] {
  if (outlier === undefined) return [];
  const local = outlier.consecutiveLocalOriginFailures;
  const isUnsplit = outlier.splitExternalLocalOriginErrors !== true && typeof local === 'number' && local > 0;
  const percents = ['maxEjectionPercent', 'minHealthPercent'].flatMap((field) => {
    const share = outlier[field];
    const isShare = typeof share !== 'number' || (share >= 0 && share <= 100);
    return complaintWhen(!isShare, [...place, field], `${String(share)} percent are not between 0 and 100`);
  });
  return [
    ...complaintWhen(isUnsplit, place, '`consecutiveLocalOriginFailures` needs `splitExternalLocalOriginErrors: true`'),
    ...percents,
    ...['baseEjectionTime', 'interval'].flatMap((field) => checkDuration(outlier[field], [...place, field])),
  ];
}

function checkLoadBalancer(value: JsonValue | undefined, place: Path): readonly Refusal[] {
  const balancer = asObject(value);
  if (balancer === undefined) return [];
  return [
    ...by(
      'L-34',
      checkHash(asObject(balancer.consistentHash), [...place, 'consistentHash']),
      checkWarmup(balancer.warmup, [...place, 'warmup']),
      checkDuration(balancer.warmupDurationSecs, [...place, 'warmupDurationSecs']),
    ),
    ...by('L-35', checkLocality(asObject(balancer.localityLbSetting), [...place, 'localityLbSetting'])),
  ];
}

const largestTable = 5000011;

function checkHash(hash: JsonObject | undefined, place: Path): readonly Complaint[] {
  if (hash === undefined) return [];
  const cookie = asObject(hash.httpCookie);
  const table = asObject(hash.maglev)?.tableSize;
  const isRing = typeof hash.minimumRingSize === 'number' && hash.minimumRingSize !== 0;
  const isTable = typeof table === 'number' && table < largestTable && isPrime(table);
  return [
    ...complaintWhen(
      cookie !== undefined && (asText(cookie.name) ?? '') === '',
      [...place, 'httpCookie'],
      'a cookie needs a `name`',
    ),
    ...complaintWhen(
      isRing && writtenOf(hash, ['maglev', 'ringHash']).length > 0,
      place,
      '`minimumRingSize` excludes `maglev` and `ringHash`',
    ),
    ...complaintWhen(
      asObject(hash.maglev) !== undefined && !isTable,
      [...place, 'maglev'],
      `\`tableSize\` has to be a prime number below ${largestTable}`,
    ),
  ];
}

/** One counts as well. */
function isPrime(number: number): boolean {
  if (number < 1 || !Number.isInteger(number)) return false;
  for (let factor = 2; factor * factor <= number; factor += 1) if (number % factor === 0) return false;
  return true;
}

function checkWarmup(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  return checkDuration(asObject(value)?.duration, [...place, 'duration']);
}

function checkLocality(setting: JsonObject | undefined, place: Path): readonly Complaint[] {
  if (setting === undefined) return [];
  const isBoth = isListed(setting.distribute) && isListed(setting.failover);
  const topology = asArray(setting.failoverPriority).find((label) =>
    /^topology\.(kubernetes|istio)\.io\/(region|zone|subzone)$/.test(String(label)),
  );
  return [
    ...complaintWhen(isBoth, place, '`distribute` and `failover` exclude each other'),
    ...complaintWhen(
      isListed(setting.failover) && topology !== undefined,
      place,
      `\`failover\` excludes \`${String(topology)}\` in \`failoverPriority\``,
    ),
    ...each(setting.distribute, [...place, 'distribute'], checkDistribution),
    ...checkLocalities(
      asArray(setting.distribute).map((item) => asText(asObject(item)?.from) ?? ''),
      [...place, 'distribute'],
    ),
    ...each(setting.failover, [...place, 'failover'], checkFailover),
  ];
}

/** A region, a zone within it and a part of that, of which a star ends the naming; none within another. */
function checkLocalities(localities: readonly string[], place: Path): readonly Complaint[] {
  return localities.flatMap((locality, index) => {
    const isNamed = locality.split('/', 3).every((part) => part !== '') && /^[^*]*\*?$/.test(locality);
    const rival = localities
      .slice(0, index)
      .find((other) => isWithinLocality(locality, other) || isWithinLocality(other, locality));
    return [
      ...complaintWhen(!isNamed, [...place, index], `\`${locality}\` is no locality`),
      ...complaintWhen(rival !== undefined, [...place, index], `\`${locality}\` and \`${rival}\` overlap`),
    ];
  });
}

function isWithinLocality(inner: string, outer: string): boolean {
  const parts = outer.split('/').filter((part) => part !== '*');
  return parts.every((part, depth) => inner.split('/')[depth] === part);
}

function checkDistribution(value: JsonValue, place: Path): readonly Complaint[] {
  const weights = Object.values(asObject(asObject(value)?.to) ?? {}).map(Number);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return complaintWhen(
    weights.some((weight) => !(weight > 0)) || total !== 100,
    [...place, 'to'],
    `the weights are ${total} together, and have to be 100`,
  );
}

function checkFailover(value: JsonValue, place: Path): readonly Complaint[] {
  const { from, to } = asObject(value) ?? {};
  const [left, right] = [asText(from) ?? '', asText(to) ?? ''];
  return [
    ...complaintWhen(left === right, place, 'a region cannot fail over to itself'),
    ...complaintWhen(/[/*]/.test(left + right), place, 'only whole regions can fail over'),
  ];
}
