import type { RouteForm, RoutingPoint } from '../dataplanes/traffic.js';
import type { Span } from '../diagnostics/diagnostic.js';
import type { Acceptance, AcceptedGap } from '../parse/acceptance.js';
import type { Condition, Effect, MtlsMode } from '../parse/ast.js';
import type { EndpointSettings } from '../parse/endpoint-settings.js';
import type { Caller, Destination, DestinationPort, Origin, RuleId, Setting } from '../resolve/resolved.js';
import type {
  GatewayObject,
  ResolvedGatewayTraffic,
  ResolvedRoute,
  ResolvedTraffic,
  RouteBackend,
} from '../resolve/resolved-traffic.js';
import type { Service, Topology } from '../topology/model.js';

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
}

export interface DestinationPolicy {
  readonly destination: Destination;
  /** The nearest default; `undefined` where no settings give one, which means Allow. */
  readonly default: Setting<Effect> | undefined;
  readonly mtls: Setting<MtlsMode> | undefined;
  readonly obligations: readonly Obligation[];
  /** Ports that stay open to named callers without mTLS. */
  readonly plaintext: readonly Obligation[];
  readonly traffic: ResolvedTraffic | undefined;
  /** The waypoint in front of it: an existing one, or one that planning adds. */
  readonly waypoint: WaypointChoice | undefined;
}

type Layer = 'L4' | 'L7';

/** One rule, for one destination. */
export interface Obligation {
  readonly origin: Origin;
  readonly effect: Effect;
  readonly callers: readonly Caller[];
  /** `undefined`: every port. */
  readonly ports: readonly DestinationPort[] | undefined;
  readonly conditions: readonly Condition[];
  readonly named: boolean;
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
  readonly waypoints: readonly PlannedWaypoint[];
  readonly enrolments: readonly Enrolment[];
  readonly routes: readonly PlacedRoute[];
  readonly gatewayRoutes: readonly PlacedGatewayRoute[];
  readonly grants: readonly PlacedGrant[];
  readonly destinationRules: readonly PlacedDestinationRule[];
  /** The Services that stand for versions, and are Ambit's to emit. */
  readonly versionServices: readonly PlacedVersionService[];
  /** What the mesh leaves open of it, and somebody accepts. */
  readonly acceptedGaps: readonly AcceptedGap[];
}

/** Where a policy attaches, in Istio's own terms. */
export type Attachment =
  | { readonly kind: 'selector'; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: 'namespace' }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'gateway'; readonly name: string }
  | { readonly kind: 'gateway-class'; readonly name: string };

/** `guard`: closes the ways around a waypoint, and must be applied after traffic goes through it. */
type PolicyRole = 'rules' | 'guard' | 'default';

export interface PlacedPolicy {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly attachment: Attachment;
  readonly effect: Effect;
  readonly role: PolicyRole;
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
  readonly notServiceAccounts?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly ipBlocks?: readonly string[];
  readonly notIpBlocks?: readonly string[];
}

export interface PlacedPeerAuthentication {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** `undefined`: the whole namespace, or the mesh in the root namespace. */
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly mode: MtlsMode;
  /** Pod ports that stay open to plaintext. */
  readonly permissivePorts: readonly number[];
  readonly purpose: string;
  readonly origins: readonly Origin[];
}

export interface PlannedWaypoint {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly revision: string;
  readonly because: readonly string[];
  readonly origins: readonly Origin[];
}

/** Labels and annotations that an existing Service needs; only these are Ambit's. */
export interface Enrolment {
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly purpose: string;
  readonly origins: readonly Origin[];
}

/** How one service's requests are routed, in the form that its callers obey. */
export interface PlacedRoute {
  readonly destination: Destination;
  /** Who decides for the callers that this is written for: a waypoint where one of them comes through it. */
  readonly point: RoutingPoint;
  readonly form: RouteForm;
  readonly traffic: ResolvedTraffic;
  /** In the order in which they are written. */
  readonly rules: readonly PlacedRouteRule[];
  /** For its TCP ports, each once. */
  readonly connections: readonly PlacedConnectionRule[];
  /** For an HTTPRoute, which knows Services and no subsets: one Service a version (istio-traffic-topology T-22). */
  readonly backends: readonly VersionService[];
  /** The other Services that it leads to, by `namespace/name`. */
  readonly otherServices: ReadonlyMap<string, Service>;
  readonly why: string;
}

/** How a gateway routes the requests for some hosts. */
export interface PlacedGatewayRoute {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly gateway: GatewayObject;
  /** The listener by its port; `undefined`: every one that admits the hosts. */
  readonly port: number | undefined;
  readonly hosts: readonly string[];
  readonly form: RouteForm;
  readonly origin: Origin;
  readonly rules: readonly PlacedRouteRule[];
  readonly otherServices: ReadonlyMap<string, Service>;
  /** For an HTTPRoute the Services of versions, by `namespace/name version`. */
  readonly otherVersions: ReadonlyMap<string, VersionService>;
}

/** The leave of a namespace for routes of another one to lead to its Services. */
export interface PlacedGrant {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly from: string;
  readonly services: readonly string[];
  readonly origins: readonly Origin[];
}

/** One rule of a route object: what of a route can be said at once. */
export interface PlacedRouteRule {
  readonly route: ResolvedRoute;
  /** One of them must match. Empty: every request. */
  readonly matches: readonly PlacedMatch[];
  /** What becomes of the path, in the words of the form: of what was matched, or of the whole. */
  readonly rewrite: { readonly of: 'matched' | 'whole'; readonly path: string } | undefined;
  /** `undefined` where the object says nothing of them. */
  readonly retries: PlacedRetries | undefined;
}

/** Where connections to one TCP port go. */
export interface PlacedConnectionRule {
  readonly route: ResolvedRoute;
  readonly port: number;
  readonly backends: readonly RouteBackend[];
}

export interface PlacedRetries {
  readonly attempts: number;
  readonly perTryTimeout: string | undefined;
  readonly backoff: string | undefined;
  /** Names of failures and status codes, sorted; empty where nothing is tried again. */
  readonly retryOn: readonly string[];
}

/** A match as the networking APIs have it: one value a field. */
export interface PlacedMatch {
  readonly path: PlacedText | undefined;
  readonly method: string | undefined;
  readonly headers: readonly NamedText[];
  readonly query: readonly NamedText[];
  /** Headers that must not have the value; an absent one does not. */
  readonly without: readonly NamedText[];
  /** The Service's port. */
  readonly port: number | undefined;
}

/** `prefix` is by characters in a VirtualService, and by elements of the path in an HTTPRoute. */
export interface PlacedText {
  readonly kind: 'exact' | 'prefix' | 'regex';
  readonly value: string;
}

export interface NamedText {
  readonly name: string;
  readonly text: PlacedText;
}

/** The Service that stands for one version. */
export interface VersionService {
  readonly version: string;
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
  /** Whether it is among the manifests; if not, Ambit emits it. */
  readonly exists: boolean;
  /** What it has to have of the whole Service's. */
  readonly traits: ServiceTraits;
}

/** A version of a destination as a Service of its own. */
export interface PlacedVersionService {
  readonly destination: Destination;
  readonly origin: Origin;
  readonly version: VersionService;
}

/** How endpoints of a Service are chosen, and by whom: fields, annotations and labels, as far as they are set. */
export interface ServiceTraits {
  readonly spec: Readonly<Record<string, string | boolean | string[]>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** What proxies keep to on the way to one host, and the versions that routes may name there. */
export interface PlacedDestinationRule {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  /** Where the mesh exports less by default, to everybody. */
  readonly exportTo: readonly string[];
  readonly settings: PlacedEndpoints | undefined;
  readonly subsets: readonly PlacedSubset[];
  readonly purpose: string;
  /** What a reader of the object should know beside. */
  readonly notes: readonly string[];
  readonly origins: readonly Origin[];
}

export interface PlacedSubset {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `undefined`: those of the host. */
  readonly settings: PlacedEndpoints | undefined;
}

/** Settings for every port, and for single ports the whole of what holds there: a port takes nothing from the others (T-45). */
export interface PlacedEndpoints {
  readonly whole: PortSettings;
  readonly ports: ReadonlyArray<PortSettings & { readonly port: number }>;
}

/** Settings, and what the ports carry for which they are. */
export interface PortSettings {
  readonly settings: EndpointSettings;
  readonly carries: { readonly requests: boolean; readonly bytes: boolean };
}

/** Every rule that a placed IR claims to realise, by its id. */
export function realisedRules(placed: PlacedIr): ReadonlyMap<RuleId, Origin> {
  const origins = [
    ...placed.policies.flatMap(({ rules, origins }) => [...origins, ...rules.flatMap((rule) => rule.origins)]),
    ...placed.peerAuthentications.flatMap(({ origins }) => origins),
    ...[...placed.routes, ...placed.gatewayRoutes].flatMap(({ rules }) => rules.map(({ route }) => route.origin)),
    ...placed.destinationRules.flatMap(({ origins }) => origins),
    ...placed.versionServices.map(({ origin }) => origin),
    ...placed.routes.flatMap(({ connections }) => connections.map(({ route }) => route.origin)),
  ];
  return new Map(origins.map((origin) => [origin.id, origin]));
}
