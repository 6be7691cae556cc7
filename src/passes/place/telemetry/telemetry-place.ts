import type { Attachment } from '../../../ir/attachment.js';

/** Where a Telemetry object is written for some proxies. */
export interface TelemetryPlace {
  readonly namespace: string;
  readonly name: string;
  readonly attachment: Attachment;
  /** Whose records it speaks of, and where they are made. */
  readonly of: string;
}
