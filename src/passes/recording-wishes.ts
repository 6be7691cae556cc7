import { notRecorded, type RecordFeature } from '../dataplanes/telemetry.js';
import type { Telemetry } from '../parse/traffic/telemetry.js';
import type { Cluster } from '../topology/model.js';

/** What settings ask to be recorded; what they only switch off needs nobody who records. */
function recordsOf({ accessLogs, metrics, tracing }: Telemetry): RecordFeature[] {
  return [
    ...(accessLogs?.kind === 'enabled' ? (['accessLogs'] as const) : []),
    ...(metrics.some(({ disabled }) => disabled !== true) ? (['metrics'] as const) : []),
    ...(tracing?.kind === 'enabled' ? (['tracing'] as const) : []),
  ];
}

/** All that settings speak of. */
export function featuresOf({ accessLogs, metrics, tracing }: Telemetry): RecordFeature[] {
  return [
    ...(accessLogs ? (['accessLogs'] as const) : []),
    ...(metrics.length > 0 ? (['metrics'] as const) : []),
    ...(tracing ? (['tracing'] as const) : []),
  ];
}

/** Of it, what ztunnel does not record, so that requests to ambient pods need a waypoint. */
export function recordsBeyondZtunnel(telemetry: Telemetry, { settings }: Cluster): RecordFeature[] {
  return recordsOf(telemetry).filter((feature) => notRecorded(feature, 'ztunnel', settings.istio) !== undefined);
}
