import type { Located, Span } from '../../diagnostics/diagnostic.js';
import type { OutsidePort } from './outside.js';

/** How the pods behind a Service are chosen, and how much is asked of them: what proxies keep to on the way there. */
export interface EndpointSettings {
  readonly balance?: Balance;
  readonly affinity?: Affinity;
  readonly locality?: Locality;
  readonly connections?: Connections;
  readonly outliers?: Outliers;
  readonly tls?: BackendTls;
}

/** Settings of one port, in place of those for the whole field by field. */
export interface PortEndpoints {
  readonly port: Located<string | number>;
  readonly settings: EndpointSettings;
  /** For a host outside the mesh, which no Service declares. */
  readonly declared: OutsidePort | undefined;
}

export type Algorithm = 'LeastRequest' | 'RoundRobin' | 'Random' | 'PassThrough';

export interface Balance {
  readonly algorithm?: Located<Algorithm>;
  /** How long the share of a new pod grows. */
  readonly warmup?: Located<string>;
}

/** What is equal in all requests that go to the same pod. */
export interface Affinity {
  readonly by:
    | { readonly kind: 'header' | 'query'; readonly name: string }
    | { readonly kind: 'cookie'; readonly name: string; readonly path?: string; readonly ttl?: string }
    | { readonly kind: 'sourceIP' };
  readonly span: Span;
}

/** Which pods come first by where they run. */
export type Locality = (
  | { readonly kind: 'disabled' }
  | { readonly kind: 'prefer'; readonly near: 'SameZone' | 'SameNode' }
  | { readonly kind: 'failover'; readonly pairs: readonly FailoverPair[] }
  | { readonly kind: 'failoverBy'; readonly labels: readonly string[] }
  | { readonly kind: 'distribute'; readonly shares: readonly LocalityShares[] }
) & { readonly span: Span };

export interface FailoverPair {
  readonly from: Located<string>;
  readonly to: Located<string>;
}

/** How requests from one locality are shared out among localities, in percent. */
export interface LocalityShares {
  readonly from: Located<string>;
  readonly to: Readonly<Record<string, number>>;
}

export interface Connections {
  readonly maxConnections?: Located<number>;
  readonly maxPending?: Located<number>;
  readonly maxRequests?: Located<number>;
  readonly maxRequestsPerConnection?: Located<number>;
  readonly maxStreams?: Located<number>;
  readonly maxRetries?: Located<number>;
  readonly connectTimeout?: Located<string>;
  readonly idleTimeout?: Located<string>;
  readonly maxDuration?: Located<string>;
  readonly keepAlive?: Located<KeepAlive>;
  readonly retryBudget?: Located<RetryBudget>;
  readonly http2KeepAlive?: Located<Http2KeepAlive>;
  /** Whether requests of HTTP/1.1 are sent on as HTTP/2. */
  readonly http2?: Located<boolean>;
}

export interface KeepAlive {
  readonly idle?: string;
  readonly interval?: string;
  readonly probes?: number;
}

/** How many retries there may be at once, in percent of the requests, and how many always. */
export interface RetryBudget {
  readonly percent?: number;
  readonly minConcurrent?: number;
}

/** How often a connection of HTTP/2 is asked whether it lives, and how long an answer may take. */
export interface Http2KeepAlive {
  readonly interval: string;
  readonly timeout: string;
}

export type Sensitivity = 'Low' | 'Medium' | 'High';

/** When a pod that fails gets no more requests for a while. */
export interface Outliers {
  readonly sensitivity?: Located<Sensitivity>;
  readonly consecutive5xx?: Located<number>;
  readonly consecutiveGatewayErrors?: Located<number>;
  readonly consecutiveLocalFailures?: Located<number>;
  readonly interval?: Located<string>;
  readonly ejectFor?: Located<string>;
  readonly maxEjectedPercent?: Located<number>;
  readonly minHealthPercent?: Located<number>;
}

/** TLS of the pods' own, which callers begin. */
export interface BackendTls {
  readonly mode: 'Simple' | 'Mutual';
  /** A Secret beside the proxy that reads it. */
  readonly credential?: string;
  /** Files in the proxy that reads them. */
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly serverName?: string;
  readonly subjectAltNames?: readonly string[];
  readonly insecureSkipVerify?: boolean;
  readonly span: Span;
}
