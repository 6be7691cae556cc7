import type { Span } from '../diagnostics/diagnostic.js';
import type { GatewayDeployment, WantedListener } from '../parse/traffic/listeners.js';
import type { Disruption } from '../parse/waypoints.js';
import type { Origin } from './resolved.js';

/** A Gateway of Gateway API that traffic settings describe and no manifest has: Ambit writes it. */
export interface PlannedGateway {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** The control plane that is to serve it. */
  readonly revision: string;
  readonly listeners: readonly WantedListener[];
  readonly deployment: PlannedDeployment;
  /** The settings that describe it, and where they name it. */
  readonly origin: Origin;
  readonly span: Span;
}

/** How Istio is to deploy it; `undefined`: as it does by itself. */
export interface PlannedDeployment {
  readonly className: string;
  readonly service: GatewayDeployment['service'];
  readonly replicas: number | undefined;
  readonly maxReplicas: number | undefined;
  readonly disruption: Disruption | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
