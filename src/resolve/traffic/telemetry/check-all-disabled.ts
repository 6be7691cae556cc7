import { diagnostic } from '../../../diagnostics/create.js';
import { allMetrics, type MetricChange } from '../../../parse/traffic/telemetry.js';
import { sortBy } from '../../../util/order.js';
import type { ResolveContext } from '../../context.js';
import { isWiderScope, type ResolvedTelemetry, telemetryNearness } from '../../resolved-telemetry.js';

/**
 * Where all metrics are switched off, one word more about any of them switches all on again: istiod forgets that they were
 * off as soon as it meets another change (F-62).
 */
export function checkAllDisabled(context: ResolveContext, all: readonly ResolvedTelemetry[]): void {
  for (const telemetry of all) {
    const { metrics } = telemetry.telemetry;
    const [change] = metrics.filter(({ metric }) => metric.value !== allMetrics);
    const own = metrics.find(isWhole);
    const off = own ?? nearestWhole(all, telemetry);
    const first = change ?? (own === undefined ? metrics[0] : undefined);
    if (first === undefined || off?.disabled !== true) continue;
    const notes = [{ message: 'all of them are switched off here', span: off.metric.span }];
    context.report(diagnostic('metrics-switched-on', { metric: first.metric.value }, first.metric.span, { notes }));
  }
}

function nearestWhole(all: readonly ResolvedTelemetry[], { scope }: ResolvedTelemetry): MetricChange | undefined {
  const wider = all.filter((each) => isWiderScope(each.scope, scope));
  const nearestFirst = sortBy(wider, (each) => -telemetryNearness[each.scope.kind]);
  return nearestFirst.flatMap(({ telemetry }) => telemetry.metrics.filter(isWhole))[0];
}

function isWhole({ metric, disabled }: MetricChange): boolean {
  return metric.value === allMetrics && disabled !== undefined;
}
