import type { HashKey, HopSettings, Limits, Locality, Outliers } from '../../mesh/routes/settings/effective.js';
import type { Place, Setting } from '../../mesh/routes/settings/setting.js';
import type { ServicePort } from '../../topology/model.js';
import { durationText } from '../../util/duration.js';
import type { MeantSettings } from './meant.js';

/** One thing that a proxy keeps to otherwise than is meant, or of which it is not known. */
export interface SettingDeviation {
  /** As the language calls it. */
  readonly field: string;
  readonly meant: string;
  readonly found: { readonly known: true; readonly value: string; readonly by: Place | undefined } | NotKnown;
}

type NotKnown = Extract<Setting<unknown>, { known: false }>;

/** Part by part, as far as intents speak of it; of TCP what a proxy of TCP keeps to. */
export function settingDeviations(
  meant: MeantSettings,
  { settings: { request, backend } }: Pick<HopSettings, 'settings'>,
  { layer }: ServicePort,
): readonly SettingDeviation[] {
  if (backend === undefined) return [];
  const { algorithm, affinity, locality, limits, retryBudget, outliers, tls } = meant;
  const carriesRequests = layer !== 'tcp';
  return [
    ...(algorithm === undefined
      ? []
      : [
          ...one('balance.algorithm', algorithm, backend.algorithm, String),
          ...one('balance.warmup', meant.warmup, backend.warmup, timeInWords),
        ]),
    ...(affinity === undefined ? [] : bindingDeviations(affinity, request?.affinity, backend.algorithm)),
    ...(locality === undefined ? [] : localityDeviations(locality, backend.locality)),
    ...(limits === undefined ? [] : fields('connections', limitFields(carriesRequests), limits, backend.limits)),
    ...(retryBudget === undefined || !carriesRequests
      ? []
      : one('connections.retryBudget', retryBudget, backend.retryBudget, valueInWords)),
    ...(outliers === undefined ? [] : outlierDeviations(outliers, backend.outliers)),
    ...(tls === undefined ? [] : one('tls', tls, backend.tls, JSON.stringify)),
  ];
}

/** That a hash chooses the pod, and for requests which. */
function bindingDeviations(
  affinity: readonly HashKey[],
  found: Setting<readonly HashKey[]> | undefined,
  algorithm: Setting<string>,
): readonly SettingDeviation[] {
  const binds = algorithm.known && ['RING_HASH', 'MAGLEV'].includes(algorithm.value);
  const hash = binds ? [] : one('affinity', 'a hash chooses the pod', algorithm, String);
  return [...hash, ...(found === undefined ? [] : one('affinity', affinity, found, keysInWords))];
}

function localityDeviations(
  { mode, detail }: NonNullable<MeantSettings['locality']>,
  found: Setting<Locality>,
): readonly SettingDeviation[] {
  const read = (locality: Locality) => ({ ...locality, detail: JSON.parse(locality.detail ?? 'null') as unknown });
  const meant = read({ mode, detail, isActive: mode !== 'off' });
  return one('locality', meant, found.known ? { ...found, value: read(found.value) } : found, localityInWords);
}

function outlierDeviations(meant: Outliers, found: Setting<Outliers | undefined>): readonly SettingDeviation[] {
  if (!found.known) return [{ field: 'outliers', meant: '', found }];
  const { value, by } = found;
  if (value !== undefined) return fields('outliers', outlierFields, meant, { known: true, value, by });
  return [{ field: 'outliers', meant: 'as written', found: { known: true, value: 'nothing', by } }];
}

type Names<T> = ReadonlyArray<readonly [field: keyof T, name: string]>;

const ofConnections: Names<Limits> = [
  ['maxConnections', 'maxConnections'],
  ['maxPendingRequests', 'maxPending'],
  ['connectTimeout', 'connectTimeout'],
  ['idleTimeout', 'idleTimeout'],
  ['maxConnectionDuration', 'maxDuration'],
  ['keepAlive', 'keepAlive'],
];

const ofRequests: Names<Limits> = [
  ['maxRequests', 'maxRequests'],
  ['maxRetries', 'maxRetries'],
  ['maxRequestsPerConnection', 'maxRequestsPerConnection'],
  ['maxConcurrentStreams', 'maxStreams'],
  ['http2KeepAlive', 'http2KeepAlive'],
  ['upgradesToHttp2', 'http2'],
  ['usesClientProtocol', 'http2'],
];

function limitFields(carriesRequests: boolean): Names<Limits> {
  return carriesRequests ? [...ofConnections, ...ofRequests] : ofConnections;
}

const outlierFields: Names<Outliers> = [
  ['consecutive5xx', 'consecutive5xx'],
  ['consecutiveGatewayErrors', 'consecutiveGatewayErrors'],
  ['consecutiveLocalFailures', 'consecutiveLocalFailures'],
  ['interval', 'interval'],
  ['baseEjectionTime', 'ejectFor'],
  ['maxEjectionPercent', 'maxEjectedPercent'],
  ['minHealthPercent', 'minHealthPercent'],
];

const times: ReadonlySet<string> = new Set(['connectTimeout', 'idleTimeout', 'maxDuration', 'interval', 'ejectFor']);

function fields<T>(group: string, names: Names<T>, meant: T, found: Setting<T>): readonly SettingDeviation[] {
  if (!found.known) return [{ field: group, meant: '', found }];
  return names.flatMap(([field, name]) => {
    const words = times.has(name) ? timeInWords : valueInWords;
    const of = { ...found, value: found.value[field] };
    return one(`${group}.${name}`, meant[field], of, words as (value: T[keyof T]) => string);
  });
}

function one<T, F extends T>(
  field: string,
  meant: T,
  found: Setting<F> | Setting<T>,
  inWords: (value: T) => string,
): readonly SettingDeviation[] {
  if (!found.known) return [{ field, meant: '', found }];
  if (canonical(found.value) === canonical(meant)) return [];
  return [{ field, meant: inWords(meant), found: { ...found, value: inWords(found.value) } }];
}

/** As text that is equal where the meaning is, whatever the order of fields. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      part !== null && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
        : part,
    ) ?? 'none'
  );
}

function timeInWords(time: number | undefined): string {
  return time === undefined ? 'none' : durationText(time);
}

function valueInWords(value: unknown): string {
  return value === undefined ? 'none' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function keysInWords(keys: readonly HashKey[]): string {
  return keys.map((key) => ('name' in key ? `${key.kind} ${key.name}` : key.kind)).join(' and ') || 'none';
}

function localityInWords({ mode, detail, isActive }: Omit<Locality, 'detail'> & { readonly detail: unknown }): string {
  const effect = isActive || mode === 'off' ? '' : ' without effect';
  return `${mode}${detail === null ? '' : ` ${JSON.stringify(detail)}`}${effect}`;
}
