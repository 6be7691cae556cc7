import type { Telemetry } from '../parse/traffic/telemetry.js';
import type { BoundScope, Destination, Origin } from './resolved.js';
import type { GatewayObject } from './resolved-traffic.js';

/** What proxies of a scope record. */
export interface ResolvedTelemetry {
  readonly origin: Origin;
  readonly scope: TelemetryScope;
  readonly telemetry: Telemetry;
  /** The Service or workload in each cluster that has it; empty for other scopes. */
  readonly destinations: readonly Destination[];
  /** The gateway in each cluster that has it; empty for other scopes. */
  readonly gateways: readonly GatewayObject[];
}

export type TelemetryScope =
  | BoundScope
  | { readonly kind: 'gateway'; readonly namespace: string; readonly name: string };

/** From the widest to the nearest. */
export const telemetryNearness = { mesh: 0, namespace: 1, service: 2, workload: 2, gateway: 2 } as const;

/** Whether one scope holds all of another, and something beside. */
export function isWiderScope(wide: TelemetryScope, near: TelemetryScope): boolean {
  if (wide.kind === 'mesh') return near.kind !== 'mesh';
  if (wide.kind !== 'namespace' || near.kind === 'mesh' || near.kind === 'namespace') return false;
  return wide.namespace === near.namespace;
}
