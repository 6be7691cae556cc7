import type { Effect, Inheritance, MtlsMode } from '../parse/ast.js';
import type { Topology } from '../topology/model.js';
import type { PlannedGateway } from './planned-gateway.js';
import type { ResolvedRule, Setting } from './resolved.js';
import type { ResolvedCompanions } from './resolved-companions.js';
import type { ResolvedEgress } from './resolved-egress.js';
import type { ResolvedExports } from './resolved-exports.js';
import type { ResolvedGatewaySecurity } from './resolved-gateway-security.js';
import type { ResolvedGuardrail } from './resolved-guardrail.js';
import type { ResolvedReachability } from './resolved-reachability.js';
import type { ResolvedTelemetry } from './resolved-telemetry.js';
import type { ResolvedGatewayLimits, ResolvedGatewayTraffic, ResolvedTraffic } from './resolved-traffic.js';
import type { OutsideHosts } from './traffic/outside/outside-hosts.js';
import type { WaypointPolicies } from './waypoints/waypoint-policies.js';

/** The intents with every name bound to what the topology holds. */
export interface Resolved {
  readonly topology: Topology;
  readonly rules: readonly ResolvedRule[];
  readonly defaults: ReadonlyArray<Setting<Effect>>;
  readonly mtls: ReadonlyArray<Setting<MtlsMode>>;
  /** What becomes of the rules of wider scopes, where it is anything else than being added up. */
  readonly inheritances: ReadonlyArray<Setting<Inheritance>>;
  readonly plaintext: readonly ResolvedRule[];
  /** What is marked for access logs: rules that decide nothing, and are read as denials are. */
  readonly audits: readonly ResolvedRule[];
  /** What may be called outside the mesh, where not everything may. */
  readonly egress: readonly ResolvedEgress[];
  /** Where NetworkPolicies are asked for beside what Istio enforces. */
  readonly companions: readonly ResolvedCompanions[];
  readonly traffic: readonly ResolvedTraffic[];
  readonly gatewayTraffic: readonly ResolvedGatewayTraffic[];
  readonly gatewayLimits: readonly ResolvedGatewayLimits[];
  readonly gatewaySecurity: readonly ResolvedGatewaySecurity[];
  readonly outsideHosts: OutsideHosts;
  readonly plannedGateways: readonly PlannedGateway[];
  readonly reachability: readonly ResolvedReachability[];
  readonly telemetry: readonly ResolvedTelemetry[];
  readonly exports: readonly ResolvedExports[];
  readonly guardrails: readonly ResolvedGuardrail[];
  /** Where waypoints are to stand that are planned. */
  readonly waypoints: WaypointPolicies;
}
