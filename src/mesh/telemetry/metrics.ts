import type { JsonObject } from '../../parse/document.js';
import { asArray, asObject, asText } from '../json.js';
import { isFor, type Side } from './side.js';
import type { TelemetryObject } from './telemetry-object.js';

/** What becomes of Istio’s metrics. */
export interface Metrics {
  /** Nothing at all is recorded. */
  readonly allDisabled: boolean;
  readonly changes: ReadonlyMap<string, MetricState>;
}

export interface MetricState {
  readonly disabled: boolean;
  /** By label: its expression, or `undefined` where it is removed. */
  readonly labels: ReadonlyMap<string, string | undefined>;
}

export const metricNames: readonly string[] = [
  'REQUEST_COUNT',
  'REQUEST_DURATION',
  'REQUEST_SIZE',
  'RESPONSE_SIZE',
  'TCP_OPENED_CONNECTIONS',
  'TCP_CLOSED_CONNECTIONS',
  'TCP_SENT_BYTES',
  'TCP_RECEIVED_BYTES',
  'GRPC_REQUEST_MESSAGES',
  'GRPC_RESPONSE_MESSAGES',
];

/** The provider of Istio’s metrics, which its charts make the default one. */
const prometheus = 'prometheus';

/**
 * Changes of all levels add up, the later before the earlier. All metrics are off as long as no change follows that which
 * switches them off, and where the last level that names providers leaves out Prometheus (F-62).
 */
export function metricsOf(layers: readonly TelemetryObject[], side: Side): Metrics {
  const entries = layers.flatMap(({ metrics }) => metrics);
  const named = entries.filter(({ providers }) => providers.length > 0).at(-1)?.providers ?? [prometheus];
  if (!named.includes(prometheus)) return { allDisabled: true, changes: new Map() };
  let parents: readonly string[] = [prometheus];
  const overrides = entries.flatMap(({ providers, value }) => {
    parents = providers.length > 0 ? providers : parents;
    return parents.includes(prometheus) ? overridesOf(value) : [];
  });
  return applied(overrides.filter((value) => isFor({ value }, side)));
}

function applied(overrides: readonly JsonObject[]): Metrics {
  const changes = new Map<string, MetricState>();
  let allDisabled = false;
  for (const override of overrides) {
    allDisabled = matched(override).length > 1 && override.disabled === true;
    if (allDisabled) continue;
    for (const metric of matched(override)) changes.set(metric, changed(changes.get(metric), override));
  }
  return { allDisabled, changes };
}

function overridesOf({ overrides }: JsonObject): readonly JsonObject[] {
  return asArray(overrides).flatMap((each) => {
    const override = asObject(each);
    return override === undefined ? [] : [override];
  });
}

function matched(override: JsonObject): readonly string[] {
  const { metric, customMetric } = asObject(override.match) ?? {};
  const name = asText(customMetric) ?? asText(metric) ?? 'ALL_METRICS';
  return name === 'ALL_METRICS' ? metricNames : [name];
}

function changed(before: MetricState | undefined, { disabled, tagOverrides }: JsonObject): MetricState {
  const labels = new Map(before?.labels);
  for (const [label, value] of Object.entries(asObject(tagOverrides) ?? {})) {
    const { operation, value: expression } = asObject(value) ?? {};
    labels.set(label, operation === 'REMOVE' ? undefined : (asText(expression) ?? ''));
  }
  return { disabled: typeof disabled === 'boolean' ? disabled : before?.disabled === true, labels };
}
