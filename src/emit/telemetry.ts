import type { PlacedTelemetry } from '../ir/placed-telemetry.js';
import type { JsonObject } from '../parse/document.js';
import type { AccessLogs, MetricChange, TraceTag, Tracing } from '../parse/traffic/telemetry.js';
import { attachment } from './attachment.js';
import { logFilter } from './log-filter.js';
import type { Manifest } from './manifest.js';
import { objectComment, ownMetadata, type Provenance } from './provenance.js';

/** What some proxies record. */
export function telemetry(placed: PlacedTelemetry, provenance: Provenance): Manifest {
  const { cluster, namespace, name, purpose, origin } = placed;
  const { accessLogs, metrics, tracing } = placed.telemetry;
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name, namespace, ...ownMetadata(purpose, [origin]) },
      spec: {
        ...attachment(placed.attachment),
        ...(accessLogs && { accessLogging: [logging(accessLogs)] }),
        ...(metrics.length > 0 && { metrics: [changes(metrics)] }),
        ...(tracing && { tracing: [spans(tracing, placed.resumesTracing)] }),
      },
    },
    header: objectComment(purpose, [origin], provenance),
    comments: [],
    realises: [origin.id],
  };
}

/** A filter counts for providers that stand beside it, and so does `disabled`; `envoy` is one that every mesh has (F-62). */
function logging(logs: AccessLogs): JsonObject {
  if (logs.kind === 'disabled') return { providers: [{ name: 'envoy' }], disabled: true };
  const expression = logFilter(logs);
  return {
    providers: logs.providers.map(({ value: name }) => ({ name })),
    ...(expression && { filter: { expression } }),
  };
}

/** The words about all metrics come first, since the last one about a metric counts. */
function changes(metrics: readonly MetricChange[]): JsonObject {
  const isWhole = ({ metric }: MetricChange) => metric.value === 'ALL_METRICS';
  const inOrder = [...metrics.filter(isWhole), ...metrics.filter((each) => !isWhole(each))];
  return { providers: [{ name: 'prometheus' }], overrides: inOrder.map(change) };
}

function change({ metric, disabled, set, remove }: MetricChange): JsonObject {
  const upserts = Object.entries(set).map(([tag, value]) => [tag, { operation: 'UPSERT', value }] as const);
  const removals = remove.map((tag) => [tag, { operation: 'REMOVE' }] as const);
  const tagOverrides = Object.fromEntries([...upserts, ...removals]);
  return {
    match: { metric: metric.value },
    ...(disabled !== undefined && { disabled }),
    ...(upserts.length + removals.length > 0 && { tagOverrides }),
  };
}

function spans(tracing: Tracing, resumes: boolean): JsonObject {
  if (tracing.kind === 'disabled') return { disableSpanReporting: true };
  const { provider, sampling, tags } = tracing;
  const entries = Object.entries(tags ?? {}).map(([name, tag]) => [name, customTag(tag)] as const);
  return {
    providers: [{ name: provider.value }],
    ...(resumes && { disableSpanReporting: false }),
    ...(sampling !== undefined && { randomSamplingPercentage: sampling }),
    ...(entries.length > 0 && { customTags: Object.fromEntries(entries) }),
  };
}

function customTag(tag: TraceTag): JsonObject {
  if ('value' in tag) return { literal: { value: tag.value } };
  const kind = 'header' in tag ? 'header' : 'environment';
  const name = 'header' in tag ? tag.header : tag.environment;
  return { [kind]: { name, ...(tag.default !== undefined && { defaultValue: tag.default }) } };
}
