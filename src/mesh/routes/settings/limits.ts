import type { JsonValue } from '../../../parse/document.js';
import type { IstioVersion } from '../../../parse/mesh.js';
import { asObject, asText } from '../../json.js';
import type { MeshCluster } from '../../mesh.js';
import { asNumber, type Node, nodeOf } from '../read/fields.js';
import { durationIn, millisecondsOf } from '../read/route-settings.js';
import type { Http2KeepAlive, KeepAlive, Limits, Outliers, RetryBudget } from './effective.js';
import { meshDefault } from './mesh-default.js';
import { byDefault, type Setting, saidBy } from './setting.js';

/** Istio's own: ten seconds to connect, and no bounds. */
const noLimits: Limits = {
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
  http2KeepAlive: undefined,
  upgradesToHttp2: false,
  usesClientProtocol: false,
};

/** What is kept where no `connectionPool` says otherwise; HTTP/2 is for ports that are declared to carry requests. */
export function limitsOfMesh(mesh: MeshCluster, carriesRequests: boolean): Setting<Limits> {
  const [connect, keepAlive, upgrade] = [
    meshDefault(mesh, 'connectTimeout'),
    meshDefault(mesh, 'tcpKeepalive'),
    meshDefault(mesh, 'h2UpgradePolicy'),
  ];
  const said = [connect, keepAlive, upgrade].find((each) => each !== undefined);
  if (said === undefined) return byDefault(noLimits);
  const limits: Limits = {
    ...noLimits,
    connectTimeout: millisecondsOf(connect?.value) ?? noLimits.connectTimeout,
    keepAlive: keepAliveIn(keepAlive?.value),
    upgradesToHttp2: carriesRequests && upgrade?.value === 'UPGRADE',
  };
  return saidBy(limits, said);
}

/** A number of 0 is none. The time after which idle connections end is that for requests, else that for connections. */
export function limitsIn(pool: Node, ofMesh: Limits, version: IstioVersion): Limits {
  const none: Node = { value: {}, place: [] };
  const http = nodeOf(pool, 'http') ?? none;
  const tcp = nodeOf(pool, 'tcp') ?? none;
  const number = ({ value }: Node, field: string) => asNumber(value[field]) || undefined;
  const usesClientProtocol = http.value.useClientProtocol === true;
  const upgrade = asText(http.value.h2UpgradePolicy) ?? 'DEFAULT';
  const upgrades = upgrade === 'DEFAULT' ? ofMesh.upgradesToHttp2 : upgrade === 'UPGRADE';
  return {
    maxConnections: number(tcp, 'maxConnections'),
    maxPendingRequests: number(http, 'http1MaxPendingRequests'),
    maxRequests: number(http, 'http2MaxRequests'),
    maxRetries: number(http, 'maxRetries'),
    maxRequestsPerConnection: number(http, 'maxRequestsPerConnection'),
    maxConcurrentStreams: number(http, 'maxConcurrentStreams'),
    connectTimeout: durationIn(tcp, 'connectTimeout')?.value ?? ofMesh.connectTimeout,
    idleTimeout: (durationIn(http, 'idleTimeout') ?? durationIn(tcp, 'idleTimeout'))?.value,
    maxConnectionDuration: durationIn(tcp, 'maxConnectionDuration')?.value,
    keepAlive: keepAliveIn(tcp.value.tcpKeepalive, ofMesh.keepAlive),
    http2KeepAlive: version === '1.31' ? http2KeepAliveIn(http) : undefined,
    upgradesToHttp2: upgrades && !usesClientProtocol,
    usesClientProtocol,
  };
}

/** Part by part over what holds for the mesh. */
function keepAliveIn(value: JsonValue | undefined, ofMesh: KeepAlive = {}): KeepAlive | undefined {
  const { probes, time, interval } = asObject(value) ?? {};
  const all = {
    probes: asNumber(probes) ?? ofMesh.probes,
    time: millisecondsOf(time) ?? ofMesh.time,
    interval: millisecondsOf(interval) ?? ofMesh.interval,
  };
  return value === undefined && Object.values(ofMesh).length === 0 ? undefined : all;
}

/** Only istiod 1.31 knows it (F-25). */
function http2KeepAliveIn(http: Node): Http2KeepAlive | undefined {
  const pings = nodeOf(http, 'http2KeepAlive');
  if (pings === undefined) return undefined;
  return { interval: durationIn(pings, 'interval')?.value, timeout: durationIn(pings, 'timeout')?.value };
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
