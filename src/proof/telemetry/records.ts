import { accessLoggingOf, type IsKnown } from '../../mesh/telemetry/access-logs.js';
import { metricNames, metricsOf } from '../../mesh/telemetry/metrics.js';
import type { Side } from '../../mesh/telemetry/side.js';
import type { TelemetryObject } from '../../mesh/telemetry/telemetry-object.js';
import { tracingOf } from '../../mesh/telemetry/tracing.js';
import { ofMeshConfig, tagsInWords, targetsInWords } from './records-in-words.js';

/** What one proxy is told to record, in words that are the same where the meaning is. */
export interface Records {
  readonly logs: string;
  /** By metric. */
  readonly metrics: ReadonlyMap<string, MetricWords>;
  readonly tracing: TracingWords;
}

interface MetricWords {
  readonly isOn: boolean;
  /** By label: its expression, or that it is removed. */
  readonly labels: ReadonlyMap<string, string>;
}

export type TracingWords = Readonly<Record<'tracing' | 'provider' | 'sampling' | 'tags', string>>;

export function recordsOf(layers: readonly TelemetryObject[], side: Side, isKnown: IsKnown): Records {
  return {
    logs: targetsInWords(accessLoggingOf(layers, side, isKnown)),
    metrics: metricWords(layers, side),
    tracing: tracingWords(layers, side),
  };
}

function metricWords(layers: readonly TelemetryObject[], side: Side): Records['metrics'] {
  const { allDisabled, changes } = metricsOf(layers, side);
  return new Map(
    metricNames.map((name) => {
      const state = changes.get(name);
      const labels = [...(state?.labels ?? [])].map(([label, expression]) => [label, expression ?? 'removed'] as const);
      return [name, { isOn: !allDisabled && state?.disabled !== true, labels: new Map(labels) }];
    }),
  );
}

/** Without a provider nothing is traced, unless the MeshConfig has one by default. */
function tracingWords(layers: readonly TelemetryObject[], side: Side): TracingWords {
  const state = tracingOf(layers, side);
  if (state === undefined) {
    return { tracing: ofMeshConfig, provider: ofMeshConfig, sampling: ofMeshConfig, tags: tagsInWords({}) };
  }
  const { provider, disabled, sampling, tags } = state;
  return {
    tracing: disabled ? 'off' : 'on',
    provider: provider || ofMeshConfig,
    sampling: sampling === undefined ? ofMeshConfig : `${sampling} %`,
    tags: tagsInWords(tags),
  };
}
