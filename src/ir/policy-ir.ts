import type { PeerMode } from '../dataplanes/peer-modes.js';
import type { Span } from '../diagnostics/diagnostic.js';
import type { Acceptance, AcceptedGap } from '../parse/acceptance.js';
import type { Condition, Effect, MtlsMode, Pin } from '../parse/ast.js';
import type { TokenIssuer } from '../parse/tokens/token-issuer.js';
import type { PlannedGateway } from '../resolve/planned-gateway.js';
import type { Caller, Destination, DestinationPort, Origin, RuleId, Setting } from '../resolve/resolved.js';
import type { ResolvedCompanions } from '../resolve/resolved-companions.js';
import type { ResolvedEgress } from '../resolve/resolved-egress.js';
import type { ResolvedExports } from '../resolve/resolved-exports.js';
import type { ResolvedGatewaySecurity } from '../resolve/resolved-gateway-security.js';
import type { ResolvedReachability } from '../resolve/resolved-reachability.js';
import type { ResolvedTelemetry } from '../resolve/resolved-telemetry.js';
import type { ResolvedGatewayLimits, ResolvedGatewayTraffic, ResolvedTraffic } from '../resolve/resolved-traffic.js';
import type { OutsideHosts } from '../resolve/traffic/outside/outside-hosts.js';
import type { WaypointPlace, WaypointPods, WaypointPolicies } from '../resolve/waypoints/waypoint-policies.js';
import type { Topology } from '../topology/model.js';
import { oncePerObject } from '../util/once.js';
import type { Attachment } from './attachment.js';
import type { PlacedLimitConfig, PlacedRateLimits } from './placed-limits.js';
import type { PlacedNetworkPolicy } from './placed-network-policy.js';
import type { PlacedSidecar } from './placed-sidecar.js';
import type { PlacedTelemetry } from './placed-telemetry.js';
import type {
  PlacedDestinationRule,
  PlacedEgress,
  PlacedGatewayConnections,
  PlacedGatewayRoute,
  PlacedGrant,
  PlacedRoute,
  PlacedServiceEntry,
  PlacedVersionService,
} from './placed-traffic.js';

/** What must hold, destination by destination; nothing is said yet about where it is enforced. */
export interface PolicyIr {
  readonly topology: Topology;
  /** Sorted by the destination's id. */
  readonly destinations: readonly DestinationPolicy[];
  /** Defaults and mTLS modes of the mesh and of namespaces, which protect also what no manifest shows. */
  readonly defaults: ReadonlyArray<Setting<Effect>>;
  readonly mtls: ReadonlyArray<Setting<MtlsMode>>;
  /** What gateways do with requests from outside. */
  readonly gatewayTraffic: readonly ResolvedGatewayTraffic[];
  /** How many requests gateways let through. */
  readonly gatewayLimits: readonly ResolvedGatewayLimits[];
  /** Who may call gateways. */
  readonly gatewaySecurity: readonly ResolvedGatewaySecurity[];
  readonly outsideHosts: OutsideHosts;
  /** What may be called outside the mesh, where not everything may. */
  readonly egress: readonly ResolvedEgress[];
  readonly companions: readonly ResolvedCompanions[];
  /** Those that Ambit writes; the topology holds them already. */
  readonly plannedGateways: readonly PlannedGateway[];
  /** What sidecars are to know of the mesh. */
  readonly reachability: readonly ResolvedReachability[];
  /** What proxies of each scope record. */
  readonly telemetry: readonly ResolvedTelemetry[];
  /** Whose routes and settings are exported to callers alone. */
  readonly exports: readonly ResolvedExports[];
  /** Where waypoints are to stand that are planned. */
  readonly waypoints: WaypointPolicies;
}

export interface DestinationPolicy {
  readonly destination: Destination;
  /** The nearest default; `undefined` where no settings give one, which means Allow. */
  readonly default: Setting<Effect> | undefined;
  readonly mtls: Setting<MtlsMode> | undefined;
  readonly obligations: readonly Obligation[];
  /** Whom rules for other destinations let in to the same pods, whichever Service leads there. */
  readonly podCallers: readonly Caller[];
  /** Ports that stay open to named callers without mTLS. */
  readonly plaintext: readonly Obligation[];
  /** What is marked for access logs. */
  readonly audits: readonly Obligation[];
  readonly traffic: ResolvedTraffic | undefined;
  /** What is recorded of the Service itself, whatever wider scopes say. */
  readonly telemetry: ResolvedTelemetry | undefined;
  /** The waypoint in front of it: an existing one, or one that planning adds. */
  readonly waypoint: WaypointChoice | undefined;
}

type Layer = 'L4' | 'L7';

/** One rule, for one destination. */
export interface Obligation {
  readonly origin: Origin;
  /** The rules of wider scopes that allow the same: the obligation is what they have in common. */
  readonly within: readonly Origin[];
  readonly effect: Effect;
  /** The extension provider that is asked; a denial unless that one lets pass. */
  readonly authorizer: string | undefined;
  readonly callers: readonly Caller[];
  /** `undefined`: every port. */
  readonly ports: readonly DestinationPort[] | undefined;
  /** What is not meant of every port; none where ports are given. */
  readonly exceptPorts: readonly DestinationPort[];
  readonly conditions: readonly Condition[];
  /** Whose tokens have to be validated where it is decided. */
  readonly issuers: readonly TokenIssuer[];
  readonly named: boolean;
  /** Where it has to be decided; absent: wherever it can. */
  readonly pin?: Pin;
  readonly accept: readonly Acceptance[];
  readonly layer: Layer;
  readonly span: Span;
}

export interface WaypointChoice {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  /** Whether it exists already; if not, Ambit emits it. */
  readonly exists: boolean;
  /** Whether the destination is bound to an existing one already; if not, Ambit emits the enrolment label. */
  readonly bound: boolean;
  /** Whether ingress gateways must come through it too. */
  readonly ingress: boolean;
  /** Why it is needed: one sentence a cause. */
  readonly because: readonly string[];
}

/** What must hold, with the place where each part of it is enforced. One item becomes one manifest. */
export interface PlacedIr {
  readonly topology: Topology;
  readonly policies: readonly PlacedPolicy[];
  readonly peerAuthentications: readonly PlacedPeerAuthentication[];
  readonly requestAuthentications: readonly PlacedRequestAuthentication[];
  readonly waypoints: readonly PlannedWaypoint[];
  readonly enrolments: readonly Enrolment[];
  readonly routes: readonly PlacedRoute[];
  readonly plannedGateways: readonly PlannedGateway[];
  /** Those of hosts that requests come to by a gateway. */
  readonly egress: readonly PlacedEgress[];
  readonly gatewayRoutes: readonly PlacedGatewayRoute[];
  readonly gatewayConnections: readonly PlacedGatewayConnections[];
  readonly grants: readonly PlacedGrant[];
  readonly destinationRules: readonly PlacedDestinationRule[];
  readonly serviceEntries: readonly PlacedServiceEntry[];
  readonly sidecars: readonly PlacedSidecar[];
  readonly networkPolicies: readonly PlacedNetworkPolicy[];
  /** The Services that stand for versions, and are Ambit's to emit. */
  readonly versionServices: readonly PlacedVersionService[];
  readonly telemetry: readonly PlacedTelemetry[];
  readonly limits: readonly PlacedRateLimits[];
  readonly limitConfigs: readonly PlacedLimitConfig[];
  /** What the mesh leaves open of it, and somebody accepts. */
  readonly acceptedGaps: readonly AcceptedGap[];
}

/** `guard`: closes the ways around a waypoint, and must be applied after traffic goes through it. */
type PolicyRole = 'rules' | 'guard' | 'default';

export interface PlacedPolicy {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly attachment: Attachment;
  /** `Audit` decides nothing. */
  readonly effect: Effect | 'Audit';
  /** The extension provider that is asked about whatever the rules mean. */
  readonly authorizer?: string;
  readonly role: PolicyRole;
  /** Whether it is only watched: it decides nothing, and is called after the policy that would. */
  readonly isWatched?: true;
  /** One line for a reader of the YAML: what this object is for, and where it is decided. */
  readonly purpose: string;
  readonly rules: readonly PlacedRule[];
  /** The settings behind a policy that has no rules of its own (defaults). */
  readonly origins: readonly Origin[];
}

export interface PlacedRule {
  /** The intents that it realises. */
  readonly origins: readonly Origin[];
  /** `undefined`: any source. */
  readonly sources: readonly SourceMatch[] | undefined;
  /** `undefined`: any port. */
  readonly ports: readonly number[] | undefined;
  /** Every port but these; excludes `ports`. */
  readonly notPorts?: readonly number[];
  readonly conditions: readonly Condition[];
  /** Why it is enforced here, and what was accepted; printed above the rule. */
  readonly why: readonly string[];
}

/** One `source` of an AuthorizationPolicy: its fields are ANDed, the values of one field ORed. */
export interface SourceMatch {
  readonly principals?: readonly string[];
  readonly notPrincipals?: readonly string[];
  readonly serviceAccounts?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly notNamespaces?: readonly string[];
  readonly ipBlocks?: readonly string[];
  readonly remoteIpBlocks?: readonly string[];
  readonly notIpBlocks?: readonly string[];
  readonly notRemoteIpBlocks?: readonly string[];
}

export interface PlacedPeerAuthentication {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** `undefined`: the whole namespace, or the mesh in the root namespace. */
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly mode: PeerMode;
  /** Pod ports that stay open to plaintext. */
  readonly permissivePorts: readonly number[];
  readonly purpose: string;
  readonly origins: readonly Origin[];
}

/** Whose tokens are validated at one place. */
export interface PlacedRequestAuthentication {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly attachment: Attachment;
  readonly issuers: readonly TokenIssuer[];
  readonly purpose: string;
  readonly origins: readonly Origin[];
}

export interface PlannedWaypoint {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly revision: string;
  /** The Services behind it, as `namespace/name`. */
  readonly services: readonly string[];
  /** The namespaces whose objects it admits. */
  readonly admits: readonly string[];
  readonly placement: WaypointPlace['kind'];
  readonly pods: WaypointPods;
  readonly because: readonly string[];
  readonly origins: readonly Origin[];
}

/** Labels and annotations that an existing Service or ServiceEntry needs; only these are Ambit's. */
export interface Enrolment {
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: 'Service' | 'ServiceEntry';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly purpose: string;
  readonly origins: readonly Origin[];
}

/** Every rule that a placed IR claims to realise, by its id. */
export function realisedRules(placed: PlacedIr): ReadonlyMap<RuleId, Origin> {
  const origins = new Map<RuleId, Origin>();
  const add = (realised: readonly Origin[]) => {
    for (const origin of realised) origins.set(origin.id, origin);
  };
  for (const policy of placed.policies) add(originsOf(policy));
  for (const each of placed.peerAuthentications) add(each.origins);
  add([
    ...placed.requestAuthentications.flatMap(({ origins }) => origins),
    ...[...placed.routes, ...placed.gatewayRoutes].flatMap(({ rules }) => rules.map(({ route }) => route.origin)),
    ...[...placed.destinationRules, ...placed.networkPolicies].flatMap(({ origins }) => origins),
    ...[
      ...placed.versionServices,
      ...placed.serviceEntries,
      ...placed.plannedGateways,
      ...placed.sidecars,
      ...placed.telemetry,
      ...placed.limits,
    ].map(({ origin }) => origin),
    ...placed.gatewayConnections.map(({ route }) => route.origin),
    ...placed.limits.flatMap(({ limits }) => limits.map(({ origin }) => origin)),
    ...placed.egress.flatMap(({ route }) => route.traffic.routes.map(({ origin }) => origin)),
    ...placed.routes.flatMap(({ connections }) => connections.map(({ route }) => route.origin)),
  ]);
  return origins;
}

const originsOf = oncePerObject(({ origins, rules }: PlacedPolicy): readonly Origin[] => [
  ...new Set([...origins, ...rules.flatMap((rule) => rule.origins)]),
]);
