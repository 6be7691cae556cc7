import type { Mirror } from '../../../../src/mesh/routes/route.js';
import type {
  BackendSettings,
  HashKey,
  HopSettings,
  Outliers,
  RequestSettings,
} from '../../../../src/mesh/routes/settings/effective.js';
import type { Setting } from '../../../../src/mesh/routes/settings/setting.js';

/** Settings under the names by which both sides are compared; what is not known has none. */
export type Configured = Readonly<Record<string, string | number | boolean | undefined>>;

/** What the model says of the last proxy that routes. */
export function ofModel({ settings: { request, backend } }: HopSettings): {
  readonly rule: Configured;
  readonly cluster: Configured;
} {
  return {
    rule: request === undefined ? {} : known(ofRequest(request)),
    cluster: backend === undefined ? {} : known(ofBackend(backend)),
  };
}

type Open = Readonly<Record<string, string | number | boolean | undefined | typeof unknown>>;
const unknown = Symbol('not known');

function known(settings: Open): Configured {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== unknown)) as Configured;
}

function told<T>(setting: Setting<T>, tell: (value: T) => Open[string]) {
  return setting.known ? tell(setting.value) : unknown;
}

function ofRequest({ timeout, retries, affinity, mirrors, delay, abort }: RequestSettings): Open {
  return {
    timeout: told(timeout, (value) => value ?? 'none'),
    retries: told(retries, (value) =>
      value === undefined || value.attempts === 0
        ? 'none'
        : JSON.stringify({
            attempts: value.attempts,
            perTry: value.perTryTimeout,
            conditions: [...value.conditions].sort(),
            codes: [...value.statusCodes].sort(),
            backoff: value.backoff,
            avoidsTriedPods: value.avoidsTriedPods,
            triesOtherLocalities: value.triesOtherLocalities,
          }),
    ),
    affinity: told(affinity, (keys) => keys.map(keyText).sort().join(' ')),
    delay: told(delay, (value) => (value === undefined ? 'none' : `${value.duration} ${value.percent}`)),
    abort: told(abort, (value) => (value === undefined ? 'none' : `${value.status} ${value.percent}`)),
    mirrors: told(mirrors, mirrorsText),
  };
}

/** One without a port goes to one that the proxy knows. */
function mirrorsText(mirrors: readonly Omit<Mirror, 'place'>[]) {
  if (mirrors.some(({ port }) => port === undefined)) return unknown;
  const texts = mirrors.map(({ host, subset = '', port, percent }) => `${port}|${subset}|${host} ${percent}`);
  return texts.sort().join(' ');
}

function keyText(key: HashKey): string {
  if (key.kind === 'source address') return key.kind;
  return key.kind === 'cookie' ? `cookie ${key.name} ${key.path} ${key.ttl}` : `${key.kind} ${key.name}`;
}

function ofBackend({ algorithm, limits, outliers, tls }: BackendSettings): Open {
  const limit = (read: (value: Extract<typeof limits, { known: true }>['value']) => number | undefined) =>
    told(limits, (value) => read(value) ?? 'none');
  return {
    algorithm: told(algorithm, (value) => value),
    connectTimeout: limit(({ connectTimeout }) => connectTimeout),
    maxConnections: limit(({ maxConnections }) => maxConnections),
    maxPendingRequests: limit(({ maxPendingRequests }) => maxPendingRequests),
    maxRequests: limit(({ maxRequests }) => maxRequests),
    maxRetries: limit(({ maxRetries }) => maxRetries),
    maxRequestsPerConnection: limit(({ maxRequestsPerConnection }) => maxRequestsPerConnection),
    idleTimeout: limit(({ idleTimeout }) => idleTimeout),
    outliers: told(outliers, outliersText),
    // What nobody says is seen on the way, as is the plaintext that a waypoint sends in HBONE.
    tls: told(tls, ({ mode, serverName = '' }) =>
      mode === 'HBONE' || (mode === 'DISABLE' && tls.known && tls.by === undefined)
        ? unknown
        : tlsText(mode, serverName),
    ),
  };
}

function outliersText(outliers: Outliers | undefined): string {
  if (outliers === undefined) return 'none';
  const { consecutive5xx, consecutiveGatewayErrors, consecutiveLocalFailures } = outliers;
  const counted = (value: number | undefined) => (value === undefined ? '-' : String(value));
  return JSON.stringify({
    consecutive5xx: counted(consecutive5xx),
    gateway: counted(consecutiveGatewayErrors),
    local: counted(consecutiveLocalFailures),
    interval: outliers.interval,
    baseEjectionTime: outliers.baseEjectionTime,
    maxEjectionPercent: outliers.maxEjectionPercent,
  });
}

function tlsText(mode: string, serverName: string): string {
  if (mode === 'DISABLE') return 'plaintext';
  if (mode === 'SIMPLE') return `TLS ${serverName}`.trim();
  return mode === 'automatic' ? mode : `${mode} ${serverName}`.trim();
}
