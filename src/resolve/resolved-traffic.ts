import type { Located, Span } from '../diagnostics/diagnostic.js';
import type { EndpointSettings, PortEndpoints } from '../parse/traffic/endpoints.js';
import type {
  Cors,
  Fault,
  HeaderChanges,
  LimitKey,
  NamedPatterns,
  Redirect,
  Response,
  Retries,
  Rewrite,
  TextPattern,
} from '../parse/traffic/settings.js';
import type { GatewayFront, Listener, ServicePort } from '../topology/model.js';
import type { Destination, Origin } from './resolved.js';

/** Traffic settings with their names bound. */
export interface ResolvedTraffic {
  readonly origin: Origin;
  /** In every cluster that has the service. */
  readonly destinations: readonly Destination[];
  /** Those that a route names, sorted. */
  readonly versions: readonly ResolvedVersion[];
  /** In the order in which they are tried; a request that none matches is answered 404. Empty: nothing is said of routes. */
  readonly routes: readonly ResolvedRoute[];
  /** How pods are chosen, and how much is asked of them. */
  readonly endpoints: ResolvedEndpoints;
  /** How many requests each proxy in front of the pods lets through. */
  readonly limits: readonly ResolvedRateLimit[];
  readonly acceptsExtensions: boolean;
  /** By which gateway requests to a host leave the mesh; `undefined`: by none. */
  readonly through: WayOut | undefined;
  /** The namespaces for whose sidecars and gateways alone this is, with its own, sorted; `undefined`: for all. */
  readonly readers: readonly string[] | undefined;
}

export interface WayOut {
  readonly hops: readonly GatewayHop[];
  readonly span: Span;
}

/** How what is for one port of a host comes to a gateway. */
export interface GatewayHop {
  readonly gateway: GatewayObject;
  readonly port: ServicePort;
  readonly listener: Listener;
  readonly front: GatewayFront;
}

export interface ResolvedRateLimit {
  readonly origin: Origin;
  readonly requests: number;
  readonly milliseconds: number;
  /** `undefined`: every request counts. */
  readonly match: RouteMatch | undefined;
  /** Who counts for all proxies together; `undefined`: each proxy counts by itself. */
  readonly through: LimitService | undefined;
  /** What has a count of its own there; empty: all requests together. */
  readonly by: readonly LimitKey[];
}

/** A Service that counts for many proxies. */
export interface LimitService {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly port: number;
  readonly domain: string;
  /** How long a proxy waits for an answer, in milliseconds; `undefined`: as long as Envoy does by itself. */
  readonly timeout: number | undefined;
  /** Whether requests are refused where no answer comes. */
  readonly refuses: boolean;
}

/** How many requests the pods of some gateways let through. */
export interface ResolvedGatewayLimits {
  readonly origin: Origin;
  /** One in each cluster that has it. */
  readonly gateways: readonly GatewayObject[];
  readonly limits: readonly ResolvedRateLimit[];
  readonly acceptsExtensions: boolean;
}

/** Settings for every port, and in their place those of single ports, whole. */
export interface ResolvedEndpoints {
  readonly whole: EndpointSettings;
  readonly ports: ReadonlyArray<Pick<PortEndpoints, 'port' | 'settings'>>;
}

/** What is done with the requests from outside that come to a gateway for some hosts. */
export interface ResolvedGatewayTraffic {
  readonly origin: Origin;
  /** One in each cluster that has it. */
  readonly gateways: readonly GatewayObject[];
  readonly hosts: ReadonlyArray<Located<string>>;
  readonly routes: readonly ResolvedRoute[];
  readonly connections: readonly ResolvedConnections[];
}

/** Where a gateway leads connections of which it reads no requests. */
export interface ResolvedConnections {
  /** It asks for nothing, and forwards. */
  readonly route: ResolvedRoute;
  /** That of the listeners; `undefined`: all that pass TLS for the names through. */
  readonly port: number | undefined;
  /** The names that clients ask for in the handshake of TLS; empty where the port alone tells. */
  readonly serverNames: readonly string[];
  readonly span: Span;
}

/** A Gateway as routes name it: of Gateway API, or Istio's own. */
export interface GatewayObject {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly api: 'gateway-api' | 'istio';
  /** What it declares, at the proxies that serve it. */
  readonly listeners: readonly Listener[];
}

export interface ResolvedVersion {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `undefined`: those of the whole Service. */
  readonly endpoints: ResolvedEndpoints | undefined;
}

export interface ResolvedRoute {
  readonly origin: Origin;
  /** One of them must match. Empty: every request. */
  readonly matches: readonly RouteMatch[];
  readonly action: RouteAction;
  readonly rewrite: Rewrite | undefined;
  readonly headers: HeaderChanges | undefined;
  readonly mirrors: readonly RouteMirror[];
  readonly timeout: Located<string> | undefined;
  readonly retries: Retries | undefined;
  readonly faults: readonly Fault[];
  readonly cors: Cors | undefined;
}

/** What a request must look like: every field that is not empty, by one of its values. */
export interface RouteMatch {
  /** Names that clients ask for in the handshake of TLS; for connections alone. */
  readonly serverNames: ReadonlyArray<Located<string>>;
  /** Those of the settings' hosts, at a gateway. */
  readonly hosts: ReadonlyArray<Located<string>>;
  readonly paths: readonly TextPattern[];
  /** Whether upper and lower case of `paths` are one. */
  readonly ignoreCase: boolean;
  readonly methods: readonly string[];
  readonly headers: readonly NamedPatterns[];
  readonly query: readonly NamedPatterns[];
  /** A port of the Service, by name or number. */
  readonly port: string | number | undefined;
  /** Headers of which none may have one of the values; an absent one has none. */
  readonly except: readonly NamedPatterns[];
  readonly span: Span;
}

export type RouteAction =
  | {
      readonly kind: 'forward';
      readonly backends: readonly RouteBackend[];
      /** Whether a rollout controller changes the weights, which then are those to start with. */
      readonly weights?: 'External';
    }
  | { readonly kind: 'redirect'; readonly redirect: Redirect }
  | { readonly kind: 'respond'; readonly response: Response };

/** Where requests go: the Service or host as a whole, one of its versions, another Service, or a host outside the mesh. */
export type RoutePlace =
  | { readonly kind: 'self' }
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'version'; readonly version: string }
  | {
      readonly kind: 'service';
      readonly namespace: string;
      readonly name: string;
      /** One of its versions, as its own settings define them; `undefined`: the Service as a whole. */
      readonly version: string | undefined;
      /** Whether it has a virtual IP in every cluster. */
      readonly hasVip: boolean;
    };

export interface RouteBackend {
  readonly place: RoutePlace;
  /** A port there, by name or number; `undefined`: the one that was asked. */
  readonly port: string | number | undefined;
  readonly weight: number;
  readonly span: Span;
}

export interface RouteMirror extends Omit<RouteBackend, 'weight'> {
  readonly percent: number;
}
