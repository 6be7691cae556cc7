import type { MeshCluster } from '../../mesh.js';
import type { Abort, Delay, Milliseconds, Mirror, RequestChanges, StatedRetries } from '../route.js';
import type { Place, Setting } from './setting.js';

/** What one proxy of Envoy's does with the requests or connections of one way, defaults filled in. */
export interface EffectiveSettings {
  /** `undefined` for connections, which nobody repeats or answers. */
  readonly request: RequestSettings | undefined;
  /** `undefined` where nothing is sent on, or nothing is known of where it goes. */
  readonly backend: BackendSettings | undefined;
}

/** By the route that decides. */
export interface RequestSettings {
  /** `undefined`: none. */
  readonly timeout: Setting<Milliseconds | undefined>;
  readonly retries: Setting<Retries | undefined>;
  readonly delay: Setting<Delay | undefined>;
  readonly abort: Setting<Pick<Abort, 'percent' | 'status'> | undefined>;
  readonly mirrors: Setting<readonly Omit<Mirror, 'place'>[]>;
  /** What is made of path, host and headers. */
  readonly changes: Setting<RequestChanges>;
  /** What it answers itself, where it does. */
  readonly status: Setting<number | undefined>;
  /** By what the pods of one caller are chosen, as far as they are chosen by anything; several keys count together. */
  readonly affinity: Setting<readonly HashKey[]>;
}

export interface Retries extends StatedRetries {
  readonly avoidsTriedPods: boolean;
}

export type HashKey =
  | { readonly kind: 'header' | 'query'; readonly name: string }
  | { readonly kind: 'cookie'; readonly name: string; readonly path: string; readonly ttl: Milliseconds | undefined }
  | { readonly kind: 'source address' };

/** By the DestinationRules that the proxy obeys for the Service and port that it sends to. */
export interface BackendSettings {
  readonly host: string;
  readonly port: number;
  readonly subset: string | undefined;
  /** Those whose words count, the first of which gives the settings of the whole; empty where there are none. */
  readonly rules: Setting<readonly string[]>;
  readonly algorithm: Setting<Algorithm>;
  readonly warmup: Setting<Milliseconds | undefined>;
  readonly locality: Setting<Locality>;
  readonly limits: Setting<Limits>;
  readonly outliers: Setting<Outliers | undefined>;
  readonly retryBudget: Setting<RetryBudget | undefined>;
  readonly tls: Setting<BackendTls>;
}

export type Algorithm = 'LEAST_REQUEST' | 'ROUND_ROBIN' | 'RANDOM' | 'PASSTHROUGH' | 'RING_HASH' | 'MAGLEV';

/** Which pods come first by where they run. */
export interface Locality {
  readonly mode: 'off' | 'by default' | 'distribute' | 'failover' | 'PreferSameZone' | 'PreferSameNode';
  /** As written: `distribute`, `failover` or `failoverPriority`. */
  readonly detail: string | undefined;
  /** Whether it takes effect: failover needs outlier detection (T-43). */
  readonly isActive: boolean;
}

/** `undefined`: as many, or as long, as there are. */
export interface Limits {
  readonly maxConnections: number | undefined;
  readonly maxPendingRequests: number | undefined;
  readonly maxRequests: number | undefined;
  readonly maxRetries: number | undefined;
  readonly maxRequestsPerConnection: number | undefined;
  readonly maxConcurrentStreams: number | undefined;
  readonly connectTimeout: Milliseconds;
  readonly idleTimeout: Milliseconds | undefined;
  readonly maxConnectionDuration: Milliseconds | undefined;
  readonly keepAlive: KeepAlive | undefined;
  readonly http2KeepAlive: Http2KeepAlive | undefined;
  readonly upgradesToHttp2: boolean;
  readonly usesClientProtocol: boolean;
}

export interface KeepAlive {
  readonly probes?: number | undefined;
  readonly time?: Milliseconds | undefined;
  readonly interval?: Milliseconds | undefined;
}

/** How often connections of HTTP/2 are pinged, and how long an answer may take. */
export interface Http2KeepAlive {
  readonly interval: Milliseconds | undefined;
  readonly timeout: Milliseconds | undefined;
}

export interface Outliers {
  /** `undefined`: they are not counted; likewise below. */
  readonly consecutive5xx: number | undefined;
  readonly consecutiveGatewayErrors: number | undefined;
  readonly consecutiveLocalFailures: number | undefined;
  readonly interval: Milliseconds;
  readonly baseEjectionTime: Milliseconds;
  readonly maxEjectionPercent: number;
  readonly minHealthPercent: number;
}

export interface RetryBudget {
  readonly percent: number;
  readonly minConcurrency: number;
}

/**
 * What is spoken towards the pods: `automatic` is mutual TLS or HBONE where they take it, `HBONE` what a waypoint always
 * speaks to pods of the mesh.
 */
export interface BackendTls {
  readonly mode: 'automatic' | 'HBONE' | 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly serverName: string | undefined;
  /** Absent where nothing is said of them. */
  readonly certificates?: Certificates;
}

/** Which certificate is shown, and whose is taken, as DestinationRules name them. */
export interface Certificates {
  readonly credentialName?: string;
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly subjectAltNames?: readonly string[];
  readonly insecureSkipVerify?: boolean;
}

/** The settings of one proxy on a way. */
export interface HopSettings {
  readonly at: 'sidecar' | 'gateway' | 'waypoint';
  /** The waypoint or gateway; absent for the caller's own sidecar. */
  readonly name: string | undefined;
  /** The rule of a route that decides; absent where none does. */
  readonly rule: Place | undefined;
  readonly settings: EffectiveSettings;
  /** Its cluster with the defaults that it goes by: those of its own control plane. */
  readonly mesh: MeshCluster;
}
