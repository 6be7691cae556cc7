import { metricNames } from '../../mesh/telemetry/metrics.js';
import { type AccessLogs, allMetrics, type TraceTag } from '../../parse/traffic/telemetry.js';
import type { ResolvedTelemetry } from '../../resolve/resolved-telemetry.js';

/** What intents say that one proxy records; what they do not say is anybody’s. */
export interface MeantRecords {
  readonly accessLogs: AccessLogs | undefined;
  /** By metric. */
  readonly metrics: ReadonlyMap<string, MeantMetric>;
  readonly tracing: MeantTracing | undefined;
}

export interface MeantMetric {
  readonly disabled: boolean | undefined;
  /** By label: its expression, or `undefined` where it is removed. */
  readonly labels: ReadonlyMap<string, string | undefined>;
}

export interface MeantTracing {
  readonly disabled: boolean;
  readonly provider: string | undefined;
  readonly sampling: number | undefined;
  readonly tags: Readonly<Record<string, TraceTag>> | undefined;
}

/** Field by field, from the settings that hold for a proxy, the widest first. */
export function meantRecords(settings: readonly ResolvedTelemetry[]): MeantRecords {
  const said = settings.map(({ telemetry }) => telemetry);
  const metrics = new Map<string, MeantMetric>();
  for (const { metric, disabled, set, remove } of said.flatMap((each) => inOrder(each.metrics))) {
    for (const name of metric.value === allMetrics ? metricNames : [metric.value]) {
      const before = metrics.get(name);
      const labels = new Map([
        ...(before?.labels ?? []),
        ...Object.entries(set),
        ...remove.map((each) => [each, undefined] as const),
      ]);
      metrics.set(name, { disabled: disabled ?? before?.disabled, labels });
    }
  }
  return { accessLogs: said.findLast(({ accessLogs }) => accessLogs)?.accessLogs, metrics, tracing: tracingIn(said) };
}

/** What is said of all metrics goes behind what is said of one beside it. */
function inOrder(changes: ResolvedTelemetry['telemetry']['metrics']) {
  const isWhole = ({ metric }: (typeof changes)[number]) => metric.value === allMetrics;
  return [...changes.filter(isWhole), ...changes.filter((each) => !isWhole(each))];
}

function tracingIn(said: ReadonlyArray<ResolvedTelemetry['telemetry']>): MeantTracing | undefined {
  const all = said.flatMap(({ tracing }) => tracing ?? []);
  const enabled = all.flatMap((each) => (each.kind === 'enabled' ? [each] : []));
  const nearest = all.at(-1);
  if (nearest === undefined) return undefined;
  return {
    disabled: nearest.kind === 'disabled',
    provider: enabled.at(-1)?.provider.value,
    sampling: enabled.findLast(({ sampling }) => sampling !== undefined)?.sampling,
    tags: enabled.findLast(({ tags }) => tags)?.tags,
  };
}
