import { metricNames } from '../../mesh/telemetry/metrics.js';
import type { Section } from '../../mesh/telemetry/telemetry-object.js';
import { sortedUnique } from '../../util/order.js';
import type { MeantRecords } from './meant.js';
import type { Records, TracingWords } from './records.js';
import { logsInWords, tagsAsWritten } from './records-in-words.js';

/** One field that is recorded otherwise than settings say. */
export interface RecordDeviation {
  readonly section: Section;
  readonly field: string;
  readonly meant: string;
  readonly found: string;
}

/** What is recorded otherwise than meant; of what nobody speaks the records have to be those without Ambit’s objects. */
export function recordDeviations(meant: MeantRecords, found: Records, without: Records): readonly RecordDeviation[] {
  const logs = meant.accessLogs ? logsInWords(meant.accessLogs) : without.logs;
  return [
    ...differing('accessLogging', 'accessLogs', logs, found.logs),
    ...metricNames.flatMap((name) => compareMetric(name, meant, found, without)),
    ...compareTracing(meant, found.tracing, without.tracing),
  ];
}

function compareMetric(name: string, { metrics }: MeantRecords, found: Records, without: Records) {
  const [meant, actual, before] = [metrics.get(name), found.metrics.get(name), without.metrics.get(name)];
  if (actual === undefined || before === undefined) return [];
  const isMeant = meant?.disabled === undefined ? before.isOn : !meant.disabled;
  const switched = differing('metrics', name, onOff(isMeant), onOff(actual.isOn));
  if (!actual.isOn) return switched;
  const labels = sortedUnique([...(meant?.labels.keys() ?? []), ...actual.labels.keys(), ...before.labels.keys()]);
  return [
    ...switched,
    ...labels.flatMap((label) => {
      const own = meant?.labels.has(label) ? (meant.labels.get(label) ?? 'removed') : before.labels.get(label);
      return differing('metrics', `${name} ${label}`, own ?? asUsual, actual.labels.get(label) ?? asUsual);
    }),
  ];
}

const asUsual = 'as Istio has it';

function compareTracing(
  { tracing: meant }: MeantRecords,
  found: TracingWords,
  without: TracingWords,
): readonly RecordDeviation[] {
  const wanted = {
    tracing: meant ? onOff(!meant.disabled) : without.tracing,
    provider: meant?.provider ?? without.provider,
    sampling: meant?.sampling === undefined ? without.sampling : `${meant.sampling} %`,
    tags: meant?.tags ? tagsAsWritten(meant.tags) : without.tags,
  };
  const fields =
    found.tracing === 'on' ? (['tracing', 'provider', 'sampling', 'tags'] as const) : (['tracing'] as const);
  return fields.flatMap((field) => differing('tracing', field, wanted[field], found[field]));
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off';
}

function differing(section: Section, field: string, meant: string, found: string): readonly RecordDeviation[] {
  return meant === found ? [] : [{ section, field, meant, found }];
}
