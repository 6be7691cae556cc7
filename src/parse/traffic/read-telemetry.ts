import type { Cursor } from '../cursor.js';
import { readTexts } from '../parse-references.js';
import { numberOf } from './leaves.js';
import type { AccessLogs, LoggedRequests, MetricChange, Telemetry, TraceTag, Tracing } from './telemetry.js';

export function readTelemetry(node: Cursor): Telemetry {
  return {
    accessLogs: node.optional('accessLogs', readAccessLogs),
    metrics: node.optional('metrics', (metrics) => metrics.fields().map(readMetric)) ?? [],
    tracing: node.optional('tracing', readTracing),
  };
}

function readAccessLogs(node: Cursor): AccessLogs {
  const span = node.keySpan;
  if (node.value === 'Disabled') return { kind: 'disabled', span };
  return {
    kind: 'enabled',
    providers: readTexts(node.field('providers')),
    requests: node.optional('requests', (field) => field.text().value as LoggedRequests),
    filter: node.optional('filter', (field) => field.text()),
    span,
  };
}

function readMetric(node: Cursor): MetricChange {
  const metric = { value: node.key, span: node.keySpan };
  if (typeof node.value === 'string') return { metric, disabled: node.value === 'Disabled', set: {}, remove: [] };
  const set = node.optional('set', ({ value }) => value as MetricChange['set']) ?? {};
  const remove = node.optional('remove', readTexts)?.map(({ value }) => value) ?? [];
  return { metric, disabled: undefined, set, remove };
}

function readTracing(node: Cursor): Tracing {
  const span = node.keySpan;
  if (node.value === 'Disabled') return { kind: 'disabled', span };
  return {
    kind: 'enabled',
    provider: node.field('provider').text(),
    sampling: node.optional('sampling', numberOf),
    tags: node.optional('tags', ({ value }) => value as Readonly<Record<string, TraceTag>>),
    span,
  };
}
