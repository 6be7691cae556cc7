import type { Located, Span } from '../../diagnostics/diagnostic.js';
import type { EndpointSettings, PortEndpoints } from './endpoints.js';
import type { GatewayDeployment, WantedListener } from './listeners.js';
import type { OutsideHost } from './outside.js';
import type { Reachability } from './reachability.js';
import type { Telemetry } from './telemetry.js';

/** How requests to a Service, to a host outside the mesh or at a gateway are routed, and what callers are given of it. */
export interface TrafficSettings {
  readonly kind: 'TrafficSettings';
  readonly name: Located<string>;
  readonly scope: TrafficScope;
  /** The names by which clients ask a gateway; empty for others. */
  readonly hosts: ReadonlyArray<Located<string>>;
  /** For a gateway that no manifest has; empty for any other. */
  readonly listeners: readonly WantedListener[];
  /** How the gateway that these listeners describe is deployed; `undefined`: as Istio has it. */
  readonly deployment: GatewayDeployment | undefined;
  readonly versions: readonly Version[];
  /** Shares of versions, for settings without routes. */
  readonly split: readonly SplitShare[];
  /** Shares of two versions, that change step by step, of the requests that no route takes. */
  readonly rollout: Rollout | undefined;
  /** `External`: a rollout controller changes the weights, and those that are written are to start with. */
  readonly weights: Located<'External'> | undefined;
  /** In the order in which they are tried. */
  readonly routes: readonly TrafficRoute[];
  /** `NotFound`: requests that no route matches are answered 404, and that is meant. */
  readonly unmatched: Located<'NotFound'> | undefined;
  /** For every route that gives none of its own. */
  readonly timeout: Located<string> | undefined;
  readonly retries: Retries | undefined;
  readonly faults: readonly Fault[] | undefined;
  readonly cors: Cors | undefined;
  /** How pods are chosen and how much is asked of them, on every way to them. */
  readonly endpoints: EndpointSettings;
  readonly ports: readonly PortEndpoints[];
  readonly outside: OutsideHost;
  readonly reachability: Reachability | undefined;
  readonly telemetry: Telemetry | undefined;
  readonly exportTo: ExportTo | undefined;
  readonly limits: readonly RateLimit[];
  /** Whether objects may be written for which Istio makes no promises. */
  readonly acceptsExtensions: boolean;
  /** The names of all that is said beside the scope. */
  readonly fields: ReadonlyArray<Located<string>>;
}

/** To whom what is written is exported. */
export interface ExportTo {
  /** `undefined`: those of the callers. */
  readonly namespaces: ReadonlyArray<Located<string>> | undefined;
  readonly span: Span;
}

/**
 * What traffic settings speak about: requests to a Service or to a host outside the mesh, or those that come to a gateway; what
 * sidecars know and what proxies record also in a namespace, at a workload and in the whole mesh, of which the reference is empty.
 */
export interface TrafficScope {
  readonly kind: 'service' | 'gateway' | 'host' | 'namespace' | 'workload' | 'mesh';
  readonly reference: string;
  /** Where the host is made known; `undefined`: where a ServiceEntry does so already. */
  readonly namespace: Located<string> | undefined;
  readonly span: Span;
}

export interface Retries {
  readonly attempts: number;
  readonly perTryTimeout: Located<string> | undefined;
  /** Names of failures, and status codes. */
  readonly retryOn: readonly string[];
  /** How long the first pause is; each further one is longer. */
  readonly backoff: Located<string> | undefined;
  readonly span: Span;
}

/** A failure that is made on purpose: some requests wait, or are answered with a status. */
export interface Fault {
  readonly name: Located<string>;
  readonly reason: string | undefined;
  readonly delay: Located<string> | undefined;
  readonly abort: Located<number> | undefined;
  /** Of a hundred requests. */
  readonly percent: number;
  /** The last day, as YYYY-MM-DD. */
  readonly until: Located<string> | undefined;
}

/** Which pages of other origins browsers let read the answers. */
export interface Cors {
  readonly origins: readonly TextPattern[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAge: Located<string> | undefined;
  readonly credentials: boolean | undefined;
  readonly span: Span;
}

export interface Version {
  readonly name: Located<string>;
  readonly labels: Readonly<Record<string, string>>;
  /** In place of those for the whole Service, field by field. */
  readonly endpoints: EndpointSettings;
}

export interface SplitShare {
  readonly version: Located<string>;
  readonly weight: number;
}

/** One version takes over from another. */
export interface Rollout {
  readonly from: Located<string>;
  readonly to: Located<string>;
  /** How many of a hundred requests the second gets after each step. */
  readonly steps: ReadonlyArray<Located<number>>;
  /** How many of the steps are taken. */
  readonly step: Located<number>;
  readonly span: Span;
}

/** One way for some of the requests. Exactly one of `to`, `redirect` and `respond` is written. */
export interface TrafficRoute {
  readonly name: Located<string>;
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly ticket: string | undefined;
  /** One of them must match. Empty: every request. */
  readonly match: readonly RequestMatch[];
  readonly to: readonly RouteTarget[] | undefined;
  readonly redirect: Redirect | undefined;
  readonly respond: Response | undefined;
  readonly rewrite: Rewrite | undefined;
  readonly headers: HeaderChanges | undefined;
  readonly mirror: readonly MirrorTarget[];
  readonly timeout: Located<string> | undefined;
  readonly retries: Retries | undefined;
  readonly faults: readonly Fault[] | undefined;
  readonly cors: Cors | undefined;
}

/** How many requests one proxy lets through in a while, or all of them together. */
export interface RateLimit {
  readonly name: Located<string>;
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly ticket: string | undefined;
  readonly requests: number;
  readonly per: Located<string>;
  /** The service that counts for all proxies together; `undefined`: each counts by itself. */
  readonly through: Located<string> | undefined;
  /** What has a count of its own; empty: all requests together. */
  readonly by: readonly LimitKey[];
  /** `undefined`: every request counts. */
  readonly match: RequestMatch | undefined;
}

/** Each value of a header, or each address of a client, as far as a gateway knows it. */
export type LimitKey =
  | { readonly kind: 'header'; readonly name: string; readonly span: Span }
  | { readonly kind: 'address'; readonly span: Span };

/** What a request must look like: every field that is written, by one of its values. */
export interface RequestMatch {
  /** For connections: the names that clients ask for in the handshake of TLS that is passed through. */
  readonly serverNames: ReadonlyArray<Located<string>>;
  /** Those of the settings' hosts, at a gateway. */
  readonly hosts: ReadonlyArray<Located<string>>;
  readonly paths: readonly TextPattern[];
  /** Whether upper and lower case of `paths` are one. */
  readonly ignoreCase: boolean;
  readonly methods: ReadonlyArray<Located<string>>;
  readonly headers: readonly NamedPatterns[];
  readonly query: readonly NamedPatterns[];
  /** gRPC methods as `package.Service/Method`, or a whole `package.Service`. */
  readonly grpc: ReadonlyArray<Located<string>>;
  readonly port: Located<string | number> | undefined;
  /** Headers of which none may have one of the values. */
  readonly except: readonly NamedPatterns[];
  readonly span: Span;
}

export interface NamedPatterns {
  readonly name: Located<string>;
  readonly values: readonly TextPattern[];
}

/** A text as written: `exact`, `prefix*`, `*suffix`, `*` for any, or `{ regex }`, which must match the whole text. */
export interface TextPattern {
  readonly kind: 'exact' | 'prefix' | 'suffix' | 'any' | 'regex';
  /** Without the asterisk. */
  readonly value: string;
  readonly span: Span;
}

/** Where requests go: a version of the Service, another Service, a host outside the mesh, or the Service as a whole. */
export interface RouteTarget {
  readonly kind: 'self' | 'version' | 'service' | 'host';
  /** A version's name, `namespace/name` or a host; empty for `self`. */
  readonly reference: string;
  /** One of another Service's versions, by the name that its settings give it. */
  readonly versionOfOther: Located<string> | undefined;
  readonly port: Located<string | number> | undefined;
  /** In proportion to the others. */
  readonly weight: number;
  readonly span: Span;
}

export interface MirrorTarget extends Omit<RouteTarget, 'weight'> {
  /** How many of a hundred requests are copied. */
  readonly percent: number;
}

export interface Redirect {
  readonly scheme: 'http' | 'https' | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** The whole new path. */
  readonly path: string | undefined;
  readonly status: number;
  readonly span: Span;
}

/** An answer that no Service gives. */
export interface Response {
  readonly status: number;
  readonly body: string | undefined;
  readonly span: Span;
}

export interface Rewrite {
  /** What stands in place of the whole path. */
  readonly path: string | undefined;
  /** What stands in place of what a `paths` prefix matched. */
  readonly prefix: string | undefined;
  readonly host: string | undefined;
  readonly span: Span;
}

export interface HeaderChanges {
  readonly request: HeaderChange | undefined;
  readonly response: HeaderChange | undefined;
}

export interface HeaderChange {
  readonly set: Readonly<Record<string, string>>;
  readonly add: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}
