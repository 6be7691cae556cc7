import type { RouteForm, RoutingPoint } from '../dataplanes/traffic.js';
import type { JsonObject } from '../parse/document.js';
import type { EndpointSettings } from '../parse/traffic/endpoints.js';
import type { Destination, Origin } from '../resolve/resolved.js';
import type {
  GatewayHop,
  GatewayObject,
  ResolvedRoute,
  ResolvedTraffic,
  RouteBackend,
} from '../resolve/resolved-traffic.js';
import type { Service } from '../topology/model.js';

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
  /** What a VirtualService has to say for all who read it to know it. */
  readonly exportTo: readonly string[];
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
  /** What a VirtualService has to say for the gateway to know it. */
  readonly exportTo: readonly string[];
  readonly form: RouteForm;
  readonly origin: Origin;
  readonly rules: readonly PlacedRouteRule[];
  readonly otherServices: ReadonlyMap<string, Service>;
  /** For an HTTPRoute the Services of versions, by `namespace/name version`. */
  readonly otherVersions: ReadonlyMap<string, VersionService>;
}

/** Where a gateway leads connections that it does not read, in an object of their own. */
export interface PlacedGatewayConnections {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly gateway: GatewayObject;
  readonly kind: 'TCPRoute' | 'TLSRoute' | 'VirtualService';
  readonly apiVersion: string;
  /** Of the listeners; `undefined`: all that pass TLS for the names through. */
  readonly port: number | undefined;
  /** The hosts of the listeners, or the names that clients ask for in the handshake of TLS. */
  readonly hosts: readonly string[];
  /** Whether `hosts` are such names, by which connections are told apart. */
  readonly isByName: boolean;
  /** To whom a VirtualService is exported, where it has to be said; empty: to all by default. */
  readonly exportTo: readonly string[];
  readonly route: ResolvedRoute;
  readonly backends: readonly RouteBackend[];
  readonly otherServices: ReadonlyMap<string, Service>;
  readonly otherVersions: ReadonlyMap<string, VersionService>;
}

/** The leave of a namespace for routes of another one to lead to its Services. */
export interface PlacedGrant {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly from: string;
  /** The kind of routes that it is for. */
  readonly kind: string;
  readonly services: readonly string[];
  readonly origins: readonly Origin[];
}

/** One rule of a route object: what of a route can be said at once. */
export interface PlacedRouteRule {
  readonly route: ResolvedRoute;
  /** By which a rollout controller finds it, where the form has names. */
  readonly name?: string;
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
  /** Of a path in a VirtualService. */
  readonly ignoreCase?: true;
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
  /** What a reader of the object should know beside. */
  readonly notes: readonly string[];
}

/** The routes of a host outside the mesh that requests come to by a gateway. */
export interface PlacedEgress {
  readonly route: PlacedRoute;
  readonly gateway: GatewayObject;
  /** The namespace of the gateway's VirtualService; `undefined`: a Gateway of Gateway API has routes of its own kinds. */
  readonly home: string | undefined;
  /** For each port of the host, with the rules that the gateway's VirtualService has for it. */
  readonly hops: ReadonlyArray<GatewayHop & { readonly rules: readonly PlacedRouteRule[] }>;
}

/** The ServiceEntry that makes one host outside the mesh known. */
export interface PlacedServiceEntry {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly spec: JsonObject;
  /** Those that send ambient callers through its waypoint. */
  readonly labels: Readonly<Record<string, string>>;
  readonly purpose: string;
  readonly origin: Origin;
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
