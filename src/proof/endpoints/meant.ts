import type {
  Algorithm,
  BackendTls,
  HashKey,
  KeepAlive,
  Limits,
  Locality,
  Outliers,
  RetryBudget,
} from '../../mesh/routes/settings/effective.js';
import type { ResolvedEndpoints, ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import type { ServicePort } from '../../topology/model.js';
import { milliseconds } from '../../util/duration.js';
import { meantOutliers } from './meant-outliers.js';

/** What the settings of one port say of the way to pods, in the model's terms; what they do not speak of is absent. */
export interface MeantSettings {
  readonly algorithm?: Algorithm;
  readonly warmup?: number | undefined;
  readonly affinity?: readonly HashKey[];
  readonly locality?: Pick<Locality, 'mode' | 'detail'>;
  readonly limits?: Limits;
  readonly retryBudget?: RetryBudget;
  readonly outliers?: Outliers;
  readonly tls?: BackendTls;
}

type Settings = ResolvedEndpoints['whole'];
type Connections = NonNullable<Settings['connections']>;
type Budget = NonNullable<Connections['retryBudget']>['value'];
type Probes = NonNullable<Connections['keepAlive']>['value'];

/** Of the whole Service, or of one of its versions. */
export function meantSettings(
  { endpoints, versions }: ResolvedTraffic,
  version: string | undefined,
  port: ServicePort,
  ofMesh: Limits,
): MeantSettings {
  const own = versions.find(({ name }) => name === version)?.endpoints ?? endpoints;
  const ofPort = own.ports.find(({ port: { value } }) => value === port.number || value === port.name);
  return read(ofPort?.settings ?? own.whole, ofMesh);
}

function read({ balance, affinity, locality, connections, outliers, tls }: Settings, ofMesh: Limits): MeantSettings {
  return {
    ...(balance && {
      algorithm: algorithms[balance.algorithm?.value ?? 'LeastRequest'],
      warmup: balance.warmup && milliseconds(balance.warmup.value),
    }),
    ...(affinity && { affinity: [keyOf(affinity.by)] }),
    ...(locality && { locality: localityOf(locality) }),
    ...(connections && { limits: limitsOf(connections, ofMesh) }),
    ...(connections?.retryBudget && { retryBudget: budgetOf(connections.retryBudget.value) }),
    ...(outliers && { outliers: meantOutliers(outliers) }),
    ...(tls && { tls: tlsOf(tls) }),
  };
}

function tlsOf({ mode, serverName, credential, span: _, ...files }: NonNullable<Settings['tls']>): BackendTls {
  const certificates = { ...(credential !== undefined && { credentialName: credential }), ...files };
  return {
    mode: mode === 'Simple' ? 'SIMPLE' : 'MUTUAL',
    serverName,
    ...(Object.keys(certificates).length > 0 && { certificates }),
  };
}

const algorithms = {
  LeastRequest: 'LEAST_REQUEST',
  RoundRobin: 'ROUND_ROBIN',
  Random: 'RANDOM',
  PassThrough: 'PASSTHROUGH',
} as const;

function keyOf(by: NonNullable<Settings['affinity']>['by']): HashKey {
  switch (by.kind) {
    case 'header':
    case 'query':
      return by;
    case 'sourceIP':
      return { kind: 'source address' };
    case 'cookie': {
      const ttl = by.ttl === undefined ? undefined : milliseconds(by.ttl);
      return { kind: 'cookie', name: by.name, path: by.path ?? '', ttl };
    }
  }
}

function localityOf(locality: NonNullable<Settings['locality']>): Pick<Locality, 'mode' | 'detail'> {
  switch (locality.kind) {
    case 'disabled':
      return { mode: 'off', detail: undefined };
    case 'prefer':
      return { mode: `Prefer${locality.near}`, detail: undefined };
    case 'failover': {
      const pairs = locality.pairs.map(({ from, to }) => ({ from: from.value, to: to.value }));
      return { mode: 'failover', detail: JSON.stringify(pairs) };
    }
    case 'failoverBy':
      return { mode: 'failover', detail: JSON.stringify(locality.labels) };
    case 'distribute': {
      const shares = locality.shares.map(({ from, to }) => ({ from: from.value, to }));
      return { mode: 'distribute', detail: JSON.stringify(shares) };
    }
  }
}

/** What is not written is as the mesh has it. */
function limitsOf(connections: Connections, ofMesh: Limits): Limits {
  const { keepAlive, http2 } = connections;
  const time = (field: 'connectTimeout' | 'idleTimeout' | 'maxDuration') => {
    const written = connections[field];
    return written && milliseconds(written.value);
  };
  return {
    maxConnections: connections.maxConnections?.value,
    maxPendingRequests: connections.maxPending?.value,
    maxRequests: connections.maxRequests?.value,
    maxRetries: connections.maxRetries?.value,
    maxRequestsPerConnection: connections.maxRequestsPerConnection?.value,
    maxConcurrentStreams: connections.maxStreams?.value,
    connectTimeout: time('connectTimeout') ?? ofMesh.connectTimeout,
    idleTimeout: time('idleTimeout'),
    maxConnectionDuration: time('maxDuration'),
    keepAlive: keepAlive ? keepAliveOf(keepAlive.value, ofMesh.keepAlive) : ofMesh.keepAlive,
    http2KeepAlive: pingsOf(connections),
    upgradesToHttp2: http2?.value ?? ofMesh.upgradesToHttp2,
    usesClientProtocol: false,
  };
}

/** What is not written is as Istio has it. */
function budgetOf({ percent = 20, minConcurrent = 3 }: Budget): RetryBudget {
  return { percent, minConcurrency: minConcurrent };
}

function pingsOf({ http2KeepAlive }: Connections): Limits['http2KeepAlive'] {
  if (http2KeepAlive === undefined) return undefined;
  const { interval, timeout } = http2KeepAlive.value;
  return { interval: milliseconds(interval), timeout: milliseconds(timeout) };
}

function keepAliveOf({ idle, interval, probes }: Probes, ofMesh: KeepAlive = {}): KeepAlive {
  return {
    probes: probes ?? ofMesh.probes,
    time: idle === undefined ? ofMesh.time : milliseconds(idle),
    interval: interval === undefined ? ofMesh.interval : milliseconds(interval),
  };
}
