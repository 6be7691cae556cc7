import { asObject, asText } from '../json.js';
import type { Point } from '../policies/attach.js';
import type { Entry } from './telemetry-object.js';

/** Whether a proxy records a request as it comes in, or as it is sent. */
export type Side = 'SERVER' | 'CLIENT';

/** A sidecar does both; a waypoint counts as a server alone, and a gateway as a client (T-72). */
export function sidesOf({ kind }: Point): readonly Side[] {
  if (kind === 'gateway') return ['CLIENT'];
  return kind === 'waypoint' ? ['SERVER'] : ['SERVER', 'CLIENT'];
}

/** Whether an entry is for a side. */
export function isFor({ value }: Pick<Entry, 'value'>, side: Side): boolean {
  const mode = asText(asObject(value.match)?.mode) ?? 'CLIENT_AND_SERVER';
  return mode === 'CLIENT_AND_SERVER' || mode === side;
}
