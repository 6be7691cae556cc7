import type { Telemetry } from '../parse/traffic/telemetry.js';
import type { Origin } from '../resolve/resolved.js';
import type { Attachment } from './attachment.js';

/** What some proxies record. */
export interface PlacedTelemetry {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly attachment: Attachment;
  readonly telemetry: Telemetry;
  /** Whether a wider scope switches tracing off, so that it has to be switched on again. */
  readonly resumesTracing: boolean;
  readonly purpose: string;
  readonly origin: Origin;
}
